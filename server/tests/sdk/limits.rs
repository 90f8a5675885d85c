//! Budgets of a project and of a deployment: settable, shown, and reported when they are hit.

use serde_json::json;

use crate::{
    bundles::hook,
    site::{PASSWORD, Site},
};

const PATH: &str = "/projects/a/environments/production/settings/limits";

#[test]
fn a_projects_limits_hold_for_the_next_call() {
    let site = Site::new();
    let project = site.project("a");
    let body = "try { for (let i = 0; i < 3; i++) await Aerocall.Queue.enqueue('q', i); } catch (error: any) { throw new Aerocall.Deny(`${error.code}: ${error.message}`); }";
    site.live("a", &[("probe", &hook("beforeSignup", body))]);
    let sign_up = |n: u32| {
        site.register(
            &project.pk,
            json!({ "email": format!("{n}@work.example"), "password": PASSWORD }),
        )
    };
    assert_eq!(sign_up(1).status, 201);
    assert_eq!(site.admin("GET", PATH, None).json, json!({}));
    let put = site.admin("PUT", PATH, Some(json!({ "queueMessages": 2 })));
    assert_eq!((put.status, &put.json), (200, &json!({ "queueMessages": 2 })));
    let refused = sign_up(2);
    let message = refused.json["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("limit_exceeded") && message.contains("at most 2 messages"),
        "{message}"
    );
    let live = site
        .admin("GET", "/projects/a/environments/production/hooks", None)
        .json;
    assert_eq!(live["hooks"][0]["limits"]["queueMessages"], 2, "what holds is shown");

    // A project narrows what it may have; it does not widen it.
    site.admin(
        "PUT",
        PATH,
        Some(json!({ "fuel": 1_000_000_000_000_u64, "deadlineMs": 600_000 })),
    );
    let live = site
        .admin("GET", "/projects/a/environments/production/hooks", None)
        .json;
    assert_eq!(live["hooks"][0]["limits"]["deadlineMs"], 2_000);
    let site = Site::on(site.stop(), &[]);
    assert_eq!(site.admin("GET", PATH, None).json["deadlineMs"], 600_000, "kept");
}

#[test]
fn limits_that_are_none_are_refused() {
    let site = Site::new();
    let project = site.project("a");
    for bad in [
        json!({ "feul": 1 }),
        json!({ "fuel": 0 }),
        json!({ "deadlineMs": 0 }),
        json!({ "memoryBytes": 65_535 }),
        json!({ "payloadBytes": 0 }),
        json!({ "replyBytes": 0 }),
        json!({ "dbStatementMs": (1_u64 << 53) + 1 }),
        json!({ "fuel": -1 }),
        json!({ "fuel": "x" }),
        json!({ "emails": 1e30 }),
    ] {
        let answer = site.admin("PUT", PATH, Some(bad.clone()));
        assert_eq!((answer.status, answer.code()), (422, "invalid_input"), "{bad}");
    }
    let other = site.project("b");
    assert_eq!(site.admin_as(&other.sk, "PUT", PATH, Some(json!({}))).status, 404);
    assert_eq!(site.admin_as(&project.sk, "PUT", PATH, Some(json!({}))).status, 200);
}

#[test]
fn effects_that_wait_have_a_size_together() {
    let site = Site::new();
    let project = site.project("a");
    let body = "let n = 0; try { for (; n < 60; n++) await Aerocall.Queue.enqueue('q', 'x'.repeat(250000)); } \
        catch (error: any) { throw new Aerocall.Deny(`${n} ${error.code}: ${error.message}`); }";
    let config = "export const config = { limits: { hostBytes: 67108864, queueMessages: 1000 } };";
    site.live("a", &[("probe", &format!("{config}\n{}", hook("beforeSignup", body)))]);
    let body = json!({ "email": "ada@work.example", "password": PASSWORD });
    let refused = site.register(&project.pk, body);
    let message = refused.json["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("33 limit_exceeded") && message.contains("together"),
        "{message}"
    );
}
