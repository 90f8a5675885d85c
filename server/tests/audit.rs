//! The audit log: what admins did and what happened to accounts, by whom, and who may read it.

use serde_json::{Value, json};

use crate::site::{Answer, PASSWORD, Site, until};

const AT: &str = "/projects/a/environments/production";

fn log(site: &Site, query: &str) -> Vec<Value> {
    let answer = site.admin("GET", &format!("{AT}/audit{query}"), None);
    answer.json["audit"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:?}"))
        .clone()
}

fn actions(rows: &[Value]) -> Vec<&str> {
    rows.iter().rev().map(|row| row["action"].as_str().unwrap()).collect()
}

#[test]
fn every_change_of_an_admin_is_in_the_log_and_no_secret_is() {
    let site = Site::new();
    let project = site.project("a");
    let put = |path: &str, body: Value| {
        let answer = site.admin("PUT", &format!("{AT}{path}"), Some(body));
        assert!([200, 201].contains(&answer.status), "{path}: {answer:?}");
    };
    site.live("a", &[("x", "export function beforeSignup() {}")]);
    put("/settings/http", json!({ "hosts": ["api.example.com"] }));
    put("/settings/limits", json!({ "deadlineMs": 900 }));
    put("/settings/auth", json!({ "appName": "Shop" }));
    put(
        "/settings/mail",
        json!({ "smtpUrl": "smtps://user:hunter2@mail.example.com", "from": "a@example.com" }),
    );
    put("/settings/providers", json!({ "providers": [] }));
    put(
        "/secrets/token",
        json!({ "value": "hunter2", "hosts": ["api.example.com"] }),
    );
    site.admin("DELETE", &format!("{AT}/secrets/token"), None);
    put("/mail-templates/welcome", json!({ "subject": "Hi", "text": "Hello" }));
    site.admin("DELETE", &format!("{AT}/mail-templates/welcome"), None);
    site.admin("POST", &format!("{AT}/signing-keys/rotate"), Some(json!({})));
    let made = site.admin_as(
        &project.sk,
        "POST",
        &format!("{AT}/users"),
        Some(json!({ "email": "ada@work.example", "password": PASSWORD })),
    );
    let id = made.json["user"]["id"].as_str().unwrap();
    let user = format!("{AT}/users/{id}");
    site.admin("PATCH", &user, Some(json!({ "name": "Ada" })));
    site.admin("POST", &format!("{user}/ban"), Some(json!({})));
    site.admin("POST", &format!("{user}/unban"), None);
    site.admin("POST", &format!("{user}/logout"), None);
    site.admin("GET", &format!("{user}/export"), None);
    site.admin("DELETE", &user, None);

    let rows = log(&site, "");
    assert_eq!(
        actions(&rows),
        [
            "project.created",
            "hook.uploaded",
            "deployment.created",
            "setting.changed",
            "setting.changed",
            "setting.changed",
            "setting.changed",
            "setting.changed",
            "secret.put",
            "secret.deleted",
            "mail_template.put",
            "mail_template.deleted",
            "signing_key.rotated",
            "user.created",
            "user.updated",
            "user.banned",
            "user.unbanned",
            "user.logged_out",
            "user.exported",
            "user.deleted",
        ]
    );
    let text = Value::from(rows.clone()).to_string();
    for secret in ["hunter2", PASSWORD, "argon2", project.sk.as_str()] {
        assert!(!text.contains(secret), "{secret}");
    }
    let by_key = &log(&site, "?action=user.created")[0];
    assert_eq!(
        (&by_key["actor"], &by_key["target"]),
        (&json!("key:a/production"), &json!(id))
    );
    assert_eq!(by_key["requestId"], made.header("x-request-id"));
    assert_eq!(by_key["ip"], "127.0.0.1");
    let changed = &log(&site, "?action=user.updated")[0];
    assert!(changed["actor"].as_str().unwrap().starts_with("admin:adm_"));
    assert_eq!(
        changed["data"],
        json!({ "changed": ["name"] }),
        "which fields, not what they are"
    );
}

#[test]
fn what_was_refused_is_not_in_the_log() {
    let site = Site::new();
    let project = site.project("a");
    let user = site.registered(&project.pk, "ada@work.example").json["user"].clone();
    let user = format!("{AT}/users/{}", user["id"].as_str().unwrap());
    let gate = "export function beforeUserUpdate(c: any, p: any, A: any) { throw new A.Deny('no'); } export function beforeUserDelete(c: any, p: any, A: any) { throw new A.Deny('no'); }";
    site.live("a", &[("gate", gate)]);
    let before = log(&site, "").len();
    let refused = |answer: Answer| assert!(answer.status >= 400, "{answer:?}");
    refused(site.admin("PATCH", &user, Some(json!({ "name": "Ada" }))));
    refused(site.admin("DELETE", &user, None));
    refused(site.admin(
        "POST",
        &format!("{AT}/users"),
        Some(json!({ "email": "ada@work.example" })),
    ));
    refused(site.admin("POST", &format!("{AT}/users/usr_0/ban"), Some(json!({}))));
    refused(site.admin("GET", &format!("{AT}/users/usr_0/export"), None));
    refused(site.admin("DELETE", &format!("{AT}/secrets/nope"), None));
    assert_eq!(log(&site, "").len(), before);
}

#[test]
fn the_log_has_pages_filters_and_readers() {
    let site = Site::new();
    let (a, b) = (site.project("a"), site.project("b"));
    for number in 0..5 {
        let body = json!({ "email": format!("user{number}@work.example") });
        assert_eq!(site.admin("POST", &format!("{AT}/users"), Some(body)).status, 201);
    }
    let first = log(&site, "?action=user.created&limit=3");
    let last = first[2]["id"].as_str().unwrap();
    let rest = log(&site, &format!("?action=user.created&limit=3&before={last}"));
    assert_eq!((first.len(), rest.len()), (3, 2));
    let target = first[0]["target"].as_str().unwrap();
    assert_eq!(log(&site, &format!("?target={target}")).len(), 1);
    assert!(log(&site, "?actor=user:nobody").is_empty());
    let bad = site.admin("GET", &format!("{AT}/audit?action=nope&order=x"), None);
    assert_eq!(bad.fields(), ["action", "order"]);

    assert_eq!(site.admin_as(&a.sk, "GET", &format!("{AT}/audit"), None).status, 200);
    let other = site.admin_as(&b.sk, "GET", &format!("{AT}/audit"), None);
    assert_eq!((other.status, other.code()), (404, "not_found"));
    assert_eq!(site.admin_as(&a.sk, "GET", "/audit", None).status, 404);
    let whole = site.admin("GET", "/audit?limit=200", None);
    let rows = whole.json["audit"].as_array().unwrap();
    let made = actions(rows)
        .iter()
        .filter(|action| **action == "project.created")
        .count();
    assert_eq!(made, 2, "of every project");
    assert_eq!(rows.last().unwrap()["action"], "admin_token.created");
}

#[test]
fn a_login_that_failed_is_an_event_whoever_it_was() {
    let site = Site::with(&[("AEROCALL_QUEUE_POLL_MS", "50")]);
    let project = site.project("a");
    site.registered(&project.pk, "ada@work.example");
    let keep = "export const on = { 'auth.login.failed': async (c: any, e: any, A: any) => { await A.cache.set(e.data.email, JSON.stringify([e.actor, e.data])); } };
        export async function beforeSignup(c: any, p: any, A: any) { throw new A.Deny((await A.cache.get('Ada@work.example') ?? '') + (await A.cache.get('nobody@work.example') ?? '')); }";
    site.live("a", &[("keep", keep)]);
    for email in ["Ada@work.example", "nobody@work.example"] {
        assert_eq!(
            site.login(&project.pk, email, "wrong horse battery").code(),
            "invalid_credentials"
        );
    }
    let told = until(|| {
        let body = json!({ "email": "x@work.example", "password": PASSWORD });
        let answer = site.register(&project.pk, body);
        let text = answer.json["error"]["message"].as_str().unwrap().to_owned();
        (text.contains("nobody@") && text.contains("Ada@")).then_some(text)
    });
    for email in ["Ada@work.example", "nobody@work.example"] {
        let expected = json!(["anonymous", { "email": email, "reason": "invalid_credentials" }]).to_string();
        assert!(told.contains(&expected), "{told}");
    }
}

#[test]
fn a_refresh_token_that_is_used_again_is_in_the_log() {
    let site = Site::new();
    let project = site.project("a");
    let login = site.registered(&project.pk, "ada@work.example");
    let refresh = || {
        let token = login.json["refresh_token"].as_str().unwrap();
        site.post("/auth/refresh", &project.pk, json!({ "refresh_token": token }))
    };
    assert_eq!(refresh().status, 200);
    site.running().clock().advance_ms(60_000);
    assert_eq!(refresh().status, 401);
    let rows = log(&site, "?action=refresh_token.reused");
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["target"], &rows[0]["data"]["session"]),
        (&login.json["user"]["id"], &login.json["session"]["id"])
    );
}
