//! Rollouts: a version of a hook beside the live one.

mod canary;
mod ends;
mod model;
mod refusals;
mod shadow;

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Project, Site},
};

const ENVIRONMENT: &str = "/projects/a/environments/production";
const ROLLOUT: &str = "/projects/a/environments/production/hooks/gate/rollout";
const HOUR_MS: i64 = 3_600_000;

/// A time from now, by the server's clock.
pub(crate) fn later(site: &Site, ms: i64) -> String {
    let at = i128::from(site.running().clock().now_ms() + ms) * 1_000_000;
    let at = OffsetDateTime::from_unix_timestamp_nanos(at).unwrap();
    at.format(&Rfc3339).unwrap()
}

fn put(site: &Site, body: Value) -> Answer {
    site.admin("PUT", ROLLOUT, Some(body))
}

/// With a body that has an end in an hour and what else is given.
fn begin(site: &Site, kind: &str, version: u64, more: Value) -> Answer {
    let mut body = json!({ "kind": kind, "version": version, "until": later(site, HOUR_MS) });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    put(site, body)
}

fn canary(site: &Site, version: u64, share: f64) -> Answer {
    begin(site, "canary", version, json!({ "share": share }))
}

fn shown(site: &Site) -> Value {
    let answer = site.admin("GET", ROLLOUT, None);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

/// A hook that marks whoever signs up or logs in.
fn marking(mark: &str) -> String {
    let body = format!("return {{ patch: {{ user: {{ metadata: {{ mark: '{mark}' }} }} }} }};");
    format!("{}\n{}", hook("beforeSignup", &body), hook("beforeLogin", &body))
}

/// Two versions, of which the first is live.
fn two(site: &Site, project: &str, first: &str, second: &str) -> [u64; 2] {
    let one = site.live(project, &[("gate", first)])[0];
    [one, site.version(project, "gate", second)]
}

fn signed_up(site: &Site, project: &Project, email: &str) -> Answer {
    site.register(&project.pk, json!({ "email": email, "password": PASSWORD }))
}

/// The mark that a sign-up or a login leaves.
fn mark(answer: &Answer) -> String {
    let mark = answer.json["user"]["metadata"]["mark"].as_str();
    mark.unwrap_or_else(|| panic!("no mark: {answer:?}")).to_owned()
}

fn audit(site: &Site, action: &str) -> Vec<Value> {
    let log = site.admin("GET", &format!("{ENVIRONMENT}/audit?limit=200"), None).json;
    let lines = log["audit"].as_array().unwrap().iter();
    lines.filter(|line| line["action"] == action).cloned().collect()
}
