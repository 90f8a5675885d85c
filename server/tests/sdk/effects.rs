//! Staged effects: what hooks do happens with the flow, once, or not at all.

use serde_json::{Value, json};

use super::queue::{QUICK, jobs};
use crate::{
    bundles::hook,
    site::{PASSWORD, Site},
};

const SEND: &str = "await Aerocall.Queue.enqueue('mails', { to: payload.user.email }, { delaySeconds: 600 });";

/// Queues of the jobs that wait.
fn waiting(site: &Site, project: &crate::site::Project) -> Vec<Value> {
    jobs(site, project, "")
        .into_iter()
        .map(|job| job["queue"].clone())
        .collect()
}

#[test]
fn a_denied_or_failed_flow_leaves_nothing_behind() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    let sign_up = |email: &str| site.register(&project.pk, json!({ "email": email, "password": PASSWORD }));
    let deny = hook("beforeSignup", "return { deny: { message: 'no' } };");
    site.live("a", &[("send", &hook("beforeSignup", SEND)), ("deny", &deny)]);
    assert_eq!(sign_up("jane@work.example").status, 403);
    assert_eq!(waiting(&site, &project), Vec::<Value>::new(), "a later hook denied");

    site.live("a", &[("send", &hook("beforeSignup", SEND))]);
    assert_eq!(sign_up("jane@work.example").status, 201);
    assert_eq!(waiting(&site, &project).len(), 1);
    assert_eq!(sign_up("jane@work.example").status, 409);
    assert_eq!(waiting(&site, &project).len(), 1, "the address was taken");
}

#[test]
fn a_hook_that_fails_and_is_let_pass_has_done_nothing() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    let first = hook(
        "beforeSignup",
        "await Aerocall.Queue.enqueue('first', 1, { delaySeconds: 600 });",
    );
    let broken = hook(
        "beforeSignup",
        "await Aerocall.Queue.enqueue('broken', 1); throw new Error('x');",
    );
    let numbers =
        [("first", &first), ("broken", &broken)].map(|(name, source)| (name, site.version("a", name, source)));
    let lines: Vec<Value> = numbers
        .iter()
        .map(|(name, number)| json!({ "name": name, "number": number, "failurePolicy": "open" }))
        .collect();
    assert_eq!(site.deploy("a", lines.into()).status, 201);
    site.registered(&project.pk, "jane@work.example");
    assert_eq!(waiting(&site, &project), vec![json!("first")]);
}

#[test]
fn effects_of_an_after_hook_happen_with_its_own_success() {
    let site = Site::with(&QUICK);
    let project = site.project("a");
    let fails = hook(
        "afterSignup",
        "await Aerocall.Queue.enqueue('fails', 1); throw new Error('x');",
    );
    let works = hook(
        "afterSignup",
        "await Aerocall.Queue.enqueue('works', 1, { delaySeconds: 600 });",
    );
    site.live("a", &[("fails", &fails), ("works", &works)]);
    site.registered(&project.pk, "jane@work.example");
    assert_eq!(waiting(&site, &project), vec![json!("works")]);
}
