//! What nodes do not keep in memory, or keep under another name: secrets, hosts, endpoints, the switch of a hook. A change is
//! live on the other node within a second, whichever database they share.

use std::time::Instant;

use super::*;
use crate::webhooks::receiver::Receiver;

/// What a hook on the other node reports of what it was asked to do.
const PROBE: &str = "
export const config = { capabilities: { http: ['*'], secrets: ['token'] } };
export const beforeSignup = async (_c: any, payload: any, Aerocall: any): Promise<any> => {
  const { ask } = payload.user.metadata;
  let reported;
  try {
    if (ask === 'secret') {
      const secret = await Aerocall.secrets.get('token');
      reported = [...(await secret.hmac('SHA-256', 'x'))].join('.');
    } else {
      reported = String((await fetch(ask)).status);
    }
  } catch (error: any) { reported = error.code; }
  throw new Aerocall.Deny(reported, { code: 'reported' });
};";

/// What the hook says at this node; `not reported` where it does not run.
fn reported(site: &Site, project: &Project, ask: &str) -> String {
    let email = format!("{}@example.com", crate::services::unique("probe"));
    let body = json!({ "email": email, "password": PASSWORD, "metadata": { "ask": ask } });
    let answer = site.register(&project.pk, body);
    match answer.status {
        201 => "not reported".to_owned(),
        _ => answer.json["error"]["message"].as_str().unwrap().to_owned(),
    }
}

/// How long it takes until the other node says something that fits.
fn time_until(site: &Site, project: &Project, ask: &str, fits: impl Fn(&str) -> bool) -> Duration {
    let began = Instant::now();
    until(|| fits(&reported(site, project, ask)).then(|| began.elapsed()))
}

fn put(site: &Site, path: &str, body: Value) {
    let put = site.admin("PUT", &format!("{ENVIRONMENT}/{path}"), Some(body));
    assert!(put.status < 300, "{put:?}");
}

/// Changes at one node, looked at from the other one.
fn the_rest_follows(one: &Site, other: &Site) {
    let project = one.project("a");
    one.live("a", &[("probe", PROBE)]);
    time_until(other, &project, "secret", |reported| reported == "not_found");
    secrets(one, other, &project);
    hosts(one, other, &project);
    switches(one, other, &project);
    endpoints(one, other, &project);
}

fn secrets(one: &Site, other: &Site, project: &Project) {
    let mut seen = vec!["not_found".to_owned()];
    let times = ["first", "second", "third"].map(|value| {
        put(one, "secrets/token", json!({ "value": value, "hosts": [] }));
        let time = time_until(other, project, "secret", |reported| {
            !seen.contains(&reported.to_owned())
        });
        let now = reported(other, project, "secret");
        assert_eq!(now, reported(one, project, "secret"), "the same at both");
        seen.push(now);
        time
    });
    assert_soon("secrets", &times);
    assert_eq!(
        one.admin("DELETE", &format!("{ENVIRONMENT}/secrets/token"), None)
            .status,
        200
    );
    assert_soon(
        "a deleted secret",
        &[time_until(other, project, "secret", |reported| reported == "not_found")],
    );
}

fn hosts(one: &Site, other: &Site, project: &Project) {
    let receiver = Receiver::new();
    let (url, host) = (receiver.url(), receiver.origin().replace("http://", ""));
    assert_eq!(reported(other, project, &url), "200");
    let times = [
        ("api.example.com", "denied"),
        (host.as_str(), "200"),
        ("api.example.com", "denied"),
    ]
    .map(|(allowed, expected)| {
        put(one, "settings/http", json!({ "hosts": [allowed] }));
        time_until(other, project, &url, |reported| reported == expected)
    });
    assert_soon("hosts", &times);
}

fn switches(one: &Site, other: &Site, project: &Project) {
    let times = [
        (false, "not reported"),
        (true, "denied"),
        (false, "not reported"),
        (true, "denied"),
    ]
    .map(|(enabled, expected)| {
        let switched = one.admin(
            "PATCH",
            &format!("{ENVIRONMENT}/hooks/probe"),
            Some(json!({ "enabled": enabled })),
        );
        assert_eq!(switched.status, 200, "{switched:?}");
        time_until(other, project, "http://api.example.org/", |reported| {
            reported == expected
        })
    });
    assert_soon("the switch of a hook", &times);
}

/// An endpoint that is made at one node gets what happens at the other, and nothing once it is disabled.
fn endpoints(one: &Site, other: &Site, project: &Project) {
    let receiver = Receiver::new();
    let path = format!("{ENVIRONMENT}/webhooks");
    let made = one.admin(
        "POST",
        &path,
        Some(json!({ "url": receiver.url(), "events": ["auth.login.failed"] })),
    );
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(other.login(&project.pk, "nobody@example.com", PASSWORD).status, 401);
    receiver.until(1);
    let one_path = format!("{path}/{}", made.json["id"].as_str().unwrap());
    assert_eq!(
        one.admin("PATCH", &one_path, Some(json!({ "state": "disabled" })))
            .status,
        200
    );
    assert_eq!(other.login(&project.pk, "nobody@example.com", PASSWORD).status, 401);
    one.idle();
    other.idle();
    assert_eq!(receiver.received().len(), 1);
}

const OPEN: (&str, &str) = ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32");

#[test]
fn secrets_hosts_switches_and_endpoints_follow_on_postgresql() {
    let Some(core) = Postgres::new() else { return };
    let url = core.url(Postgres::ADDRESS);
    the_rest_follows(&node(&url, &[OPEN]), &node(&url, &[OPEN]));
}

#[test]
fn secrets_hosts_switches_and_endpoints_follow_on_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/core.db", directory.path().display());
    the_rest_follows(&node(&url, &[OPEN]), &node(&url, &[OPEN]));
}
