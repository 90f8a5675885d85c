//! `aerocall users`, `events`, `webhooks`, `jobs`, `mails`, `settings`, `signing-keys`, `audit` and `completions` against a real
//! server.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    server::{Site, agent},
    support::{Done, project, run},
    until::until,
};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
/// Fails for good, so that the job is dead at once.
const HOOK: &str = "
import { Deny } from '@aerocall/hooks';
export const config = { capabilities: { queue: true } };
export const afterSignup = async (context: any, payload: any, Aerocall: any) => {
  await Aerocall.Queue.enqueue('welcome', payload.user.email);
};
export const on = {
  'queue.welcome': async (context: any, job: any, Aerocall: any) => {
    throw new Deny('nobody there');
  },
};";

struct Here {
    site: Site,
    directory: TempDir,
}

impl Here {
    fn new() -> Self {
        Self {
            site: Site::new(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8")]),
            directory: project(&[("aerocall.toml", TOML)]),
        }
    }

    fn run(&self, arguments: &[&str]) -> Done {
        self.site.run(self.directory.path(), arguments)
    }

    /// What a command prints, for people.
    fn text(&self, arguments: &[&str]) -> String {
        self.run(arguments).expect(0).stdout
    }

    fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).expect(0).json()
    }

    /// The error of a command that the server refuses.
    fn refused(&self, arguments: &[&str]) -> String {
        self.run(arguments).expect(1).stderr
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

fn text_of<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap()
}

#[test]
fn users_are_created_listed_changed_banned_exported_and_deleted() {
    let here = Here::new();
    let password = here.file("password", "a long enough passphrase\n");
    let made = here.json(&[
        "users",
        "create",
        "ada@example.com",
        "--email-verified",
        "--name",
        "Ada",
        "--password-file",
        &password,
    ]);
    let id = text_of(&made, "/user/id");
    assert_eq!(
        (&made["user"]["emailVerified"], &made["user"]["hasPassword"]),
        (&json!(true), &json!(true))
    );
    here.text(&["users", "create", "bob@example.com"]);
    let listed = here.text(&["users", "list", "--search", "ada@"]);
    assert_eq!(listed, format!("{id}  ada@example.com  verified  last login never\n"));
    let first = here.run(&["users", "list", "--limit", "1"]).expect(0);
    assert!(first.stdout.contains("bob@example.com") && first.stderr.starts_with("more: --before "));
    let next = first.stderr.trim().strip_prefix("more: --before ").unwrap();
    assert!(
        here.text(&["users", "list", "--limit", "1", "--before", next])
            .contains("ada@example.com")
    );

    let changed = here.json(&[
        "users",
        "update",
        id,
        "--email",
        "ada@example.org",
        "--email-verified",
        "true",
    ]);
    assert_eq!(changed["user"]["email"], "ada@example.org");
    let nothing = here.run(&["users", "update", id]).expect(2).stderr;
    assert!(nothing.contains("nothing to change"), "{nothing}");
    let wrong = here.refused(&["users", "update", id, "--phone", "12"]);
    assert!(wrong.contains("phone: "), "{wrong}");

    assert!(
        here.text(&["users", "ban", id, "--reason", "spam"])
            .ends_with("banned\n")
    );
    assert_eq!(here.json(&["users", "show", id])["user"]["banReason"], "spam");
    assert!(!here.text(&["users", "unban", id]).contains("banned"));
    assert_eq!(here.text(&["users", "logout", id]), "revoked 0 sessions\n");
    assert_eq!(here.json(&["users", "export", id])["user"]["id"], id);
    let unsure = here.run(&["users", "delete", id, "--confirm", "ada"]).expect(2).stderr;
    assert!(unsure.contains("nothing was deleted"), "{unsure}");
    assert_eq!(
        here.text(&["users", "delete", id, "--confirm", id]),
        format!("deleted {id}\n")
    );
    assert!(here.refused(&["users", "show", id]).contains("error[not_found]"));
}

#[test]
fn jobs_are_listed_shown_and_run_again() {
    let here = Here::new();
    let hooks = project(&[("aerocall.toml", TOML), ("hooks/signup.ts", HOOK)]);
    here.site.deploy(hooks.path(), &[]).expect(0);
    here.site.register("ada@example.com");
    let dead = until(|| {
        let jobs = here.json(&["jobs", "list", "--queue", "welcome", "--state", "dead"])["jobs"].take();
        jobs.get(0).cloned()
    });
    let id = text_of(&dead, "/id");
    let listed = here.text(&["jobs", "list", "--state", "dead"]);
    assert!(
        listed.starts_with(&format!("{id}  welcome  dead  attempts 1  due ")),
        "{listed}"
    );
    assert!(listed.contains("nobody there"), "{listed}");
    assert!(here.text(&["jobs", "show", id]).contains("\"ada@example.com\""));
    let queues = here.text(&["jobs", "queues"]);
    assert!(
        queues.contains("welcome  waiting 0  running 0  done 0  dead 1"),
        "{queues}"
    );
    assert!(
        here.text(&["jobs", "requeue", id])
            .starts_with(&format!("{id}  welcome  "))
    );
    let wrong = here.refused(&["jobs", "list", "--state", "lost"]);
    assert!(wrong.contains("state: ") && wrong.contains("waiting"), "{wrong}");
}

#[test]
fn events_are_listed_and_followed_as_they_happen() {
    let here = Here::new();
    here.site.register("ada@example.com");
    let listed = until(|| {
        let events = here.json(&["events", "list", "--type", "auth.signup"])["events"].take();
        events.get(0).cloned()
    });
    let id = text_of(&listed, "/id");
    assert!(
        here.text(&["events", "list"])
            .contains(&format!("  auth.signup  {}  {id}", text_of(&listed, "/subject")))
    );
    assert!(here.text(&["events", "show", id]).contains("\"auth.signup\""));

    let arguments = [
        "events",
        "list",
        "--follow",
        "--type",
        "auth.signup",
        "--after",
        id,
        "--json",
    ];
    let mut following = here.site.command(here.directory.path(), &arguments);
    let mut following = following.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    for email in ["bob@example.com", "eve@example.com"] {
        here.site.register(email);
        let event: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(
            (text_of(&event, "/type"), text_of(&event, "/data/user/email")),
            ("auth.signup", email)
        );
    }
    following.kill().unwrap();
    following.wait().unwrap();
    let refused = here.refused(&["events", "list", "--follow", "--type", "auth.sign_up"]);
    assert!(refused.contains("did you mean \"auth.signup\"?"), "{refused}");
}

#[test]
fn webhooks_are_created_changed_tested_and_replayed() {
    let here = Here::new();
    let made = here.run(&[
        "webhooks",
        "create",
        "https://127.0.0.1:44399/hook",
        "--events",
        "auth.signup,auth.mfa.*",
        "--filter",
        r#"[{"path": "/data/user/email", "endsWith": "@example.com"}]"#,
    ]);
    let (text, said) = (made.expect(0).stdout, here.json(&["webhooks", "list"]));
    let id = text_of(&said, "/webhooks/0/id");
    assert!(text.starts_with(&format!(
        "{id}  enabled  https://127.0.0.1:44399/hook  auth.signup, auth.mfa.*\nsecret  whsec_"
    )));
    assert_eq!(said["webhooks"][0]["filter"][0]["endsWith"], "@example.com");
    let wrong = here.run(&["webhooks", "update", id, "--filter", "[{"]).expect(2).stderr;
    assert!(wrong.contains("--filter is not valid JSON"), "{wrong}");
    assert!(
        here.refused(&["webhooks", "update", id, "--events", "auth.sign_up"])
            .contains("events")
    );
    assert!(
        here.text(&["webhooks", "rotate-secret", id, "--overlap-seconds", "60"])
            .starts_with("whsec_")
    );
    let sent = here.json(&["webhooks", "test", id]);
    let delivery = text_of(&sent, "/id");
    until(|| {
        let shown = here.json(&["webhooks", "delivery", id, delivery]);
        (shown["log"][0]["error"].is_string()).then_some(())
    });
    assert!(here.text(&["webhooks", "deliveries", id]).contains(delivery));
    let early = here.refused(&["webhooks", "resend", id, delivery]);
    assert!(early.contains("error[delivery_not_ended]"), "{early}");
    let again = here.text(&["webhooks", "replay", id, "failed", "--since", "2026-01-01T00:00:00Z"]);
    assert!(again.ends_with(" deliveries are sent\n"), "{again}");
    assert!(
        here.text(&["webhooks", "update", id, "--state", "disabled"])
            .contains("  disabled  ")
    );
    assert_eq!(
        here.text(&["webhooks", "delete", id, "--confirm", id]),
        format!("deleted {id}\n")
    );
}

#[test]
fn mails_and_their_templates_are_listed_and_replaced() {
    let here = Here::new();
    let text = here.file("link.txt", "Here: {{ link }}\n");
    let kept = here.text(&[
        "mails",
        "set-template",
        "magic-link",
        "--subject",
        "Your link",
        "--text-file",
        &text,
    ]);
    assert!(kept.starts_with("magic-link  Your link  since "), "{kept}");
    assert!(
        here.text(&["mails", "template", "magic-link"])
            .ends_with("Here: {{ link }}\n\n")
    );
    let wrong = here.file("wrong.txt", "{{ link");
    let refused = here.refused(&["mails", "set-template", "otp", "--subject", "x", "--text-file", &wrong]);
    assert!(refused.contains("text: "), "{refused}");
    here.site.register("ada@example.com");
    let asked = agent().post(format!("{}/auth/magic-link/send", here.site.url));
    let asked = asked.header("x-aerocall-key", &here.site.key);
    let answer = asked.send_json(json!({ "email": "ada@example.com" })).unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    let mail = until(|| here.json(&["mails", "list"])["mails"].get(0).cloned());
    assert_eq!(mail["subject"], "Your link");
    assert!(here.text(&["mails", "show", text_of(&mail, "/id")]).contains("Here: "));
    here.text(&["mails", "delete-template", "magic-link", "--confirm", "magic-link"]);
    assert_eq!(here.text(&["mails", "templates"]), "");
}

#[test]
fn settings_are_printed_and_replaced_whole() {
    let here = Here::new();
    let mut auth: Value = serde_json::from_str(&here.text(&["settings", "get", "auth"])).unwrap();
    auth["appName"] = json!("Shop");
    let file = here.file("auth.json", &auth.to_string());
    assert_eq!(here.json(&["settings", "set", "auth", &file]), auth);
    let wrong = here.file("wrong.json", r#"{ "signUp": "yes" }"#);
    assert!(here.refused(&["settings", "set", "auth", &wrong]).contains("signUp: "));
    let broken = here.file("broken.json", "{");
    assert!(
        here.run(&["settings", "set", "auth", &broken])
            .expect(2)
            .stderr
            .contains("broken.json:1:1: not valid JSON")
    );
    for name in ["providers", "http", "mail", "limits"] {
        assert!(here.json(&["settings", "get", name]).is_object(), "{name}");
    }
    assert!(
        here.run(&["settings", "get", "none"])
            .expect(2)
            .stderr
            .contains("[possible values: auth, ")
    );
}

#[test]
fn signing_keys_are_rotated_and_the_audit_log_has_it() {
    let here = Here::new();
    here.site.register("ada@example.com");
    let rotated = here.run(&["signing-keys", "rotate"]).expect(0);
    assert!(rotated.stderr.starts_with("the new key is "), "{}", rotated.stderr);
    assert!(here.text(&["signing-keys", "list"]).lines().count() >= 2);
    let log = here.text(&["audit", "--action", "signing_key.rotated"]);
    assert!(
        log.contains("  signing_key.rotated  ") && log.lines().count() == 1,
        "{log}"
    );
    assert!(here.text(&["audit", "--all"]).contains("  signing_key.rotated  "));
}

#[test]
fn what_is_not_there_says_what_is() {
    let here = Here::new();
    let nowhere = here.refused(&["users", "list", "--environment", "producton"]);
    assert!(nowhere.contains("development"), "{nowhere}");
}

#[test]
fn shells_complete_every_command() {
    let directory = project(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(directory.path(), &["completions", shell]).expect(0).stdout;
        assert!(
            script.contains("signing-keys") && script.contains("rotate-secret"),
            "{shell}"
        );
    }
}
