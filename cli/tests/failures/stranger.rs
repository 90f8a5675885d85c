//! The first hour of somebody who knows nothing of this: the commands of the documents as they stand there, on a machine on which
//! nothing is yet, and then on another one. Only ports and directories differ, and `…` is what a command before has printed.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    alone,
    documents::{block, blocks, indented},
    programs::free_port,
    server::agent,
    services::{Service, together},
    support::Done,
    until::{until, within},
};

const GUIDE: &str = "docs/deploy/README.md";
const FIRST_HOUR: &str = "## The first hour";
const BACKUP: &str = "## Backup and restore";
/// What the documents call the directory of a server, and where it listens.
const DIRECTORY: &str = "/var/lib/aerocall";
const ADDRESS: &str = "127.0.0.1:8080";
/// The program and its engine are not optimised here, and machines are busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// A machine of its own: directories, a port, what its user has set, and what was printed to them.
struct Machine {
    home: TempDir,
    port: u16,
    env: Vec<(&'static str, String)>,
    /// By how they begin.
    values: BTreeMap<&'static str, String>,
    server: Option<(Child, Receiver<String>)>,
}

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some((server, _)) = &mut self.server {
            let group = format!("-{}", server.id());
            drop(Command::new("kill").args(["-KILL", "--", &group]).status());
            drop(server.wait());
        }
    }
}

impl Machine {
    fn new(env: Vec<(&'static str, String)>) -> Self {
        let home = TempDir::new().unwrap();
        std::fs::create_dir(home.path().join("work")).unwrap();
        Self {
            home,
            port: free_port(),
            env,
            values: BTreeMap::new(),
            server: None,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// What somebody types who reads this.
    fn typed(&self, read: &str) -> String {
        let mut typed = read
            .replace(DIRECTORY, &self.path("data").display().to_string())
            .replace(ADDRESS, &format!("127.0.0.1:{}", self.port));
        for (begins, value) in &self.values {
            typed = typed.replace(&format!("{begins}…"), value);
        }
        assert!(!typed.contains('…'), "nothing has printed what is needed here: {typed}");
        typed
    }

    /// A shell with nothing set but what the user has set. `terminal` keeps its variables and its directory between commands.
    fn shell(&self, terminal: &str, read: &str) -> Command {
        let state = self.path(terminal).display().to_string();
        let typed = self.typed(read);
        let script = format!(
            "set -euo pipefail\n[ ! -e '{state}' ] || . '{state}'\n\
             {typed}\n{{ export -p; printf 'cd %q\\n' \"$PWD\"; }} >'{state}'"
        );
        let program = Path::new(env!("CARGO_BIN_EXE_aerocall")).parent().unwrap();
        let postgres = Service::postgres_programs().map(|folder| format!("{}:", folder.display()));
        let path = format!(
            "{}:{}{}",
            program.display(),
            postgres.unwrap_or_default(),
            std::env::var("PATH").unwrap()
        );
        let mut shell = Command::new("bash");
        shell
            .args(["-c", &script])
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.home.path())
            .env(
                "AEROCALL_CACHE_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"),
            )
            .env("AEROCALL_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("AEROCALL_PUBLIC_URL", format!("http://127.0.0.1:{}", self.port))
            .env("BACKUP", self.path("backup"))
            .env("SAFE", self.path("safe"))
            .envs(self.env.iter().map(|(name, value)| (*name, value)))
            .current_dir(self.path("work"))
            .process_group(0);
        shell
    }

    /// Runs commands in the terminal in which the server does not run.
    fn run(&self, read: &str) -> Done {
        self.shell("terminal", read).output().unwrap().into()
    }

    /// Starts the server in a terminal of its own, and waits for the line that says where it listens.
    fn serve(&mut self, read: &str) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.path("log"))
            .unwrap();
        let mut shell = self.shell("server-terminal", read);
        let mut server = shell
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(server.stdout.take().unwrap()).lines();
        std::thread::spawn(move || output.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        self.server = Some((server, lines));
        let listening = self.printed("listening on ");
        assert_eq!(listening, format!("listening on http://127.0.0.1:{}", self.port));
    }

    /// The next line of the server that has these words.
    fn printed(&self, words: &str) -> String {
        let (_, lines) = self.server.as_ref().unwrap();
        std::iter::from_fn(|| lines.recv_timeout(PATIENCE).ok())
            .find(|line| line.contains(words))
            .unwrap_or_else(|| panic!("the server has not printed {words}: {}", self.log()))
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// As somebody who presses ^C.
    fn stop(&mut self) {
        let (mut server, _) = self.server.take().unwrap();
        let group = format!("-{}", server.id());
        assert!(
            Command::new("kill")
                .args(["-INT", "--", &group])
                .status()
                .unwrap()
                .success()
        );
        within(PATIENCE, || server.try_wait().unwrap());
    }

    /// Keeps the first value that begins like this.
    fn keep(&mut self, begins: &'static str, text: &str) -> String {
        let at = text.find(begins).unwrap_or_else(|| panic!("no {begins} in {text}"));
        let is_value = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
        let value: String = text[at..].chars().take_while(|letter| is_value(*letter)).collect();
        self.values.insert(begins, value.clone());
        value
    }

    /// Asks the auth API as a client of the project.
    fn client(&self, path: &str, email: &str) -> (u16, Value) {
        let request = agent().post(format!("http://127.0.0.1:{}{path}", self.port));
        let request = request.header("x-aerocall-key", &self.values["pk_"]);
        let mut answer = request
            .send_json(json!({ "email": email, "password": "correct horse battery" }))
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap())
    }
}

/// The guide from its beginning to its end.
fn first_hour(machine: &mut Machine) {
    let steps = blocks(GUIDE, FIRST_HOUR);
    let [serve, set_up, project, key, hook, sign_up] = steps.as_slice() else {
        panic!("{} steps", steps.len())
    };
    machine.serve(serve);
    let link = machine.printed("/admin/setup#");
    machine.keep("set_", &link);
    let curl = machine.printed("curl -s ");

    let answer = machine.run(set_up).expect(0);
    assert!(
        machine
            .typed(set_up)
            .contains(curl.trim().rsplit_once(" -H ").unwrap().1),
        "the server prints the same: {curl}"
    );
    machine.keep("at_", &answer.stdout);

    let made = machine.run(project).expect(0);
    machine.keep("pk_", &made.stdout);
    let old = machine.keep("sk_", &made.stdout);

    let (list, rotate) = key.split_once('\n').unwrap();
    let listed = machine.run(list).expect(0).stdout;
    let secret = listed.lines().find(|line| line.contains("  secret  ")).unwrap();
    machine.keep("key_", secret);
    let rotated = machine.run(rotate).expect(0);
    let new = machine.keep("sk_", &rotated.stdout);
    assert_ne!(old, new);
    let refused = machine
        .run(&format!("AEROCALL_TOKEN={old} aerocall projects list"))
        .expect(1);
    assert!(
        refused.stderr.contains("AEROCALL_TOKEN"),
        "what to do: {}",
        refused.stderr
    );

    let deployed = machine.run(hook).expect(0);
    assert!(deployed.stdout.contains("2 passed"), "{}", deployed.stdout);
    assert!(
        deployed.stdout.contains("deployment 1 is live on http://127.0.0.1:"),
        "{}",
        deployed.stdout
    );
    let signed_up = machine.run(sign_up).expect(0);
    assert!(
        signed_up.stdout.contains("\"email\":\"ada@example.com\""),
        "{}",
        signed_up.stdout
    );
    // Invocations are recorded a moment later.
    let logged = || machine.run("aerocall logs").expect(0).stdout.contains("beforeSignup");
    until(|| (signed_up.stdout.contains("beforeSignup") || logged()).then_some(()));
}

/// A back-up of the machine, restored on another one, which then does all that the first one did.
fn moves(mut machine: Machine, env: Vec<(&'static str, String)>, has_key_file: bool) {
    let guide = |begins: &str| block(GUIDE, BACKUP, begins);
    machine.run(&guide("aerocall backup")).expect(0);
    let twice = machine.run(&guide("aerocall backup")).expect(3);
    assert!(twice.stderr.contains("backup"), "{}", twice.stderr);
    if has_key_file {
        // Somewhere else, and without the settings of the server.
        let nowhere = machine
            .run("cd \"$(mktemp -d)\"\nunset AEROCALL_DATA_DIR\naerocall backup elsewhere")
            .expect(3);
        assert!(
            nowhere.stderr.contains("data/aerocall.db: check AEROCALL_DATA_DIR"),
            "{}",
            nowhere.stderr
        );
        machine.run(&guide("install -d -m 0700 \"$SAFE\"")).expect(0);
    }
    machine.stop();

    let mut other = Machine::new(env);
    other
        .env
        .push(("AEROCALL_DATA_DIR", other.path("data").display().to_string()));
    for name in ["backup", "safe"] {
        if machine.path(name).exists() {
            std::fs::rename(machine.path(name), other.path(name)).unwrap();
        }
    }
    other.values.clone_from(&machine.values);
    if has_key_file {
        other.run(&guide("install -d -m 0700 \"$AEROCALL_DATA_DIR\"")).expect(0);
    } else {
        other.run(&guide("createdb")).expect(0);
    }
    let doctor = other.run(&guide("aerocall restore")).expect(0);
    assert!(doctor.stdout.starts_with("restored\n"), "{}", doctor.stdout);
    drop(machine);

    other.serve("aerocall serve");
    assert_eq!(other.client("/auth/login", "ada@example.com").0, 200, "{}", other.log());
    let (status, document) = other.client("/auth/register", "Bob@Example.com");
    assert_eq!(
        (status, &document["user"]["email"]),
        (201, &json!("bob@example.com")),
        "the hook is live"
    );
    let token = &other.values["at_"];
    let listed = other.run(&format!(
        "AEROCALL_TOKEN={token} aerocall projects list --server http://{ADDRESS}"
    ));
    assert!(listed.expect(0).stdout.contains("shop"));
    other.stop();
}

#[test]
fn the_first_hour_on_files() {
    let _alone = alone();
    let mut machine = Machine::new(Vec::new());
    first_hour(&mut machine);
    let log = machine.log();
    let alarming = log
        .lines()
        .find(|line| line.contains(" WARN ") || line.contains(" ERROR "));
    // A revoked key was tried on purpose.
    assert_eq!(alarming, None, "{log}");
    moves(machine, Vec::new(), true);
}

#[test]
fn the_first_hour_with_all_services() {
    let _alone = alone();
    let Some(services) = together([Service::postgres, Service::postgres, Service::redis, Service::rabbit]) else {
        return;
    };
    let [old, new, redis, rabbit] = &services;
    let key = "dGhlIGZpcnN0IGhvdXIgb2Ygc29tZWJvZHkgbmV3Li4=";
    let settings = |postgres: &Service| {
        vec![
            ("AEROCALL_DATABASE_URL", format!("{}/core", postgres.url())),
            ("AEROCALL_TENANT_DATABASE_URL", format!("{}/tenants", postgres.url())),
            ("AEROCALL_REDIS_URL", redis.url()),
            ("AEROCALL_AMQP_URL", rabbit.url()),
            ("AEROCALL_MASTER_KEY", key.to_owned()),
        ]
    };
    for name in ["core", "tenants"] {
        old.database(name);
    }
    let mut machine = Machine::new(settings(old));
    first_hour(&mut machine);
    let mut moved = settings(new);
    moved.push(("NEW_SERVER", format!("{}/postgres", new.url())));
    moves(machine, moved, false);
}

#[test]
fn the_readme_from_its_first_line() {
    let _alone = alone();
    let mut machine = Machine::new(Vec::new());
    // What `make run` starts when it has built.
    machine.serve(&format!("export AEROCALL_DATA_DIR={DIRECTORY}\naerocall serve --demo"));
    let key = machine.printed("publishable key");
    machine.keep("pk_", &key);
    let token = machine.printed("admin token");
    machine.keep("at_", &token);
    let answered = |line: String| -> Value { serde_json::from_str(&machine.run(&line).expect(0).stdout).unwrap() };
    let denied = answered(machine.printed("curl -s "));
    assert_eq!(denied["error"]["hook"], "signup", "{denied}");
    assert_eq!(
        answered(machine.printed("curl -s "))["user"]["email"],
        "jane@work.example"
    );

    let steps = indented("README.md", "aerocall new");
    let done = machine.run(&steps).expect(0);
    assert!(
        done.stdout.contains("2 passed") && done.stdout.contains("jane@work.example"),
        "{}",
        done.stdout
    );
    assert!(done.stdout.contains("is live on http://127.0.0.1:"), "{}", done.stdout);
    let (status, document) = until(|| Some(machine.client("/auth/register", "New@Work.example")));
    assert_eq!(
        (status, &document["user"]["metadata"]["source"]),
        (201, &json!("web")),
        "{document}"
    );
    machine.stop();
}
