//! The binary as a server of one test, that can be killed and started again on its data.

use std::{
    fs::DirBuilder,
    io::{BufRead as _, BufReader, ErrorKind},
    os::unix::fs::{DirBuilderExt as _, symlink},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) use crate::{http_client::agent, until::until};
use crate::{
    http_client::{self, Response},
    support::{Done, aerocall},
};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// The demo project and the keys to it; a server may or may not run on it.
pub(crate) struct Site {
    pub(crate) data: TempDir,
    pub(crate) process: Option<Child>,
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) token: String,
    /// A program, with arguments, that its commands are run through.
    pub(crate) through: Vec<String>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Site {
    /// Nothing runs yet.
    pub(crate) fn empty() -> Self {
        Self {
            data: TempDir::new().unwrap(),
            process: None,
            url: String::new(),
            key: String::new(),
            token: String::new(),
            through: Vec::new(),
        }
    }

    /// Starts for the first time.
    pub(crate) fn new(env: &[(&str, &str)]) -> Self {
        Self::through(TempDir::new().unwrap(), Vec::new(), env)
    }

    /// Starts for the first time in a directory, through a program.
    pub(crate) fn through(data: TempDir, through: Vec<String>, env: &[(&str, &str)]) -> Self {
        let mut site = Self {
            data,
            process: None,
            url: String::new(),
            key: String::new(),
            token: String::new(),
            through,
        };
        let lines = site.spawn(&["serve", "--demo"], env, 5);
        let after = |index: usize, start: &str| lines[index].strip_prefix(start).unwrap().to_owned();
        site.key = after(2, "  publishable key  ");
        site.token = after(4, "  admin token      ");
        site
    }

    /// Starts again, on what the last one left.
    pub(crate) fn start(&mut self, env: &[(&str, &str)]) {
        self.kill();
        self.spawn(&["serve"], env, 1);
    }

    /// SIGKILL, if it runs.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            drop(process.kill());
            drop(process.wait());
        }
    }

    /// SIGTERM, and waits for the end.
    pub(crate) fn terminate(&mut self) {
        self.signal("-TERM");
        self.dies();
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.process.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Waits until it has died by itself.
    pub(crate) fn dies(&mut self) {
        let process = self.process.as_mut().unwrap();
        until(|| process.try_wait().unwrap());
        self.process = None;
    }

    /// A place beside its data.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.data.path().join(name)
    }

    /// The binary with the settings of this server.
    pub(crate) fn on_its_data(&self, arguments: &[&str], env: &[(&str, &str)]) -> Command {
        // Where its data is on another disk, what it compiles is there as well.
        if self.through.is_empty() {
            share_artifacts(&self.data.path().join("data"));
        }
        let mut command = aerocall(self.data.path());
        command
            .args(arguments)
            .env("AEROCALL_LISTEN", "127.0.0.1:0")
            .env("AEROCALL_DATA_DIR", self.data.path().join("data"))
            .env("AEROCALL_PASSWORD_MEMORY_KIB", "128")
            .env("AEROCALL_LIMITS_ENABLED", "false")
            // The command line's own settings are none of the server's.
            .env("AEROCALL_TOKEN", "unused")
            .envs(env.iter().copied());
        through(&self.through, command)
    }

    /// The first lines it prints.
    pub(crate) fn spawn(&mut self, arguments: &[&str], env: &[(&str, &str)], lines: usize) -> Vec<String> {
        let mut command = self.on_its_data(arguments, env);
        self.run_as_server(command.stdout(Stdio::piped()), lines)
    }

    /// Runs a command, whose output is a pipe, as this server. The first lines it prints.
    pub(crate) fn run_as_server(&mut self, command: &mut Command, lines: usize) -> Vec<String> {
        let mut process = command.spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
        self.process = Some(process);
        let first: Vec<String> = output.by_ref().take(lines).map(Result::unwrap).collect();
        self.url = first[0].strip_prefix("listening on ").unwrap().to_owned();
        std::thread::spawn(move || output.for_each(drop));
        first
    }

    /// A command that speaks to this server.
    pub(crate) fn command(&self, directory: &Path, arguments: &[&str]) -> Command {
        let mut command = aerocall(directory);
        command
            .env("AEROCALL_SERVER", &self.url)
            .env("AEROCALL_TOKEN", &self.token)
            .args(arguments);
        command
    }

    /// Runs such a command.
    pub(crate) fn run(&self, directory: &Path, arguments: &[&str]) -> Done {
        self.command(directory, arguments).output().unwrap().into()
    }

    /// Deploys a project from its directory.
    pub(crate) fn deploy(&self, directory: &Path, arguments: &[&str]) -> Done {
        self.run(directory, &[&["deploy", "--json"], arguments].concat())
    }

    /// Signs up: status and document.
    pub(crate) fn register(&self, email: &str) -> (u16, Value) {
        self.answer("/auth/register", email).unwrap()
    }

    /// Signs up as a part of a trace; the id of the request.
    pub(crate) fn traced(&self, email: &str, parent: &str) -> String {
        let headers = [("x-forwarded-for", "192.0.2.1"), ("traceparent", parent)];
        let answer = self.auth("/auth/register", email, &headers).unwrap();
        assert_eq!(answer.status, 201);
        answer.headers["x-request-id"].to_str().unwrap().to_owned()
    }

    pub(crate) fn answer(&self, path: &str, email: &str) -> Option<(u16, Value)> {
        let answer = self.auth(path, email, &[]).ok()?;
        Some((answer.status, serde_json::from_str(&answer.text).unwrap_or_default()))
    }

    fn auth(&self, path: &str, email: &str, more: &[(&str, &str)]) -> Result<Response, ureq::Error> {
        let own = [
            ("x-aerocall-key", self.key.as_str()),
            ("content-type", "application/json"),
        ];
        let body = json!({ "email": email, "password": PASSWORD }).to_string();
        let url = format!("{}{path}", self.url);
        http_client::send("POST", &url, &[&own[..], more].concat(), body.as_bytes())
    }

    /// Of the admin API of the demo project's environment.
    pub(crate) fn admin(&self, path: &str) -> Value {
        let url = format!("{}/admin/api/v1/projects/demo/environments/development{path}", self.url);
        let bearer = format!("Bearer {}", self.token);
        let answer = http_client::send("GET", &url, &[("authorization", &bearer)], b"");
        answer.unwrap().json()
    }
}

/// What is compiled does not depend on the data of a server: the first one of all tests compiles the engine (three seconds of a
/// core), and the others have it.
fn share_artifacts(data: &Path) {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("artifacts");
    for directory in [data, &shared] {
        DirBuilder::new().recursive(true).mode(0o700).create(directory).unwrap();
    }
    if let Err(error) = symlink(&shared, data.join("artifacts")) {
        assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{error}");
    }
}

/// The same command, run through a program that takes it as its last arguments.
pub(crate) fn through(program: &[String], command: Command) -> Command {
    let [program, arguments @ ..] = program else {
        return command;
    };
    let mut wrapped = Command::new(program);
    wrapped
        .args(arguments)
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(directory) = command.get_current_dir() {
        wrapped.current_dir(directory);
    }
    wrapped
}
