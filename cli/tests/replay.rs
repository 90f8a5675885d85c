//! `aerocall replay`, `cases` and `backtest` against a server: what happened there, run again there and here.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    server::Site,
    support::{project, run},
};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
/// Denies free mail, and asks the cache first.
const GATE: &str = "export const beforeSignup = async (context: any, { user }: any, { cache }: any) => {
  const tries = Number((await cache.get('tries')) ?? 0) + 1;
  await cache.set('tries', tries);
  if (user.email.endsWith('@gmail.com')) return { deny: { code: 'free_mail', message: 'no free mail' } };
  return { patch: { user: { metadata: { tries, drawn: Math.random(), at: Date.now() } } } };
};
";

fn site() -> (Site, TempDir) {
    let (site, here) = (
        Site::new(&[]),
        project(&[("aerocall.toml", TOML), ("hooks/gate.ts", GATE)]),
    );
    site.deploy(here.path(), &[]).expect(0);
    (site, here)
}

/// The id of the newest invocation of the hook, once there are so many.
fn newest(site: &Site, here: &TempDir, count: usize) -> String {
    for _ in 0..100 {
        let logs = site
            .run(here.path(), &["logs", "--hook", "gate", "--json"])
            .expect(0)
            .json();
        let calls = logs["invocations"].as_array().unwrap();
        if calls.len() >= count {
            return calls[0]["id"].as_str().unwrap().to_owned();
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("there are no {count} invocations");
}

#[test]
fn an_invocation_is_replayed_on_the_server_and_here() {
    let (site, here) = site();
    site.register("ada@work.example");
    let id = newest(&site, &here, 1);
    let replay = |more: &[&str]| site.run(here.path(), &[&["replay", id.as_str(), "--json"], more].concat());
    let there = replay(&[]).expect(0).json();
    assert_eq!(there["verdict"], "identical", "{there}");
    let local = replay(&["--bundle", "hooks/gate.ts"]).expect(0).json();
    assert_eq!(local["verdict"], "identical", "{local}");
    assert_eq!(
        (&local["replayed"], &local["target"]["digest"]),
        (&there["replayed"], &there["target"]["digest"])
    );
    let text = site.run(here.path(), &["replay", id.as_str()]).expect(0).stdout;
    assert!(text.starts_with(&format!("identical  {id}\n")), "{text}");

    std::fs::write(
        here.path().join("hooks/gate.ts"),
        GATE.replace("'@gmail.com'", "'@work.example'"),
    )
    .unwrap();
    let changed = replay(&["--bundle", "."]).expect(1).json();
    assert_eq!(
        (&changed["verdict"], &changed["replayed"]["outcome"]),
        (&json!("changed"), &json!("deny")),
        "{changed}"
    );
    std::fs::write(
        here.path().join("hooks/gate.ts"),
        GATE.replace("get('tries')", "get('others')"),
    )
    .unwrap();
    let diverged = replay(&["--bundle", "hooks/gate.ts"]).expect(1).json();
    assert_eq!(
        (&diverged["verdict"], &diverged["divergesAt"]["call"]),
        (&json!("diverged"), &json!(1)),
        "{diverged}"
    );

    let failed = replay(&["--fail", "cache.get#1=timeout"]).expect(1).json();
    assert_eq!(
        (&failed["verdict"], &failed["replayed"]["outcome"]),
        (&json!("changed"), &json!("hook_failed")),
        "{failed}"
    );
    replay(&["--fail", "cache.get"]).expect(2);
    let gone = format!("inv_{}", "0".repeat(32));
    let unknown = site.run(here.path(), &["replay", &gone, "--json"]).expect(3).json();
    assert_eq!(unknown["reason"]["code"], "expired", "{unknown}");
}

#[test]
fn a_case_is_made_of_an_invocation_pulled_tested_changed_and_pushed() {
    let (site, here) = site();
    site.register("jane.doe@gmail.com");
    let id = newest(&site, &here, 1);
    let made = site
        .run(here.path(), &["cases", "make", &id, "--name", "free-mail", "--json"])
        .expect(0)
        .json();
    assert!(!made.to_string().contains("jane"), "{made}");
    site.run(here.path(), &["cases", "pull"]).expect(0);
    let path = here.path().join("tests/cases/gate/free-mail.json");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(document["expect"]["reply"]["code"], "free_mail");
    let tested = run(here.path(), &["test", "--json"]).expect(0).json();
    assert_eq!(
        (&tested["passed"], &tested["failed"]),
        (&json!(1), &json!(0)),
        "{tested}"
    );

    let mut changed = document;
    changed["expect"]["reply"]["code"] = json!("other");
    std::fs::write(&path, changed.to_string()).unwrap();
    let tested = run(here.path(), &["test", "--json"]).expect(1).json();
    assert!(
        tested["cases"][0]["problems"].to_string().contains("reply.code"),
        "{tested}"
    );
    site.run(here.path(), &["cases", "push"]).expect(0);
    let ran = site
        .run(here.path(), &["cases", "run", "gate", "--json"])
        .expect(1)
        .json();
    assert_eq!(
        (&ran["failed"], &ran["cases"][0]["name"]),
        (&json!(1), &json!("free-mail")),
        "{ran}"
    );
    let listed = site.run(here.path(), &["cases", "list", "gate"]).expect(0).stdout;
    assert!(listed.starts_with("free-mail  beforeSignup"), "{listed}");
    site.run(here.path(), &["cases", "delete", "gate", "free-mail"])
        .expect(0);
    assert_eq!(
        site.run(here.path(), &["cases", "run", "gate", "--json"])
            .expect(0)
            .json()["passed"],
        0
    );
}

#[test]
fn a_backtest_prints_decisions_then_and_now() {
    let (site, here) = site();
    for (count, email) in ["a@work.example", "b@gmail.com", "c@work.example"].iter().enumerate() {
        site.register(email);
        newest(&site, &here, count + 1);
    }
    let same = site.run(here.path(), &["backtest", "gate"]).expect(0).stdout;
    assert!(same.contains("     3 decide the same"), "{same}");
    assert!(same.contains("Nothing outside was touched."), "{same}");
    std::fs::write(
        here.path().join("hooks/gate.ts"),
        GATE.replace("'@gmail.com'", "'@work.example'"),
    )
    .unwrap();
    site.deploy(here.path(), &[]).expect(0);
    let changed = site
        .run(here.path(), &["backtest", "gate", "--version", "2", "--json"])
        .expect(1)
        .json();
    let figures = &changed["figures"];
    assert_eq!(
        (&figures["nowDenied"], &figures["nowAllowed"], &figures["same"]),
        (&json!(2), &json!(1), &json!(0)),
        "{changed}"
    );
    assert_eq!(changed["samples"].as_array().unwrap().len(), 3);
    let text = site
        .run(here.path(), &["backtest", "gate", "--version", "2"])
        .expect(1)
        .stdout;
    assert!(
        text.contains("     1 would now be let in") && text.contains("then, now"),
        "{text}"
    );
    let plan = site
        .run(here.path(), &["backtest", "gate", "--plan", "--json"])
        .expect(0)
        .json();
    assert_eq!(plan["replayable"], 3, "{plan}");
}
