//! Signing in and out, sessions that end, and proofs that are fresh.

use serde_json::{Value, json};

use super::{
    administrator,
    browser::{Browser, PASSWORD, ask, cookie_of, sign_in},
    person,
};
use crate::{
    site::{Site, until},
    snapshots::{document, shown},
};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

#[test]
fn signing_in_sets_a_cookie_that_only_this_host_gets_and_no_script_reads() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    let answer = sign_in(&site, "Ada@Example.COM", PASSWORD);
    let line = answer.header("set-cookie");
    let (value, attributes) = line.split_once("; ").unwrap();
    assert!(
        value.starts_with("__Host-aerocall_admin=ads_") && value.len() > 60,
        "{value}"
    );
    assert_eq!(attributes, "Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Strict");
    assert_eq!(
        (&answer.json["state"], &answer.json["ticket"]),
        (&json!("signed_in"), &json!(null))
    );
    assert!(
        !answer.json.to_string().contains(value.split_once('=').unwrap().1),
        "the page does not see it"
    );

    let who = ada.get("/session");
    let csrf = who.json["csrfToken"].as_str().unwrap();
    assert_eq!(csrf, ada.csrf);
    let mut shown_who = who.json.clone();
    shown_who["csrfToken"] = json!("[token]");
    insta::assert_snapshot!(document(&shown_who), @r#"
    {
      "by": "session",
      "id": "ads_[…]",
      "account": {
        "id": "acc_[…]",
        "email": "ada@example.com",
        "isAdministrator": true,
        "hasTotp": false,
        "createdAt": "[time]"
      },
      "roles": [],
      "scopes": null,
      "project": null,
      "environment": null,
      "csrfToken": "[token]",
      "freshUntil": "[time]",
      "expiresAt": "[time]"
    }
    "#);
}

#[test]
fn an_unknown_address_and_a_wrong_password_have_one_answer_and_cost_the_same() {
    let site = Site::new();
    administrator(&site, "ada");
    let wrong = sign_in(&site, "ada@example.com", "wrong horse battery");
    let unknown = sign_in(&site, "nobody@example.com", "wrong horse battery");
    assert_eq!(
        shown(&wrong).replace(wrong.header("x-request-id"), ""),
        shown(&unknown).replace(unknown.header("x-request-id"), "")
    );
    assert_eq!(
        (wrong.status, wrong.code(), wrong.header("set-cookie")),
        (401, "invalid_credentials", "")
    );
    let fields = ask(
        &site,
        "POST",
        "/session",
        &[],
        Some(json!({ "email": "x", "remember": true })),
    );
    assert_eq!(
        (fields.status, fields.fields()),
        (422, vec!["email", "password", "remember"])
    );
}

#[test]
fn who_guesses_too_often_is_locked_out_and_the_log_says_so() {
    let site = Site::with(&[("AEROCALL_LIMITS_ENABLED", "true")]);
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(site.admin("POST", "/accounts", Some(body)).status, 201);
    let clock = site.running().clock();
    clock.stop();
    let mut codes = Vec::new();
    for n in 0..12 {
        // An address has ten requests a minute.
        if n % 9 == 0 {
            clock.advance_ms(MINUTE_MS);
        }
        codes.push(sign_in(&site, "ada@example.com", "wrong horse battery").status);
    }
    assert_eq!(codes, [401; 12]);
    let locked = site.admin("GET", "/audit?action=account.locked", None).json["audit"].clone();
    assert_eq!(locked.as_array().unwrap().len(), 1, "{locked}");
    assert!(locked[0]["target"].as_str().unwrap().starts_with("acc_"));
    assert_eq!(locked[0]["ip"], "127.0.0.1");
    clock.stop();
    clock.advance_ms(MINUTE_MS);
    let statuses: Vec<u16> = (0..11)
        .map(|_| sign_in(&site, "nobody@example.com", "x").status)
        .collect();
    assert_eq!((statuses[0], statuses[10]), (401, 429));
}

#[test]
fn a_session_ends_after_twelve_hours_without_use_and_after_seven_days() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    site.running().clock().advance_ms(12 * HOUR_MS + MINUTE_MS);
    let over = ada.get("/session");
    assert_eq!((over.status, over.code()), (401, "unauthorized"));
    let ada = ada.another();
    let seen = || ada.get("/account/sessions").json["sessions"][0]["lastSeenAt"].to_string();
    for _ in 0..27 {
        let before = seen();
        site.running().clock().advance_ms(6 * HOUR_MS);
        assert_eq!(ada.get("/session").status, 200);
        // It is written beside the request.
        until(|| (seen() > before).then_some(()));
    }
    site.running().clock().advance_ms(6 * HOUR_MS + MINUTE_MS);
    assert_eq!(ada.get("/session").status, 401);
}

#[test]
fn a_session_that_was_ended_is_over_at_once() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    let (phone, laptop) = (ada.another(), ada.another());
    let listed = ada.get("/account/sessions").json["sessions"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 3);
    let current: Vec<bool> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["isCurrent"] == json!(true))
        .collect();
    assert_eq!(current, [false, false, true], "newest first");
    let id = listed[0]["id"].as_str().unwrap();
    assert_eq!(ada.delete(&format!("/account/sessions/{id}")).status, 200);
    assert_eq!(laptop.get("/projects").status, 401);
    assert_eq!(phone.get("/projects").status, 200);
    assert_eq!(ada.delete(&format!("/account/sessions/{id}")).status, 404);
    let other = person(&site, "bob", None);
    let theirs = other.get("/session").json["id"].as_str().unwrap().to_owned();
    assert_eq!(
        ada.delete(&format!("/account/sessions/{theirs}")).status,
        404,
        "of somebody else"
    );
    assert_eq!(ada.delete("/account/sessions").json, json!({ "ended": 1 }));
    assert_eq!((phone.get("/projects").status, ada.get("/projects").status), (401, 200));

    let out = ada.delete("/session");
    assert_eq!(out.status, 200);
    assert!(
        out.header("set-cookie")
            .starts_with("__Host-aerocall_admin=; Max-Age=0; "),
        "{out:?}"
    );
    assert_eq!((ada.get("/session").status, ada.delete("/session").status), (401, 401));
    assert_eq!(other.get("/session").status, 200);
}

/// What needs a fresh proof: method, path, body.
fn dangerous() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("DELETE", "/projects/a", json!({ "confirm": "a" })),
        (
            "DELETE",
            "/projects/a/environments/production",
            json!({ "confirm": "production" }),
        ),
        ("POST", "/tokens", json!({ "name": "x" })),
        ("POST", "/projects/a/tokens", json!({ "name": "x" })),
        (
            "POST",
            "/projects/a/environments/production/keys",
            json!({ "kind": "secret" }),
        ),
        (
            "POST",
            "/projects/a/members",
            json!({ "email": "b@example.com", "role": "owner" }),
        ),
        (
            "POST",
            "/projects/a/invitations",
            json!({ "email": "b@example.com", "role": "owner" }),
        ),
        ("POST", "/invitations", json!({ "email": "b@example.com" })),
        (
            "POST",
            "/accounts",
            json!({ "email": "b@example.com", "password": PASSWORD }),
        ),
        ("POST", "/account/tokens", json!({ "name": "x" })),
        (
            "POST",
            "/account/password",
            json!({ "currentPassword": PASSWORD, "password": "another horse battery" }),
        ),
        ("POST", "/account/totp", json!({})),
        ("POST", "/account/recovery-codes", json!({})),
    ]
}

#[test]
fn what_is_dangerous_needs_a_fresh_proof() {
    let site = Site::new();
    site.project("a");
    let ada = administrator(&site, "ada");
    site.running().clock().advance_ms(10 * MINUTE_MS + 1);
    for (method, path, body) in dangerous() {
        let answer = ada.send(method, path, Some(body));
        assert_eq!(
            (answer.status, answer.code()),
            (403, "fresh_proof_required"),
            "{method} {path}"
        );
    }
    assert_eq!(ada.get("/session").json["freshUntil"], json!(null));
    assert_eq!(
        ada.post("/projects", json!({ "id": "b" })).status,
        201,
        "this is not dangerous"
    );

    let wrong = ada.post("/session/confirm", json!({ "password": "wrong horse battery" }));
    assert_eq!((wrong.status, wrong.code()), (401, "invalid_credentials"));
    let none = ada.post("/session/confirm", json!({}));
    assert_eq!((none.status, none.fields()), (422, vec!["code"]));
    let both = ada.post("/session/confirm", json!({ "password": PASSWORD, "code": "123456" }));
    assert_eq!((both.status, both.fields()), (422, vec!["code"]));
    assert_eq!(
        ada.send("DELETE", "/projects/a", Some(json!({ "confirm": "a" })))
            .code(),
        "fresh_proof_required"
    );
    assert_eq!(
        ada.post("/session/confirm", json!({ "password": PASSWORD })).status,
        200
    );
    assert_eq!(
        ada.send("DELETE", "/projects/a", Some(json!({ "confirm": "a" })))
            .status,
        202
    );

    // Another session of the same person has proved nothing.
    let phone = ada.another();
    site.running().clock().advance_ms(10 * MINUTE_MS + 1);
    assert_eq!(
        ada.post("/session/confirm", json!({ "password": PASSWORD })).status,
        200
    );
    assert_eq!(
        phone.post("/tokens", json!({ "name": "x" })).code(),
        "fresh_proof_required"
    );
    assert_eq!(ada.post("/tokens", json!({ "name": "x" })).status, 201);
}

#[test]
fn a_changed_password_ends_the_other_sessions() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    let phone = ada.another();
    let change = |current: &str, new: &str| {
        ada.post(
            "/account/password",
            json!({ "currentPassword": current, "password": new }),
        )
    };
    assert_eq!(
        change("wrong horse battery", "another horse battery").code(),
        "invalid_credentials"
    );
    for bad in ["short", "password1234", "elevenchars"] {
        assert_eq!(change(PASSWORD, bad).fields(), ["password"], "{bad}");
    }
    assert_eq!(phone.get("/session").status, 200);
    assert_eq!(change(PASSWORD, "another horse battery").status, 200);
    assert_eq!((phone.get("/session").status, ada.get("/session").status), (401, 200));
    assert_eq!(sign_in(&site, "ada@example.com", PASSWORD).status, 401);
    let again = sign_in(&site, "ada@example.com", "another horse battery");
    assert_eq!(again.status, 200);
    assert_eq!(
        Browser::of(&site, &ada.account, &ada.email, &again)
            .get("/session")
            .status,
        200
    );
    assert!(cookie_of(&again) != ada.cookie);
}

#[test]
fn the_set_up_link_makes_the_account_of_the_first_administrator() {
    let site = Site::without_admin(tempfile::tempdir().unwrap(), &[]);
    let code = site.admin_token.clone();
    let set_up = |body| ask(&site, "POST", "/setup", &[], Some(body));
    let both = set_up(json!({ "token": code, "email": "ada@example.com", "password": PASSWORD, "name": "x" }));
    assert_eq!((both.status, both.fields()), (422, vec!["name"]));
    assert_eq!(
        set_up(json!({ "token": code, "email": "ada@example.com" })).fields(),
        ["password"]
    );
    assert_eq!(
        set_up(json!({ "token": code, "email": "ada@example.com", "password": "short" })).fields(),
        ["password"]
    );
    let made = set_up(json!({ "token": code, "email": "ada@example.com", "password": PASSWORD }));
    insta::assert_snapshot!(shown(&made), @r#"
    201 {
      "account": {
        "id": "acc_[…]",
        "email": "ada@example.com",
        "isAdministrator": true,
        "hasTotp": false,
        "createdAt": "[time]"
      }
    }
    "#);
    assert_eq!(set_up(json!({ "token": code })).code(), "setup_done");
    let ada = Browser::signed_in(&site, made.json["account"]["id"].as_str().unwrap(), "ada@example.com");
    assert_eq!(ada.post("/projects", json!({ "id": "a" })).status, 201);
    assert_eq!(
        ada.get("/session").json["roles"],
        json!([{ "project": "a", "role": "owner" }])
    );
    let token = ada.post("/tokens", json!({ "name": "ci" }));
    let id = token.json["id"].as_str().unwrap();
    assert_eq!(
        ada.delete(&format!("/tokens/{id}")).status,
        200,
        "an administrator is left"
    );
}

#[test]
fn a_changed_setting_is_a_line_with_who_from_what_and_to_what() {
    let site = Site::new();
    site.project("a");
    let dev = person(&site, "dev", Some(("a", "developer")));
    let environment = "/projects/a/environments/production";
    let put = |name: &str, body: Value| {
        dev.send("PUT", &format!("{environment}/settings/{name}"), Some(body))
            .status
    };
    assert_eq!(put("auth", json!({ "mfa": "optional" })), 200);
    assert_eq!(put("auth", json!({ "mfa": "required" })), 200);
    let mail = json!({ "smtpUrl": "smtps://u:hunter2@smtp.example.com", "from": "a@example.com" });
    assert_eq!(put("mail", mail), 200);
    let lines = dev.get(&format!("{environment}/audit?action=setting.put")).json["audit"].clone();
    assert_eq!(
        (&lines[0]["target"], &lines[0]["data"]),
        (&json!("mail"), &json!({})),
        "it is a secret"
    );
    assert_eq!(
        (&lines[1]["data"], &lines[1]["actorEmail"], &lines[1]["ip"]),
        (
            &json!({ "before": { "mfa": "optional" }, "after": { "mfa": "required" } }),
            &json!("dev@example.com"),
            &json!("127.0.0.1")
        )
    );
}
