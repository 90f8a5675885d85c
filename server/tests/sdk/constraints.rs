//! Constraints that wait for the commit: a hook that leaves one broken has failed before its flow is committed, and a job whose
//! writes cannot be committed has failed in its records and figures, too.

use serde_json::{Value, json};

use super::queue::{QUICK, jobs};
use crate::{
    bundles::hook,
    services::with_postgres,
    site::{Answer, PASSWORD, Project, Site, until},
};

const TABLES: &str = "
    CREATE TABLE teams (id INTEGER PRIMARY KEY);
    CREATE TABLE members (team INTEGER NOT NULL REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED, by TEXT NOT NULL);";

/// Member of a team that there is not, with a message that must not be sent.
const BROKEN: &str = "await Aerocall.Queue.enqueue('told', 1, { delaySeconds: 600 });
    await Aerocall.db.execute(\"INSERT INTO members (team, by) VALUES (7, 'broken')\");";
/// The team comes after its member.
const WHOLE: &str = "await Aerocall.db.execute(\"INSERT INTO members (team, by) VALUES (1, 'whole')\");
    await Aerocall.db.execute('INSERT INTO teams (id) VALUES (1)');";
/// Relies on a constraint that goes on to wait after it was checked.
const LATER: &str = "await Aerocall.db.transaction(async (tx) => {
        await tx.execute(\"INSERT INTO members (team, by) VALUES (2, 'later')\");
    });
    await Aerocall.db.execute('INSERT INTO teams (id) VALUES (2)');";

/// Deploys hooks with their failure policies.
fn deploy(site: &Site, hooks: &[(&str, String, &str)]) {
    let line = |(name, source, policy): &(&str, String, &str)| json!({ "name": name, "number": site.version("a", name, source), "failurePolicy": policy });
    let body = json!({
        "hooks": hooks.iter().map(line).collect::<Vec<_>>(), "migrations": [{ "name": "1", "sql": TABLES }],
    });
    let answer = site.admin("POST", "/projects/a/environments/production/deployments", Some(body));
    assert_eq!(answer.status, 201, "{answer:?}");
}

fn sign_up(site: &Site, project: &Project, email: &str) -> Answer {
    site.register(&project.pk, json!({ "email": email, "password": PASSWORD }))
}

/// Who is a member, as a hook of a sign-up sees it.
fn members(site: &Site, project: &Project, email: &str) -> Value {
    let look = "const rows = await Aerocall.db.query('SELECT by FROM members ORDER BY by');
        throw new Aerocall.Deny(JSON.stringify(rows.map((row) => row.by)), { code: 'seen' });";
    deploy(site, &[("look", hook("beforeSignup", look), "closed")]);
    let answer = sign_up(site, project, email);
    assert_eq!(answer.code(), "seen", "{answer:?}");
    serde_json::from_str(answer.json["error"]["message"].as_str().unwrap()).unwrap()
}

/// Outcome and message of the invocations of a hook.
fn recorded(site: &Site, hook: &str, at_least: usize) -> Vec<(String, String)> {
    let path = "/projects/a/environments/production/invocations";
    let listed = until(|| {
        let list = site.admin("GET", &format!("{path}?hook={hook}"), None).json;
        let list = list["invocations"].as_array()?.clone();
        (list.len() >= at_least).then_some(list)
    });
    let whole = |row: &Value| {
        let one = site
            .admin("GET", &format!("{path}/{}", row["id"].as_str().unwrap()), None)
            .json;
        assert_eq!(one["outcome"], row["outcome"]);
        let message = one["reply"]["message"].as_str().unwrap_or_default().to_owned();
        (one["outcome"].as_str().unwrap().to_owned(), message)
    };
    listed.iter().map(whole).collect()
}

fn counted(site: &Site, what: &str) -> bool {
    site.page("/metrics", &[]).2.contains(what)
}

fn a_hook_that_breaks_one_fails_before_the_flow_is_committed(site: &Site) {
    let project = site.project("a");
    let (broken, whole) = (hook("beforeSignup", BROKEN), hook("beforeSignup", WHOLE));
    deploy(
        site,
        &[("whole", whole.clone(), "closed"), ("broken", broken.clone(), "closed")],
    );
    let answer = sign_up(site, &project, "ada@example.com");
    assert_eq!((answer.status, answer.code()), (502, "hook_failed"), "{answer:?}");
    let (outcome, message) = recorded(site, "broken", 1).remove(0);
    assert_eq!(outcome, "hook_failed");
    let start = "the effects of the hook could not be kept: ";
    assert!(
        message.starts_with(start) && message.to_lowercase().contains("foreign key"),
        "{message}"
    );
    let count = "aerocall_hook_calls_total{point=\"beforeSignup\",outcome=\"hook_failed\"} 1";
    assert!(counted(site, count));

    // Let pass, it has done nothing, and the others have: those before it and those after.
    let later = hook("beforeSignup", LATER);
    deploy(
        site,
        &[
            ("whole", whole, "closed"),
            ("broken", broken, "open"),
            ("later", later, "closed"),
        ],
    );
    let answer = sign_up(site, &project, "ada@example.com");
    assert_eq!(answer.status, 201, "nothing of the refused one was kept: {answer:?}");
    assert_eq!(jobs(site, &project, ""), Vec::<Value>::new());
    assert_eq!(members(site, &project, "bob@example.com"), json!(["later", "whole"]));
}

/// The first statement of a request begins the transaction, so nothing but all of it can be undone.
fn the_first_hook_is_undone_as_well(site: &Site) {
    let project = site.project("a");
    let hooks = [
        ("broken", hook("beforeSignup", BROKEN), "open"),
        ("whole", hook("beforeSignup", WHOLE), "closed"),
    ];
    deploy(site, &hooks);
    assert_eq!(sign_up(site, &project, "ada@example.com").status, 201);
    assert_eq!(jobs(site, &project, ""), Vec::<Value>::new());
    assert_eq!(members(site, &project, "bob@example.com"), json!(["whole"]));
}

fn a_job_whose_writes_cannot_be_committed_has_failed(site: &Site) {
    let project = site.project("a");
    let send = hook("afterSignup", "await Aerocall.Queue.enqueue('join', 1);");
    let join = format!(
        "export const on = {{ 'queue.join': async (context: any, job: any, Aerocall: any) => {{ {BROKEN} }} }};"
    );
    deploy(site, &[("send", send, "closed"), ("join", join, "closed")]);
    assert_eq!(sign_up(site, &project, "ada@example.com").status, 201);
    let dead = until(|| jobs(site, &project, "?state=dead").pop());
    assert_eq!(dead["attempts"], 3);
    let error = dead["error"].as_str().unwrap();
    assert!(
        error.starts_with("hook_failed: ") && error.to_lowercase().contains("foreign key"),
        "{error}"
    );
    let recorded = recorded(site, "join", 3);
    assert!(
        recorded.iter().all(|(outcome, _)| outcome == "hook_failed"),
        "{recorded:?}"
    );
    let metrics = site.page("/metrics", &[]).2;
    let counts: Vec<&str> = metrics
        .lines()
        .filter(|line| line.contains("hook_calls_total"))
        .collect();
    assert!(
        counts.iter().any(|line| line.contains("hook_failed\"} 3")),
        "{counts:#?}"
    );
    assert!(
        !counts
            .iter()
            .any(|line| line.contains("queue") && line.contains("allow")),
        "{counts:#?}"
    );
    assert_eq!(members(site, &project, "bob@example.com"), json!([]));
}

macro_rules! on_every_database {
    ($($test:ident,)*) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test(&super::Site::with(&super::QUICK)); })*
        }
        mod postgres {
            $(#[test] fn $test() { super::with_postgres(&super::QUICK, |site| super::$test(site)); })*
        }
    };
}

on_every_database! {
    a_hook_that_breaks_one_fails_before_the_flow_is_committed,
    the_first_hook_is_undone_as_well,
    a_job_whose_writes_cannot_be_committed_has_failed,
}
