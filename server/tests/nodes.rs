//! Several nodes on one database: what one of them changes, the others have.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    logbook,
    services::Postgres,
    site::{PASSWORD, Project, Site, until},
};

mod clocks;
mod connections;
mod contention;
mod engines;
mod key;
mod late;
mod readiness;
mod refusals;
mod rest;
mod used_up;

/// The master key that the nodes of a test share.
pub(crate) const KEY: &str = "c2V2ZXJhbCBub2RlcywgYW5kIG9uZSBtYXN0ZXIga2U=";
const ENVIRONMENT: &str = "/projects/a/environments/production";
const SOON: Duration = Duration::from_secs(1);

/// A node with its own data directory, on a database that others use as well.
fn node(database: &str, env: &[(&str, &str)]) -> Site {
    let own = [("AEROCALL_DATABASE_URL", database), ("AEROCALL_MASTER_KEY", KEY)];
    Site::on(tempfile::tempdir().unwrap(), &[&own, env].concat())
}

/// Refuses every sign-up with this code.
fn gate(code: &str) -> String {
    hook(
        "beforeSignup",
        &format!("throw new Aerocall.Deny('no', {{ code: '{code}' }});"),
    )
}

/// What a sign-up is answered: the code of a refusal, or `created`.
fn sign_up(site: &Site, project: &Project, email: &str) -> String {
    let answer = site.register(&project.pk, json!({ "email": email, "password": PASSWORD }));
    match answer.status {
        201 => "created".to_owned(),
        _ => answer.code().to_owned(),
    }
}

/// How long it takes until the node answers a sign-up like this.
fn time_to(site: &Site, project: &Project, expected: &str) -> Duration {
    let (began, mut count) = (Instant::now(), 0);
    until(|| {
        count += 1;
        let email = format!("{expected}{count}.{}@example.com", began.elapsed().as_nanos());
        (sign_up(site, project, &email) == expected).then(|| began.elapsed())
    })
}

/// A machine that does something else for a moment proves nothing: the quickest of some counts.
fn assert_soon(what: &str, times: &[Duration]) {
    assert!(times.iter().any(|time| *time < SOON), "{what}: {times:?}");
}

/// Everything that one node changes, asked for at another one. `before`: what happens before each change. The quickest time
/// of a change that was made right after another one had arrived: where changes are only looked for, it is nearly the whole
/// time between two looks.
fn follows(one: &Site, other: &Site, before: impl Fn()) -> Duration {
    let project = one.project("a");
    assert_eq!(
        sign_up(other, &project, "first@example.com"),
        "created",
        "its key, too, at once"
    );
    deployments(one, other, &project, &before);
    let quickest = settings(one, other, &project, &before);
    keys(one, other, &project, &before);
    quickest
}

fn deployments(one: &Site, other: &Site, project: &Project, before: &impl Fn()) {
    let numbers: Vec<u64> = ["v1", "v2"].map(|code| one.version("a", "gate", &gate(code))).into();
    let deploy = |line: Value| {
        before();
        let deployed = one.deploy("a", json!([line]));
        assert_eq!(deployed.status, 201, "{deployed:?}");
    };
    let at = |index: usize| json!({ "name": "gate", "number": numbers[index] });
    let mut times = Vec::new();
    for (line, expected) in [
        (at(0), "v1"),
        (at(1), "v2"),
        (
            json!({ "name": "gate", "number": numbers[1], "enabled": false }),
            "created",
        ),
        // A rollback is a deployment that points back.
        (at(0), "v1"),
    ] {
        deploy(line);
        times.push(time_to(other, project, expected));
    }
    assert_soon("deployments", &times);
    let number = |site: &Site| site.admin("GET", &format!("{ENVIRONMENT}/hooks"), None).json["number"].clone();
    assert_eq!((number(one), number(other)), (json!(4), json!(4)));
    // The other way round, and over what came from here.
    let deployed = other.deploy("a", json!([{ "name": "gate", "number": numbers[1], "enabled": false }]));
    assert_eq!(deployed.json["number"], 5, "{deployed:?}");
    time_to(one, project, "created");
}

fn settings(one: &Site, other: &Site, project: &Project, before: &impl Fn()) -> Duration {
    let put = |name: &str, body: Value| {
        before();
        let put = one.admin("PUT", &format!("{ENVIRONMENT}/settings/{name}"), Some(body));
        assert_eq!(put.status, 200, "{put:?}");
        Instant::now()
    };
    let mut times = Vec::new();
    for open in [false, true, false, true] {
        put("auth", json!({ "signUp": open }));
        times.push(time_to(other, project, if open { "created" } else { "not_enabled" }));
    }
    assert_soon("settings", &times);
    let fuel = |site: &Site| {
        let live = site.admin("GET", &format!("{ENVIRONMENT}/hooks"), None);
        live.json["hooks"][0]["limits"]["fuel"].as_u64().unwrap()
    };
    let times = [60_000_000, 70_000_000, 80_000_000, 90_000_000].map(|most| {
        let began = put("limits", json!({ "fuel": most }));
        until(|| (fuel(other) == most).then(|| began.elapsed()))
    });
    assert_soon("limits", &times);
    times[1..].iter().min().copied().unwrap()
}

fn keys(one: &Site, other: &Site, project: &Project, before: &impl Fn()) {
    let times = [1, 2, 3].map(|round| {
        let old = one
            .registered(&project.pk, &format!("keys{round}@example.com"))
            .token()
            .to_owned();
        assert_eq!(other.me(&project.pk, &old).status, 200);
        before();
        let rotated = one.admin(
            "POST",
            &format!("{ENVIRONMENT}/signing-keys/rotate"),
            Some(json!({ "immediately": true })),
        );
        assert_eq!(rotated.status, 201, "{rotated:?}");
        let began = Instant::now();
        let time = until(|| (other.me(&project.pk, &old).status == 401).then(|| began.elapsed()));
        let new = one.login(&project.pk, &format!("keys{round}@example.com"), PASSWORD);
        assert_eq!(other.me(&project.pk, new.token()).status, 200);
        time
    });
    assert_soon("signing keys", &times);
}

/// The process ids of the connections that listen for changes.
fn listeners(core: &Postgres, then: &str) -> Vec<String> {
    let of_this = "application_name = 'aerocall listener' AND datname = current_database()";
    core.run(&format!("SELECT {then}::text FROM pg_stat_activity WHERE {of_this}"))
}

#[test]
fn nodes_on_postgresql_follow_each_other() {
    let Some(core) = Postgres::new() else { return };
    let url = core.url(Postgres::ADDRESS);
    let [one, other] = [node(&url, &[]), node(&url, &[])];
    until(|| (listeners(&core, "pid").len() == 2).then_some(()));
    let quickest = follows(&one, &other, || {});
    assert!(
        quickest < Duration::from_millis(250),
        "heard, not looked for: {quickest:?}"
    );
}

#[test]
fn nodes_on_postgresql_follow_each_other_when_nothing_is_heard() {
    let Some(core) = Postgres::new() else { return };
    let url = core.url(Postgres::ADDRESS);
    let [one, other] = [node(&url, &[]), node(&url, &[])];
    until(|| (listeners(&core, "pid").len() == 2).then_some(()));
    follows(&one, &other, || drop(listeners(&core, "pg_terminate_backend(pid)")));
    // And they begin to listen again.
    until(|| (listeners(&core, "pid").len() == 2).then_some(()));
}

#[test]
fn nodes_on_one_file_follow_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/core.db", directory.path().display());
    let [one, other] = [node(&url, &[]), node(&url, &[])];
    follows(&one, &other, || {});
}
