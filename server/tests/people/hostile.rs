//! What a page of somebody else, or whoever finds a cookie, tries.

use serde_json::json;

use super::{
    administrator,
    browser::{PASSWORD, ask},
    person,
};
use crate::site::Site;

#[test]
fn a_page_of_another_site_changes_nothing_and_signs_nobody_in() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    let body = || Some(json!({ "id": "a" }));
    let own = site.base.clone();
    let csrf = ada.csrf.clone();
    let other_csrf = ada.another().csrf;
    let cases: &[&[(&str, &str)]] = &[
        &[],
        &[("x-csrf-token", &csrf)],
        &[("origin", &own)],
        &[("origin", &own), ("x-csrf-token", "")],
        &[("origin", &own), ("x-csrf-token", "x")],
        &[("origin", &own), ("x-csrf-token", &csrf[1..])],
        &[("origin", &own), ("x-csrf-token", &other_csrf)],
        &[("origin", "https://evil.example"), ("x-csrf-token", &csrf)],
        &[("origin", "null"), ("x-csrf-token", &csrf)],
        &[("origin", ""), ("x-csrf-token", &csrf)],
        &[("sec-fetch-site", "cross-site"), ("x-csrf-token", &csrf)],
        &[("sec-fetch-site", "same-site"), ("x-csrf-token", &csrf)],
        &[("sec-fetch-site", "none"), ("x-csrf-token", &csrf)],
        &[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://evil.example"),
            ("x-csrf-token", &csrf),
        ],
        &[
            ("sec-fetch-site", "cross-site"),
            ("origin", &own),
            ("x-csrf-token", &csrf),
        ],
        &[("origin", "http://127.0.0.1:1"), ("x-csrf-token", &csrf)],
        &[("origin", "file://127.0.0.1"), ("x-csrf-token", &csrf)],
    ];
    for headers in cases {
        let answer = ada.send_with("POST", "/projects", headers, body());
        assert_eq!((answer.status, answer.code()), (403, "csrf_refused"), "{headers:?}");
    }
    assert_eq!(ada.get("/projects").json, json!({ "projects": [] }));
    assert_eq!(
        ada.send_with(
            "POST",
            "/projects",
            &[("origin", &own), ("x-csrf-token", &csrf)],
            body()
        )
        .status,
        201
    );
    let fetched = [("sec-fetch-site", "same-origin"), ("x-csrf-token", csrf.as_str())];
    assert_eq!(
        ada.send_with("POST", "/projects", &fetched, Some(json!({ "id": "b" })))
            .status,
        201
    );
    // What changes nothing needs none of it: browsers send the cookie to this site's own pages alone.
    assert_eq!(ada.send_with("GET", "/projects", &[], None).status, 200);

    let login = json!({ "email": ada.email, "password": PASSWORD });
    for headers in [[("origin", "https://evil.example")], [("sec-fetch-site", "cross-site")]] {
        let answer = ask(&site, "POST", "/session", &headers, Some(login.clone()));
        assert_eq!(
            (answer.status, answer.code(), answer.header("set-cookie")),
            (403, "csrf_refused", "")
        );
    }
}

#[test]
fn a_cookie_is_worth_nothing_where_a_token_belongs_and_the_other_way_round() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    let secret = ada.cookie.split_once('=').unwrap().1.to_owned();
    assert_eq!(site.admin_as(&secret, "GET", "/projects", None).status, 401);
    let cookie = format!("__Host-aerocall_admin={}", site.admin_token);
    assert_eq!(ask(&site, "GET", "/projects", &[("cookie", &cookie)], None).status, 401);
    for wrong in [
        "__Host-aerocall_admin=",
        "__Host-aerocall_admin=ads_x",
        "aerocall_admin=x",
        "x",
    ] {
        assert_eq!(
            ask(&site, "GET", "/projects", &[("cookie", wrong)], None).status,
            401,
            "{wrong}"
        );
    }
    let long = format!("__Host-aerocall_admin={}", "x".repeat(4_000));
    assert_eq!(ask(&site, "GET", "/projects", &[("cookie", &long)], None).status, 401);
    // With an Authorization the cookie does not count, and no CSRF token is needed.
    let bearer = format!("Bearer {}", site.admin_token);
    let both = [("authorization", bearer.as_str())];
    assert_eq!(
        ada.send_with("POST", "/projects", &both, Some(json!({ "id": "a" })))
            .status,
        201
    );
    for wrong in ["Bearer at_x", "Basic eDp4", "Bearer"] {
        let answer = ada.send_with("GET", "/projects", &[("authorization", wrong)], None);
        assert_eq!(answer.status, 401, "{wrong}");
    }
    // A session of the admin API opens nothing of the auth API.
    let pk = site.project("b").pk;
    let me = site.send(
        "GET",
        "/auth/me",
        &[("x-aerocall-key", &pk), ("cookie", &ada.cookie)],
        b"",
    );
    assert_eq!(me.status, 401);
}

#[test]
fn tokens_and_keys_are_no_accounts() {
    let site = Site::new();
    let project = site.project("a");
    let own = [
        ("GET", "/account/sessions"),
        ("DELETE", "/account/sessions"),
        ("GET", "/account/tokens"),
        ("POST", "/account/totp"),
        ("DELETE", "/account/totp"),
        ("DELETE", "/session"),
    ];
    for token in [&site.admin_token, &project.sk] {
        for (method, path) in own {
            let answer = site.admin_as(token, method, path, None);
            assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{method} {path}");
        }
    }
    let who = site.admin("GET", "/session", None).json;
    assert_eq!(
        (&who["by"], &who["account"], &who["csrfToken"]),
        (&json!("admin_token"), &json!(null), &json!(null))
    );
    let who = site.admin_as(&project.sk, "GET", "/session", None).json;
    assert_eq!(
        (&who["by"], &who["id"], &who["project"]),
        (&json!("secret_key"), &json!("a/production"), &json!("a"))
    );
}

#[test]
fn nothing_secret_is_kept_readable_or_shown_twice() {
    let site = Site::new();
    site.project("a");
    let ada = administrator(&site, "ada");
    let token = ada.post("/account/tokens", json!({ "name": "laptop" })).json["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let invited = ada
        .post(
            "/projects/a/invitations",
            json!({ "email": "b@example.com", "role": "owner" }),
        )
        .json;
    let invitation = invited["token"].as_str().unwrap();
    let enrolled = ada.post("/account/totp", json!({})).json["secret"]
        .as_str()
        .unwrap()
        .to_owned();
    let code = crate::proofs::authenticator(&site, &enrolled, 0);
    let codes = ada.post("/account/totp/confirm", json!({ "code": code })).json["recoveryCodes"].clone();
    let recovery = codes[0].as_str().unwrap();
    let shown = [
        ada.get("/session"),
        ada.get("/account/sessions"),
        ada.get("/account/tokens"),
        ada.get("/projects/a/invitations"),
        ada.get("/projects/a/members"),
        ada.get("/accounts"),
        ada.get("/audit"),
    ];
    let shown: String = shown.iter().map(|answer| answer.json.to_string()).collect();
    let cookie = ada.cookie.split_once('=').unwrap().1;
    for secret in [cookie, &token, invitation, &enrolled, recovery, PASSWORD, "$argon2"] {
        assert!(!shown.contains(secret), "{secret}");
        if site.data.core().is_none() && secret != "$argon2" {
            let read = |name: &str| std::fs::read(site.data.path().join(name)).unwrap_or_default();
            let bytes = [read("aerocall.db"), read("aerocall.db-wal")].concat();
            assert!(
                !String::from_utf8_lossy(&bytes).contains(secret),
                "{secret} is in the database"
            );
        }
    }
    assert!(site.data.core().is_some() || shown.contains("ada@example.com"));
}

#[test]
fn a_session_follows_events_until_it_ends() {
    let site = Site::new();
    site.project("a");
    let bob = person(&site, "bob", Some(("a", "viewer")));
    let path = "/projects/a/environments/production/events/stream?types=nope";
    let refused = bob.get(path);
    assert_eq!(refused.status, 422, "it may, and the query is wrong: {refused:?}");
    let other = person(&site, "eve", None);
    assert_eq!(other.get(path).status, 404);
}
