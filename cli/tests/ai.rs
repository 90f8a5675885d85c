//! `aerocall ai` and `aerocall explain` against a server whose model follows a script (tests/ai/scripted.mjs), and the tasks that
//! models are evaluated with.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    server::Site,
    support::{Done, project, repository, run},
};

mod tasks;

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
const HOOK: &str = "export const beforeSignup = () => {};\n";

/// A model that follows a script; it ends with the test.
struct Model {
    child: Child,
    base: String,
}

impl Model {
    fn start() -> Self {
        let mut child = Command::new("node")
            .arg(repository().join("tests/ai/scripted.mjs"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut port)
            .unwrap();
        let base = format!("http://127.0.0.1:{}", port.trim());
        Self { child, base }
    }

    /// A server that asks it, under the name of a script.
    fn site(&self, script: &str) -> Site {
        Site::new(&[
            ("AEROCALL_ASSISTANT_PROVIDER", "openai"),
            ("AEROCALL_ASSISTANT_BASE_URL", &format!("{}/v1", self.base)),
            ("AEROCALL_ASSISTANT_MODEL", script),
            ("AEROCALL_ASSISTANT_ALLOW_PRIVATE", "127.0.0.1/32"),
        ])
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn task(name: &str) -> Value {
    let path = repository().join(format!("tests/ai/tasks/{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn ask(site: &Site, here: &Path, more: &[&str]) -> Done {
    let task = task("sign-ups-by-address");
    let text = task["description"].as_str().unwrap();
    let arguments = [&["ai", text, "--hook", "limit", "--point", "beforeSignup"], more].concat();
    site.run(here, &arguments)
}

fn here() -> TempDir {
    project(&[("aerocall.toml", TOML), ("hooks/limit.ts", HOOK)])
}

fn hook(here: &TempDir) -> String {
    std::fs::read_to_string(here.path().join("hooks/limit.ts")).unwrap()
}

#[test]
fn without_an_assistant_it_says_how_to_turn_it_on() {
    let site = Site::new(&[]);
    let here = here();
    let said = ask(&site, here.path(), &[]).expect(1).stderr;
    assert!(
        said.contains("error[assistant_off]") && said.contains("[assistant]"),
        "{said}"
    );
    let said = site.run(here.path(), &["explain", "hooks/limit.ts:1"]).expect(1).stderr;
    assert!(said.contains("docs/assistant.md"), "{said}");
}

#[test]
fn a_proposal_is_shown_and_written_once_what_is_new_is_accepted() {
    let model = Model::start();
    let site = model.site("solutions");
    let here = here();
    // The task's own file has another name: the model answers with the path that it was asked for.
    let shown = site.run(
        here.path(),
        &[
            "ai",
            task("sign-ups-by-address")["description"].as_str().unwrap(),
            "--hook",
            "sign-ups-by-address",
        ],
    );
    let shown = shown.expect(0);
    assert!(
        shown.stdout.contains("\n+export const beforeSignup"),
        "{}",
        shown.stdout
    );
    assert!(shown.stdout.contains("new: it "), "{}", shown.stdout);
    assert!(shown.stdout.contains("verified: it builds"), "{}", shown.stdout);
    assert!(shown.stderr.contains("round 1 of 3"), "{}", shown.stderr);
    assert!(shown.stderr.contains("asking solutions (openai)"), "{}", shown.stderr);
    assert!(
        !here.path().join("hooks/sign-ups-by-address.ts").exists(),
        "nothing was asked to be written"
    );
    let text = task("sign-ups-by-address")["description"].as_str().unwrap().to_owned();
    let apply = ["ai", text.as_str(), "--hook", "sign-ups-by-address", "--apply"];
    let refused = site.run(here.path(), &apply).expect(1);
    assert!(
        refused.stderr.contains("--accept-capabilities cache"),
        "{}",
        refused.stderr
    );
    assert!(!here.path().join("hooks/sign-ups-by-address.ts").exists());
    let accepted = [apply.as_slice(), &["--accept-capabilities", "cache", "--json"]].concat();
    let written = site.run(here.path(), &accepted).expect(0).json();
    assert_eq!(written["written"], json!(["hooks/sign-ups-by-address.ts"]), "{written}");
    assert_eq!(written["done"]["result"], "proposal", "{written}");
    let cases = serde_json::to_string(&task("sign-ups-by-address")["cases"]).unwrap();
    std::fs::remove_file(here.path().join("hooks/limit.ts")).unwrap();
    std::fs::create_dir_all(here.path().join("tests")).unwrap();
    std::fs::write(here.path().join("tests/task.json"), cases).unwrap();
    run(here.path(), &["test"]).expect(0);
}

#[test]
fn what_does_not_build_is_written_only_if_somebody_says_so() {
    let model = Model::start();
    let site = model.site("never-good");
    let here = here();
    // The model writes this hook, which is new.
    let ask = |more: &str| {
        let arguments = ["ai", "let nobody in", "--hook", "gate", "--point", "beforeSignup", more];
        site.run(here.path(), &arguments)
    };
    let shown = ask("--rounds").expect(1);
    assert!(shown.stdout.contains("not verified"), "{}", shown.stdout);
    assert!(shown.stderr.contains("round 3 of 3"), "{}", shown.stderr);
    let refused = ask("--apply").expect(1);
    assert!(refused.stderr.contains("--accept-unverified"), "{}", refused.stderr);
    assert!(!here.path().join("hooks/gate.ts").exists());
}

#[test]
fn a_model_that_does_not_answer_is_a_problem_of_the_environment() {
    let model = Model::start();
    let site = model.site("down");
    let here = here();
    let failed = ask(&site, here.path(), &["--apply"]).expect(3);
    assert!(failed.stderr.contains("model_"), "{}", failed.stderr);
    assert_eq!(hook(&here), HOOK);
}

#[test]
fn lines_and_invocations_are_explained() {
    let model = Model::start();
    let site = model.site("explain");
    let here = here();
    let shown = site.run(here.path(), &["explain", "hooks/limit.ts:1"]).expect(0);
    assert!(!shown.stdout.trim().is_empty(), "{}", shown.stderr);
    let wrong = site.run(here.path(), &["explain", "hooks/limit.ts:2-1"]).expect(2);
    assert!(wrong.stderr.contains("hooks/limit.ts:3-9"), "{}", wrong.stderr);
    site.run(here.path(), &["explain", "hooks/none.ts"]).expect(3);
    site.deploy(here.path(), &[]).expect(0);
    assert_eq!(site.register("ada@work.example").0, 201);
    let calls = crate::until::until(|| {
        let list = site.admin("/invocations?hook=limit");
        list["invocations"][0]["id"].as_str().map(String::from)
    });
    let shown = site
        .run(here.path(), &["explain", "--invocation", &calls, "--json"])
        .expect(0)
        .json();
    let parts = shown["started"]["parts"].to_string();
    assert!(parts.contains("invocation"), "{parts}");
    let none = site.run(
        here.path(),
        &["explain", "--invocation", "inv_00000000000000000000000000000000"],
    );
    none.expect(1);
}
