//! `aerocall secrets` and `aerocall logs` against a real server: the binary itself, which can be stopped and started again.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    server::{Site, until},
    support::{Done, project, run_with_input},
};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
/// Signs the address with a secret, and takes as long as the address says.
const GATE: &str = "
export const beforeSignup = async (_c: any, { user }: any, { secrets, log, Deny }: any) => {
  log.info('signing up', user.email);
  if (user.email.startsWith('refused')) throw new Deny('not you', { code: 'no', status: 422 });
  if (user.email.startsWith('broken')) throw new TypeError('broken \u{1b}[2J');
  if (user.email.startsWith('slow')) await new Promise((done) => setTimeout(done, 1500));
  if (!user.email.startsWith('signed')) return undefined;
  const mac = await (await secrets.get('mac_key')).hmac('SHA-256', 'what do ya want for nothing?');
  return { patch: { user: { metadata: { mac: [...mac.slice(0, 4)] } } } };
};
export const config = { capabilities: { secrets: ['mac_key'] } };
";

fn here() -> TempDir {
    project(&[
        ("aerocall.toml", TOML),
        ("hooks/gate.ts", GATE),
        ("value.txt", "Jefe\r\n"),
    ])
}

/// A server on which the hook is live.
fn site() -> (Site, TempDir) {
    let (site, here) = (Site::new(&[]), here());
    site.deploy(here.path(), &[]).expect(0);
    (site, here)
}

fn with_input(site: &Site, here: &TempDir, arguments: &[&str], input: &str) -> Done {
    let mut command = site.command(here.path(), arguments);
    let piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn secrets_are_kept_used_listed_and_deleted_and_never_shown() {
    let (site, here) = site();
    let mac = |email| site.register(email);
    assert_eq!(mac("signed0@work.example").0, 502, "there is no secret yet");

    let set = ["secrets", "set", "mac_key", "--hosts", "API.crm.example,*.stripe.com"];
    let done = with_input(&site, &here, &set, "s3cret value\n").expect(0);
    assert_eq!(done.stdout, "kept mac_key, for api.crm.example, *.stripe.com\n");
    assert!(!(done.stdout + &done.stderr).contains("s3cret"));
    let set = ["secrets", "set", "mac_key", "--value-file", "value.txt", "--json"];
    let kept = site.run(here.path(), &set).expect(0).json();
    assert_eq!(
        (&kept["name"], &kept["hosts"]),
        (&json!("mac_key"), &json!([])),
        "{kept}"
    );
    // RFC 4231, test case 2: the line break at the end is no part of the key.
    let signed = mac("signed1@work.example").1;
    assert_eq!(
        signed["user"]["metadata"]["mac"],
        json!([0x5b, 0xdc, 0xc1, 0x46]),
        "{signed}"
    );

    let list = site.run(here.path(), &["secrets", "list"]).expect(0).stdout;
    assert!(list.starts_with("mac_key  for HMAC alone  since 20"), "{list}");
    let listed = site.run(here.path(), &["secrets", "list", "--json"]).expect(0);
    assert!(!listed.stdout.contains("Jefe"), "{}", listed.stdout);
    assert_eq!(listed.json()["secrets"][0]["name"], "mac_key");

    let elsewhere = ["secrets", "delete", "mac_key", "--environment", "../x"];
    let refused = site.run(here.path(), &elsewhere).expect(1);
    assert!(refused.stderr.contains("error[not_found]"), "{}", refused.stderr);
    let delete = ["secrets", "delete", "mac_key"];
    assert_eq!(site.run(here.path(), &delete).expect(0).stdout, "deleted mac_key\n");
    site.run(here.path(), &delete).expect(1);
    assert_eq!(mac("signed2@work.example").0, 502, "what was deleted is gone");
}

#[test]
fn secrets_that_make_no_sense_are_not_sent() {
    let here = here();
    // Nobody listens there: what is sent fails with 3.
    let connection = ["--server", "http://127.0.0.1:1", "--token", "sk_1"];
    for (arguments, input, code, says) in [
        (&["set", "a"][..], "x", 3, "127.0.0.1:1"),
        (&["set", "crm-token"], "x", 2, "not a secret name"),
        (
            &["set", "a", "--hosts", "https://a.b/x"],
            "x",
            2,
            "write only the host, `a.b`",
        ),
        (&["set", "a"], "\n", 2, "empty"),
        (&["set", "a", "x"], "x", 2, "unexpected argument"),
        (&["delete", "../a"], "", 2, "not a secret name"),
    ] {
        let arguments = [&["secrets"], arguments, &connection[..]].concat();
        let done = run_with_input(here.path(), &arguments, input).expect(code);
        assert!(done.stderr.contains(says), "{says}: {}", done.stderr);
    }
}

/// Waits until so many calls are on record: records are written in batches, after the answer.
fn recorded(site: &Site, count: usize) -> Vec<Value> {
    until(|| {
        let list = site.admin("/invocations?hook=gate");
        let calls = list["invocations"].as_array().unwrap().clone();
        (calls.len() == count).then_some(calls)
    })
}

#[test]
fn logs_read_downwards_and_ask_for_what_is_wanted() {
    let (site, here) = site();
    for (email, status) in [
        ("first@work.example", 201),
        ("refused@work.example", 422),
        ("broken@work.example", 502),
    ] {
        assert_eq!(site.register(email).0, status, "{email}");
    }
    let calls = recorded(&site, 3);
    let logs = |arguments: &[&str]| site.run(here.path(), &[&["logs"], arguments].concat());
    let shown = logs(&["--hook", "gate"]).expect(0).stdout;
    let heads: Vec<&str> = shown
        .lines()
        .filter(|line| line.contains(" beforeSignup of gate v1 "))
        .collect();
    let outcomes = ["allow", "deny", "hook_failed"];
    assert_eq!(heads.len(), 3, "{shown}");
    for (head, outcome) in heads.iter().zip(outcomes) {
        assert!(
            head.contains(&format!(" {outcome} ")) && head.contains(" inv_"),
            "{outcome}: {head}"
        );
    }
    for part in [
        "    info  signing up first@work.example",
        "TypeError: broken \\u{1b}[2J",
        "at hooks/gate.ts:5:",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let ids = |done: Done| -> Vec<Value> {
        let listed = done.expect(0).json()["invocations"].as_array().unwrap().clone();
        listed.iter().map(|call| call["id"].clone()).collect()
    };
    let [newest, denied, oldest] = &calls[..] else {
        panic!("{calls:?}")
    };
    assert_eq!(
        ids(logs(&["--json", "--hook", "gate", "--limit", "1"])),
        [newest["id"].clone()]
    );
    assert_eq!(ids(logs(&["--json", "--outcome", "deny"])), [denied["id"].clone()]);
    let request = oldest["requestId"].as_str().unwrap();
    assert_eq!(
        ids(logs(&["--json", "--hook", "gate", "--request", request])),
        [oldest["id"].clone()]
    );
    assert_eq!(ids(logs(&["--json", "--hook", "nobody"])), Vec::<Value>::new());

    let whole = logs(&[denied["id"].as_str().unwrap()]).expect(0).stdout;
    for part in [
        "payload\n",
        "\"email\": \"refused@work.example\"",
        "\"status\": 422",
        "context\n",
    ] {
        assert!(whole.contains(part), "{part}: {whole}");
    }
    assert!(!whole.contains("correct horse"), "no password is on record: {whole}");
    let gone = logs(&["inv_00"]).expect(1);
    assert!(gone.stderr.contains("error[not_found]"), "{}", gone.stderr);
    let refused = logs(&["--limit", "100000"]).expect(1);
    assert!(refused.stderr.contains("limit: must be"), "{}", refused.stderr);
}

/// `aerocall logs --follow --json`, and what it prints.
struct Following {
    child: Child,
    calls: Receiver<String>,
    notes: Receiver<String>,
}

impl Drop for Following {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn lines(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        lines
            .map(|line| sender.send(line))
            .take_while(Result::is_ok)
            .for_each(drop);
    });
    receiver
}

impl Following {
    fn new(site: &Site, here: &TempDir, arguments: &[&str]) -> Self {
        let mut command = site.command(here.path(), &[&["logs", "--follow", "--json"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Self {
            calls: lines(child.stdout.take().unwrap()),
            notes: lines(child.stderr.take().unwrap()),
            child,
        }
    }

    /// Whose sign-up the next call was for, by its log.
    fn email(&self) -> String {
        let line = self.calls.recv_timeout(Duration::from_secs(20)).unwrap();
        let call: Value = serde_json::from_str(&line).unwrap();
        let message = call["logs"][0]["message"].as_str().unwrap();
        message.strip_prefix("signing up ").unwrap().to_owned()
    }

    /// The next line that is no warning of the build.
    fn note(&self) -> String {
        loop {
            let line = self.notes.recv_timeout(Duration::from_secs(20)).unwrap();
            if line.starts_with("note: ") {
                return line;
            }
        }
    }

    /// Nothing more comes within a few looks at the server.
    fn is_quiet(&self) -> bool {
        self.calls.recv_timeout(Duration::from_millis(1_700)).is_err()
    }
}

#[test]
fn following_shows_each_call_once_and_survives_a_restart_of_the_server() {
    let (mut site, here) = site();
    for email in ["past@work.example", "before@work.example"] {
        assert_eq!(site.register(email).0, 201);
    }
    recorded(&site, 2);
    let following = Following::new(&site, &here, &["--hook", "gate", "--limit", "1"]);
    assert_eq!(following.email(), "before@work.example");
    assert_eq!(site.register("next@work.example").0, 201);
    assert_eq!(following.email(), "next@work.example");

    let address = site.url.strip_prefix("http://").unwrap().to_owned();
    site.kill();
    assert!(
        following.note().ends_with("retrying"),
        "it says once that nobody answers"
    );
    std::thread::sleep(Duration::from_millis(700));
    site.start(&[("AEROCALL_LISTEN", &address)]);
    assert_eq!(following.note(), "note: the server responds again");
    assert_eq!(site.register("after@work.example").0, 201);
    assert_eq!(following.email(), "after@work.example");
    assert!(
        following.is_quiet(),
        "nothing is shown twice, and what was past stays there"
    );
    assert!(following.notes.try_recv().is_err());
}

#[test]
fn following_leaves_out_no_call_that_ends_after_a_later_one() {
    let (site, here) = site();
    let following = Following::new(&site, &here, &["--hook", "gate"]);
    std::thread::scope(|threads| {
        let slow = threads.spawn(|| site.register("slow@work.example").0);
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(site.register("quick@work.example").0, 201);
        assert_eq!(following.email(), "quick@work.example");
        assert_eq!(slow.join().unwrap(), 201);
    });
    assert_eq!(following.email(), "slow@work.example");
    assert!(following.is_quiet());
}

#[test]
fn a_hook_is_switched_off_and_on_without_a_deployment_of_files() {
    let (site, here) = site();
    assert_eq!(site.register("refused0@work.example").0, 422);
    let off = site.run(here.path(), &["hooks", "disable", "gate"]).expect(0).stdout;
    assert!(off.contains("disabled  gate, version 1: beforeSignup"), "{off}");
    assert_eq!(site.register("refused1@work.example").0, 201, "it is not called");
    let on = site
        .run(here.path(), &["hooks", "enable", "gate", "--json"])
        .expect(0)
        .json();
    assert_eq!(on["hooks"][0]["state"], "enabled", "{on}");
    assert_eq!(site.register("refused2@work.example").0, 422);
    let list = site.run(here.path(), &["hooks", "list"]).expect(0).stdout;
    assert!(list.contains("enabled   gate"), "{list}");
    let none = site.run(here.path(), &["hooks", "disable", "none"]).expect(1);
    assert!(none.stderr.contains("error[not_found]"), "{}", none.stderr);
}
