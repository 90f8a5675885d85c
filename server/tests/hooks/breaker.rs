//! Hooks that keep failing: not run for a while, what their policy says meanwhile, and that they come back.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Site},
};

/// Fails for whoever is called so.
const BROKEN: &str = "if (payload.user.email.startsWith('bad')) throw new Error('broken');";
/// As the server counts: so many of the last twenty,
const FAILURES: usize = 15;
/// of so many clients.
const CLIENTS: usize = 5;

/// The client of a test says which address it has.
fn site() -> Site {
    Site::with(&[("AEROCALL_HTTP_TRUSTED_PROXIES", "127.0.0.1/32")])
}

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

fn sign_up(site: &Site, pk: &str, ip: &str, email: &str) -> Answer {
    let body = json!({ "email": email, "password": PASSWORD }).to_string();
    let headers = [
        ("x-aerocall-key", pk),
        ("content-type", "application/json"),
        ("x-forwarded-for", ip),
    ];
    site.send("POST", "/auth/register", &headers, body.as_bytes())
}

/// So many sign-ups that make the hook throw, of as many clients.
fn fail(site: &Site, pk: &str, times: usize, clients: usize) -> Vec<String> {
    (0..times)
        .map(|turn| {
            let (ip, email) = (format!("192.0.2.{}", turn % clients), format!("bad{turn}@example.com"));
            let answer = sign_up(site, pk, &ip, &email);
            if answer.status == 201 {
                "201".to_owned()
            } else {
                answer.code().to_owned()
            }
        })
        .collect()
}

#[test]
fn a_client_that_makes_a_hook_fail_takes_it_from_nobody_else() {
    let site = site();
    let pk = site.project("a").pk;
    deploy(&site, json!({}));
    // Nor do a few of them, however often.
    assert_eq!(fail(&site, &pk, 60, CLIENTS - 1), vec!["hook_failed"; 60]);
    // A network of IPv6 is one client.
    deploy(&site, json!({}));
    for host in 0..20 {
        let failed = sign_up(&site, &pk, &format!("2001:db8::{host}"), "bad@example.com");
        assert_eq!(failed.code(), "hook_failed");
    }
    assert_eq!(breaker(&site), "closed");
    assert_eq!(sign_up(&site, &pk, "198.51.100.1", "good@example.com").status, 201);
}

#[test]
fn a_hook_that_takes_too_long_rests_whoever_called_it() {
    let site = site();
    let pk = site.project("a").pk;
    let slow = hook(
        "beforeSignup",
        "if (payload.user.email.startsWith('bad')) await new Promise((r) => setTimeout(r, 5000));",
    );
    let line =
        json!([{ "name": "broken", "number": site.version("a", "broken", &slow), "limits": { "deadlineMs": 200 } }]);
    assert_eq!(site.deploy("a", line).status, 201);
    assert_eq!(fail(&site, &pk, FAILURES, 1), vec!["hook_timeout"; FAILURES]);
    assert_eq!(breaker(&site), "open");
    assert_eq!(
        sign_up(&site, &pk, "198.51.100.1", "good@example.com").code(),
        "hook_unavailable"
    );
}

#[test]
fn a_client_whose_probe_fails_keeps_the_others_waiting_no_longer() {
    let site = site();
    let pk = site.project("a").pk;
    deploy(&site, json!({}));
    fail(&site, &pk, FAILURES, CLIENTS);
    assert_eq!(breaker(&site), "open");
    site.running().clock().advance_ms(5_000);
    let probe = |ip: &str, email: &str| sign_up(&site, &pk, ip, email);
    assert_eq!(probe("192.0.2.1", "bad@example.com").code(), "hook_failed");
    assert_eq!(probe("192.0.2.1", "good@example.com").code(), "hook_unavailable");
    assert_eq!(probe("198.51.100.1", "good@example.com").status, 201);
    assert_eq!(breaker(&site), "closed");
}

#[test]
fn a_closed_hook_that_keeps_failing_refuses_at_once_and_comes_back() {
    let site = site();
    let pk = site.project("a").pk;
    deploy(&site, json!({}));
    assert_eq!(breaker(&site), "closed");
    let one_less = fail(&site, &pk, FAILURES - 1, CLIENTS);
    assert_eq!(one_less, vec!["hook_failed"; FAILURES - 1]);
    let here = "198.51.100.1";
    assert_eq!(sign_up(&site, &pk, here, "good@example.com").status, 201, "not yet");
    assert_eq!(fail(&site, &pk, 2, CLIENTS), ["hook_failed", "hook_unavailable"]);
    assert_eq!(breaker(&site), "open");
    let good = sign_up(&site, &pk, here, "good2@example.com");
    assert_eq!(
        (good.status, good.code(), good.json["error"]["hook"].as_str()),
        (503, "hook_unavailable", Some("broken"))
    );
    assert_eq!(good.header("retry-after"), "1");
    site.running().clock().advance_ms(5_000);
    assert_eq!(
        sign_up(&site, &pk, here, "good2@example.com").status,
        201,
        "one call finds out"
    );
    assert_eq!(breaker(&site), "closed");
}

#[test]
fn an_open_hook_is_left_out_and_a_new_deployment_begins_anew() {
    let site = site();
    let pk = site.project("a").pk;
    deploy(&site, json!({ "failurePolicy": "open" }));
    assert_eq!(fail(&site, &pk, FAILURES, CLIENTS), vec!["201"; FAILURES]);
    assert_eq!(breaker(&site), "open");
    assert_eq!(sign_up(&site, &pk, "198.51.100.1", "good@example.com").status, 201);
    deploy(&site, json!({ "failurePolicy": "open" }));
    assert_eq!(breaker(&site), "closed");
}

#[test]
fn a_deployment_can_do_without() {
    let site = site();
    let pk = site.project("a").pk;
    deploy(&site, json!({ "breaker": false }));
    assert_eq!(fail(&site, &pk, 30, 30), vec!["hook_failed"; 30]);
    assert_eq!(breaker(&site), "off");
}

#[test]
fn denials_are_no_failures() {
    let site = site();
    let pk = site.project("a").pk;
    let source = hook("beforeSignup", "return { deny: { code: 'no' } };");
    site.live("a", &[("broken", &source)]);
    assert_eq!(fail(&site, &pk, 25, 25), vec!["no"; 25]);
    assert_eq!(breaker(&site), "closed");
}
