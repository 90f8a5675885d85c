//! `aerocall rollout`: a version beside the live one, against the binary itself.

use std::{
    fs,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::{server::Site, support::project, until::until as wait};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";

fn gate(mark: &str) -> String {
    format!(
        "export const beforeSignup = async () => ({{ patch: {{ user: {{ metadata: {{ mark: '{mark}' }} }} }} }});\n"
    )
}

fn mark(site: &Site, email: &str) -> Value {
    site.register(email).1["user"]["metadata"]["mark"].clone()
}

/// Noon of the day after tomorrow, in UTC (the days of a year by Howard Hinnant's `civil_from_days`).
fn later() -> String {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400 + 2;
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T12:00:00Z")
}

#[test]
fn a_version_is_tried_stopped_and_promoted() {
    let site = Site::new(&[]);
    let hooks = project(&[("aerocall.toml", TOML), ("hooks/gate.ts", &gate("one"))]);
    let run = |arguments: &[&str]| site.run(hooks.path(), &[&["rollout"], arguments].concat());
    site.deploy(hooks.path(), &[]).expect(0);
    fs::write(hooks.path().join("hooks/gate.ts"), gate("two")).unwrap();
    site.deploy(hooks.path(), &[]).expect(0);
    site.run(hooks.path(), &["rollback"]).expect(0);
    assert_eq!(mark(&site, "a@work.example"), "one");

    let until = later();
    let start = ["start", "gate", "--version", "2", "--until", &until];
    run(&start).expect(2);
    run(&[&start[..], &["--shadow", "--canary", "5"]].concat()).expect(2);
    let whole = run(&[&start[..], &["--canary", "100", "--min-calls", "2"]].concat()).expect(0);
    assert!(
        whole.stdout.contains("canary 100 % of version 2, live 1: running"),
        "{}",
        whole.stdout
    );
    assert!(
        whole.stdout.contains("0 of 2 calls: too early to say"),
        "{}",
        whole.stdout
    );
    assert_eq!(mark(&site, "b@work.example"), "two");
    assert_eq!(mark(&site, "c@work.example"), "two");
    let shown = run(&["status", "gate", "--json"]).expect(0).json();
    assert_eq!(
        (&shown["verdict"], &shown["comparison"]["candidate"]["calls"]),
        (&json!("holding"), &json!(2)),
        "{shown}"
    );
    let logs = |arguments: &[&str]| site.run(hooks.path(), &[&["logs"], arguments].concat()).expect(0);
    let count = |side: &str| {
        let shown = logs(&["--mode", side, "--json"]).json();
        shown["invocations"].as_array().unwrap().len()
    };
    wait(|| (count("canary") == 2).then_some(()));
    assert_eq!((count("live"), count("shadow")), (1, 0));
    let text = logs(&["--mode", "canary", "--limit", "1"]).stdout;
    assert!(text.contains("beforeSignup of gate v2 (canary) patch"), "{text}");
    let text = logs(&["--mode", "live"]).stdout;
    assert!(text.contains("beforeSignup of gate v1 patch"), "{text}");
    site.run(hooks.path(), &["logs", "--mode", "other"]).expect(2);
    let listed = run(&["list"]).expect(0);
    assert!(listed.stdout.starts_with("gate  canary"), "{}", listed.stdout);
    let stopped = run(&["stop", "gate"]).expect(0);
    assert!(stopped.stdout.contains("stopped by "), "{}", stopped.stdout);
    assert_eq!(mark(&site, "d@work.example"), "one");
    run(&["status", "gate"]).expect(0);

    run(&[&start[..], &["--shadow"]].concat()).expect(0);
    let refused = run(&[&start[..], &["--canary", "5", "--json"]].concat())
        .expect(1)
        .json();
    assert_eq!(refused["error"]["code"], "rollout_conflict");
    let promoted = run(&["promote", "gate", "--message", "Two is good"]).expect(0);
    assert!(promoted.stdout.ends_with("is live\n"), "{}", promoted.stdout);
    assert_eq!(mark(&site, "e@work.example"), "two");
    let over = run(&["promote", "gate", "--json"]).expect(1).json();
    assert_eq!(over["error"]["code"], "rollout_over");
}
