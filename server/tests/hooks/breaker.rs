//! Hooks that keep failing: not run for a while, what their policy says meanwhile, and that they come back.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Site},
};

/// Fails for whoever is called so.
const BROKEN: &str = "if (payload.user.email.startsWith('bad')) throw new Error('broken');";
/// As the server counts: so many of the last twenty.
const FAILURES: usize = 15;

fn deploy(site: &Site, line: Value) {
    let mut whole = json!({ "name": "broken", "number": site.version("a", "broken", &hook("beforeSignup", BROKEN)) });
    for (name, value) in line.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let deployed = site.deploy("a", json!([whole]));
    assert_eq!(deployed.status, 201, "{deployed:?}");
}

fn breaker(site: &Site) -> String {
    let live = site.admin("GET", "/projects/a/environments/production/hooks", None);
    live.json["hooks"][0]["breaker"].as_str().unwrap().to_owned()
}

fn sign_up(site: &Site, pk: &str, email: &str) -> Answer {
    site.register(pk, json!({ "email": email, "password": PASSWORD }))
}

fn fail(site: &Site, pk: &str, times: usize) -> Vec<String> {
    (0..times)
        .map(|turn| {
            let answer = sign_up(site, pk, &format!("bad{turn}@example.com"));
            if answer.status == 201 {
                "201".to_owned()
            } else {
                answer.code().to_owned()
            }
        })
        .collect()
}

#[test]
fn a_closed_hook_that_keeps_failing_refuses_at_once_and_comes_back() {
    let site = Site::new();
    let pk = site.project("a").pk;
    deploy(&site, json!({}));
    assert_eq!(breaker(&site), "closed");
    assert_eq!(fail(&site, &pk, FAILURES - 1), vec!["hook_failed"; FAILURES - 1]);
    assert_eq!(sign_up(&site, &pk, "good@example.com").status, 201, "not yet");
    assert_eq!(fail(&site, &pk, 2), ["hook_failed", "hook_unavailable"]);
    assert_eq!(breaker(&site), "open");
    let good = sign_up(&site, &pk, "good2@example.com");
    assert_eq!(
        (good.status, good.code(), good.json["error"]["hook"].as_str()),
        (503, "hook_unavailable", Some("broken"))
    );
    assert_eq!(good.header("retry-after"), "1");
    site.running().clock().advance_ms(5_000);
    assert_eq!(
        sign_up(&site, &pk, "good2@example.com").status,
        201,
        "one call finds out"
    );
    assert_eq!(breaker(&site), "closed");
}

#[test]
fn an_open_hook_is_left_out_and_a_new_deployment_begins_anew() {
    let site = Site::new();
    let pk = site.project("a").pk;
    deploy(&site, json!({ "failurePolicy": "open" }));
    assert_eq!(fail(&site, &pk, FAILURES), vec!["201"; FAILURES]);
    assert_eq!(breaker(&site), "open");
    assert_eq!(sign_up(&site, &pk, "good@example.com").status, 201);
    deploy(&site, json!({ "failurePolicy": "open" }));
    assert_eq!(breaker(&site), "closed");
}

#[test]
fn a_deployment_can_do_without() {
    let site = Site::new();
    let pk = site.project("a").pk;
    deploy(&site, json!({ "breaker": false }));
    assert_eq!(fail(&site, &pk, 30), vec!["hook_failed"; 30]);
    assert_eq!(breaker(&site), "off");
}

#[test]
fn denials_are_no_failures() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let source = hook("beforeSignup", "return { deny: { code: 'no' } };");
    site.live("a", &[("broken", &source)]);
    assert_eq!(fail(&site, &pk, 25), vec!["no"; 25]);
    assert_eq!(breaker(&site), "closed");
}
