//! `aerocall dev`: what is saved is live, what is wrong is said, what happens is shown.

use std::{
    io::{BufRead as _, BufReader, Read},
    process::{Child, Stdio},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    server::{PASSWORD, agent},
    support::{aerocall, project},
    until::until,
};

const HOOK: &str =
    "export const beforeSignup = (context: any, payload: any) => ({ patch: { user: { name: 'first' } } });";

/// A running command and everything that it has printed.
struct Dev {
    process: Child,
    printed: Arc<Mutex<String>>,
    directory: TempDir,
}

impl Dev {
    fn new(files: &[(&str, &str)]) -> Self {
        Self::of(project(files), &[])
    }

    fn of(directory: TempDir, more: &[&str]) -> Self {
        let mut command = aerocall(directory.path());
        command.args(["dev", "--listen", "127.0.0.1:0"]).args(more);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let printed = Arc::<Mutex<String>>::default();
        collect(process.stdout.take().unwrap(), &printed);
        collect(process.stderr.take().unwrap(), &printed);
        let dev = Self {
            process,
            printed,
            directory,
        };
        dev.says("watching ");
        dev
    }

    fn printed(&self) -> String {
        self.printed.lock().unwrap().clone()
    }

    /// Waits until it has printed this.
    fn says(&self, words: &str) -> String {
        until(|| Some(self.printed()).filter(|printed| printed.contains(words)))
    }

    fn save(&self, file: &str, text: &str) {
        let path = self.directory.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// What follows these words in what it has printed.
    fn after(&self, words: &str) -> String {
        let printed = self.printed();
        let rest = printed.split_once(words).unwrap().1;
        rest.split_whitespace().next().unwrap().to_owned()
    }

    fn sign_up(&self, email: &str) -> (u16, Value) {
        let url = self.after("listening on ");
        let request = agent().post(format!("{url}/auth/register"));
        let request = request.header("x-aerocall-key", self.after("publishable key "));
        let mut answer = request
            .send_json(json!({ "email": email, "password": PASSWORD }))
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap())
    }

    fn name_of(&self, email: &str) -> Value {
        let (status, document) = self.sign_up(email);
        assert_eq!(status, 201, "{document}");
        document["user"]["name"].clone()
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn collect(stream: impl Read + Send + 'static, printed: &Arc<Mutex<String>>) {
    let printed = Arc::clone(printed);
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut printed = printed.lock().unwrap();
            printed.push_str(&line);
            printed.push('\n');
        }
    });
}

#[test]
fn what_is_saved_is_live_and_what_cannot_be_built_changes_nothing() {
    let dev = Dev::new(&[("hooks/signup.ts", HOOK)]);
    dev.says("live  signup v1");
    assert_eq!(dev.name_of("ada@example.com"), "first");
    dev.save("hooks/signup.ts", &HOOK.replace("first", "second"));
    dev.says("live  signup v2");
    assert_eq!(dev.name_of("bob@example.com"), "second");

    dev.save("hooks/signup.ts", "export const beforeSignup = (");
    let said = dev.says("what was live before stays live");
    assert!(said.contains("hooks/signup.ts:1:"), "{said}");
    assert_eq!(dev.name_of("eve@example.com"), "second");
    dev.save("hooks/signup.ts", "export const beforeSignUp = () => ({});");
    dev.says("did you mean `beforeSignup`?");

    // Files that hooks import, in folders that are new; another hook; settings.
    dev.save("lib/names.ts", "export const NAME = 'third';");
    dev.save(
        "hooks/signup.ts",
        &format!(
            "import {{ NAME }} from '../lib/names';\n{}",
            HOOK.replace("'first'", "NAME")
        ),
    );
    dev.says("live  signup v3");
    assert_eq!(dev.name_of("joe@example.com"), "third");
    dev.save("lib/names.ts", "export const NAME = 'fourth';");
    dev.says("live  signup v4");
    dev.save("hooks/login.ts", "export const afterLogin = () => {};");
    dev.says("live  login v1, signup v4");
    std::fs::remove_file(dev.directory.path().join("hooks/signup.ts")).unwrap();
    dev.says("live  login v1  ");
    assert_eq!(dev.name_of("kim@example.com"), Value::Null);
}

/// Nothing is saved any more, and nobody has to save something to get out.
#[test]
fn a_signal_ends_it() {
    for signal in ["INT", "TERM"] {
        let mut dev = Dev::new(&[("hooks/signup.ts", HOOK)]);
        let process = dev.process.id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-s", signal, &process])
            .status();
        assert!(sent.unwrap().success());
        let ended = until(|| dev.process.try_wait().unwrap());
        assert_eq!(ended.code(), Some(0), "{signal}: {}", dev.printed());
    }
}

#[test]
fn invocations_are_shown_with_the_lines_that_failed() {
    let hook = "export const beforeSignup = (context: any, payload: any) => {\n  console.log('asked', payload.user.email);\n  \
                throw new Error('no luck');\n};";
    let dev = Dev::new(&[("hooks/signup.ts", hook)]);
    assert_eq!(dev.sign_up("ada@example.com").0, 502);
    let shown = dev.says("no luck');");
    for line in [
        "beforeSignup of signup v1 hook_failed",
        "Error: no luck",
        "at hooks/signup.ts:3:",
        "asked ada@example.com",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert!(shown.contains("  throw new Error('no luck');"), "the frame: {shown}");
}

#[test]
fn what_is_kept_stays_until_a_reset() {
    let files = [("hooks/signup.ts", HOOK), (".gitignore", ".aerocall/\n")];
    let mut dev = Dev::new(&files);
    let key = dev.after("publishable key ");
    assert_eq!(dev.sign_up("ada@example.com").0, 201);
    let stop = |dev: &mut Dev| {
        dev.process.kill().unwrap();
        dev.process.wait().unwrap();
        std::mem::replace(&mut dev.directory, TempDir::new().unwrap())
    };
    let directory = stop(&mut dev);
    let mut dev = Dev::of(directory, &[]);
    assert_eq!(
        (dev.after("publishable key "), dev.sign_up("ada@example.com").0),
        (key.clone(), 409)
    );
    let directory = stop(&mut dev);
    let dev = Dev::of(directory, &["--reset"]);
    assert_ne!(dev.after("publishable key "), key);
    assert_eq!(dev.sign_up("ada@example.com").0, 201);
}

#[test]
fn a_project_without_hooks_says_what_is_missing() {
    let directory = project(&[]);
    let said = crate::support::run(directory.path(), &["dev"]).expect(3).stderr;
    assert!(said.contains("has no hooks"), "{said}");
}
