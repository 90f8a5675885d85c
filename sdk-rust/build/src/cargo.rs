//! Cargo: asked what a crate is, and run. The same sources give the same bytes wherever they lie: paths are those of the
//! project, and flags of the machine (`RUSTFLAGS`, wrappers) do not count.

use std::{
    io::{BufRead as _, BufReader, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use aerocall_compiler::diagnostics::Diagnostic;
use serde::Deserialize;

use crate::{
    Hook, NotBuilt, Result,
    messages::{self, Message, Reader},
    problem_codes,
    toolchain::{not_started, run},
};

/// Variables that would make other bytes of the same sources.
const NOT_PASSED_ON: [&str; 4] = [
    "RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "RUSTC_WORKSPACE_WRAPPER",
];
/// The most that is kept of what cargo writes to standard error.
const MAX_SAID_BYTES: usize = 64 << 10;

/// What cargo says of the crate.
#[derive(Debug)]
pub(crate) struct Package {
    manifest: PathBuf,
    pub(crate) workspace: PathBuf,
    /// Folders of the packages of its workspace.
    folders: Vec<PathBuf>,
    /// The file that its library begins in.
    library: PathBuf,
}

/// What a build made.
#[derive(Debug)]
pub(crate) struct Output {
    /// The WebAssembly module or component.
    pub(crate) artifact: PathBuf,
    pub(crate) target_directory: PathBuf,
    pub(crate) warnings: Vec<Diagnostic>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct MetadataPackage {
    manifest_path: PathBuf,
    targets: Vec<MetadataTarget>,
}

#[derive(Deserialize)]
struct MetadataTarget {
    kind: Vec<String>,
    src_path: PathBuf,
}

/// A line of cargo's output.
#[derive(Deserialize)]
struct Line {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    message: Option<Message>,
}

impl Package {
    /// The file that its library begins in, relative to the project.
    pub(crate) fn entry(&self, hook: &Hook<'_>) -> String {
        relative(hook.root, &self.library).unwrap_or_else(|| hook.path.to_owned())
    }
}

/// A path below the project, relative to it with `/`.
pub(crate) fn relative(root: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root).ok()?;
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    Some(parts.join("/"))
}

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for name in NOT_PASSED_ON {
        cargo.env_remove(name);
    }
    cargo.env("CARGO_TERM_COLOR", "never");
    cargo
}

/// A problem of the crate as a whole.
fn about(hook: &Hook<'_>, message: String) -> Diagnostic {
    Diagnostic::about_file(problem_codes::CARGO, message, &format!("{}/Cargo.toml", hook.path))
}

/// What cargo knows of the crate in a directory.
pub(crate) fn package(hook: &Hook<'_>, directory: &Path) -> Result<Package> {
    let manifest = directory.join("Cargo.toml");
    let output = run(cargo(), directory, &["metadata", "--no-deps", "--format-version", "1"])?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(about(hook, messages::of_cargo(&said)).into());
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .map_err(|error| NotBuilt::Environment(format!("`cargo metadata` cannot be read: {error}")))?;
    let mut packages = metadata.packages.iter();
    let Some(own) = packages.find(|package| package.manifest_path == manifest) else {
        let message = "the manifest has no [package]: a hook is a package, and a workspace lists it in `members`";
        return Err(about(hook, message.to_owned()).into());
    };
    let is_library = |target: &&MetadataTarget| target.kind.iter().any(|kind| kind.ends_with("lib"));
    let Some(library) = own.targets.iter().find(is_library) else {
        let message = "the package has no library: a hook is `src/lib.rs`, not `src/main.rs`";
        return Err(about(hook, message.to_owned()).into());
    };
    let folder = |package: &MetadataPackage| package.manifest_path.parent().map(Path::to_path_buf);
    Ok(Package {
        manifest,
        workspace: metadata.workspace_root,
        folders: metadata.packages.iter().filter_map(folder).collect(),
        library: library.src_path.clone(),
    })
}

/// Builds the crate, with the versions of its lock file if it has one.
pub(crate) fn build(hook: &Hook<'_>, package: &Package, progress: &(dyn Fn(&str) + Sync)) -> Result<Output> {
    let target_directory = target_directory(hook);
    let mut command = cargo();
    command
        .args(["rustc", "--release", "--lib", "--crate-type", "cdylib"])
        .args(["--message-format", "json", "--target", hook.target.name()])
        .arg("--manifest-path")
        .arg(&package.manifest)
        .arg("--target-dir")
        .arg(&target_directory)
        .current_dir(&package.workspace)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_ENCODED_RUSTFLAGS", flags(hook, package, &target_directory));
    if package.workspace.join("Cargo.lock").exists() {
        command.arg("--locked");
    }
    let ran = Ran::of(command, progress)?;
    let mut reader = Reader {
        root: hook.root,
        bases: [hook.root, &package.workspace],
        crate_path: hook.path,
        found: Vec::new(),
    };
    let mut artifact = None;
    for line in ran.lines {
        match line.reason.as_str() {
            "compiler-message" => {
                if let Some(message) = line.message {
                    reader.read(&line.manifest_path, message);
                }
            }
            "compiler-artifact" if line.manifest_path == package.manifest => {
                let is_wasm = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "wasm");
                artifact = line.filenames.into_iter().find(is_wasm).or(artifact);
            }
            _ => {}
        }
    }
    let mut found = reader.found;
    aerocall_compiler::diagnostics::sort(&mut found);
    let failed = found.iter().any(Diagnostic::is_error);
    match artifact.filter(|_| ran.succeeded && !failed) {
        Some(artifact) => Ok(Output {
            artifact,
            target_directory,
            warnings: found,
        }),
        None if failed => Err(NotBuilt::Problems(found)),
        None => Err(not_built(hook, &ran.said).into()),
    }
}

/// Cargo failed without a word of the compiler.
fn not_built(hook: &Hook<'_>, said: &str) -> Diagnostic {
    if said.contains("--locked") {
        let message = "Cargo.lock does not fit the manifests: a dependency was added or changed".to_owned();
        return about(hook, message).hint(format!(
            "bring Cargo.lock up to date, and keep it with the project: cargo update --workspace --manifest-path {}/Cargo.toml",
            hook.path
        ));
    }
    let problem = about(hook, messages::of_cargo(said));
    let is_offline = ["download", "registry", "resolve host", "network"]
        .iter()
        .any(|word| said.contains(word));
    match is_offline {
        true => {
            problem.hint("the first build downloads the crates that the hook depends on; later ones need no network")
        }
        false => problem,
    }
}

/// Where cargo writes: `target` of the project, unless the user has a place for all of their builds.
fn target_directory(hook: &Hook<'_>) -> PathBuf {
    let own = std::env::var_os("CARGO_TARGET_DIR").filter(|path| !path.is_empty());
    match own.map(PathBuf::from) {
        Some(path) => std::path::absolute(&path).unwrap_or(path),
        None => hook.root.join("target"),
    }
}

/// Paths in messages of panics are those of the project, as in diagnostics. In a project that is a workspace the flags do not tell
/// where it lies: several such projects can share what is built.
fn flags(hook: &Hook<'_>, package: &Package, target_directory: &Path) -> String {
    let mut flags = Vec::new();
    if package.workspace != hook.root {
        flags.push(remap(&hook.root.join(""), ""));
        flags.extend(
            package
                .folders
                .iter()
                .filter_map(|folder| moved(hook.root, &package.workspace, folder)),
        );
    }
    flags.push(remap(target_directory, "target"));
    flags.extend(home().map(|home| remap(&home, "cargo")));
    // As cargo separates them.
    flags.join("\u{1f}")
}

/// Cargo gives the compiler the paths of a workspace's packages relative to the workspace.
fn moved(root: &Path, workspace: &Path, folder: &Path) -> Option<String> {
    let there = folder.strip_prefix(workspace).ok()?.join("src");
    let here = Path::new(&relative(root, folder)?).join("src");
    Some(remap(&there, &here.to_string_lossy()))
}

fn remap(from: &Path, to: &str) -> String {
    format!("--remap-path-prefix={}={to}", from.display())
}

/// Where cargo keeps the sources of dependencies.
fn home() -> Option<PathBuf> {
    let own = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    own.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))
}

/// A run of cargo.
struct Ran {
    lines: Vec<Line>,
    /// What it wrote to standard error.
    said: String,
    succeeded: bool,
}

impl Ran {
    fn of(mut command: Command, progress: &(dyn Fn(&str) + Sync)) -> Result<Self> {
        let broken = |error: std::io::Error| NotBuilt::Environment(format!("`cargo` cannot be run: {error}"));
        let name = command.get_program().to_string_lossy().into_owned();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| not_started(&name, &error))?;
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let (lines, said) = std::thread::scope(|scope| {
            let said = scope.spawn(|| errors.map_or_else(String::new, |errors| listen(errors, progress)));
            let lines = output.map_or_else(Vec::new, lines);
            (lines, said.join().unwrap_or_default())
        });
        let status = child.wait().map_err(broken)?;
        Ok(Self {
            lines,
            said,
            succeeded: status.success(),
        })
    }
}

/// The lines that are messages of cargo; a build script may print others.
fn lines(output: impl Read) -> Vec<Line> {
    let lines = BufReader::new(output).lines().map_while(std::io::Result::ok);
    lines.filter_map(|line| serde_json::from_str(&line).ok()).collect()
}

/// Reads what cargo says, and tells what of it is progress.
fn listen(errors: impl Read, progress: &(dyn Fn(&str) + Sync)) -> String {
    const VERBS: [&str; 6] = [
        "Compiling",
        "Downloading",
        "Downloaded",
        "Updating",
        "Locking",
        "Blocking",
    ];
    let mut said = String::new();
    for line in BufReader::new(errors).lines().map_while(std::io::Result::ok) {
        if VERBS.iter().any(|verb| line.trim_start().starts_with(verb)) {
            progress(&line);
        } else if said.len() + line.len() < MAX_SAID_BYTES {
            said.push_str(&line);
            said.push('\n');
        }
    }
    said
}
