//! A hook project in a temporary directory, and the binary run in it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// The payload of a sign-up.
pub(crate) const SIGNUP: &str =
    r#"{"user":{"email":"Jane@Example.com","metadata":{}},"provider":"password","client":{}}"#;

/// What a command did.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    /// The document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {}\n{}", self.stdout, self.stderr))
    }

    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The binary, with a cache that the tests share and nothing of the developer's own settings.
pub(crate) fn aerocall(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aerocall"));
    command
        .current_dir(directory)
        .env(
            "AEROCALL_CACHE_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"),
        )
        // Nobody is logged in, unless a test says so.
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env_remove("AEROCALL_SERVER")
        .env_remove("AEROCALL_TOKEN");
    command
}

/// Runs a command in a directory.
pub(crate) fn run(directory: &Path, arguments: &[&str]) -> Done {
    aerocall(directory).args(arguments).output().unwrap().into()
}

/// Runs the hook of a file at a sign-up, whose payload is in `in.json`; the report as a document.
pub(crate) fn run_signup(directory: &Path, file: &str) -> Done {
    let arguments = ["run", file, "--hook", "beforeSignup", "--input", "in.json", "--json"];
    run(directory, &arguments)
}

/// The same with something on standard input.
pub(crate) fn run_with_input(directory: &Path, arguments: &[&str], input: &str) -> Done {
    let mut child = aerocall(directory)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}

/// A directory with these files.
pub(crate) fn project(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

/// The repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Where `tsc` is, or why a test is skipped; with `CI` set, a missing `tsc` fails.
pub(crate) fn tsc() -> Option<PathBuf> {
    let installed = repository().join("sdk-js/package/node_modules/.bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::iter::once(installed)
        .chain(std::env::split_paths(&path))
        .find(|directory| directory.join("tsc").is_file());
    unless_ci(found, "tsc is not installed: run `npm ci` in sdk-js/package")
}

/// `None` is said on standard error, and is a failure where CI runs.
#[expect(
    clippy::print_stderr,
    reason = "whoever runs the tests should see what was not tested"
)]
pub(crate) fn unless_ci<T>(found: Option<T>, missing: &str) -> Option<T> {
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{missing}");
        eprintln!("skipped: {missing}");
    }
    found
}
