//! Passwords: forgotten, reset, changed, refused.

use serde_json::json;

use super::{answered, as_user, mail, mails, post, settings, token};
use crate::{
    bundles::hook,
    http_server, logbook,
    site::{PASSWORD, Site},
};

const NEW: &str = "another horse battery";

#[test]
fn a_forgotten_password_is_replaced_by_a_link_and_all_sessions_end() {
    let site = Site::new();
    let project = site.project("a");
    let user = site.registered(&project.pk, "ada@example.com");
    let forgot = |email: &str| post(&site, &project, "/auth/password/forgot", json!({ "email": email }));
    let (known, unknown) = (forgot("Ada@Example.com"), forgot("nobody@example.com"));
    assert_eq!(answered(&known), answered(&unknown));
    assert_eq!(answered(&known), (202, json!({ "status": "accepted" })));
    assert!(mails(&site, &project, "nobody@example.com", "").is_empty());
    let token = token(&site, &project, "ada@example.com", "reset-password");
    post(
        &site,
        &project,
        "/auth/magic-link/send",
        json!({ "email": "ada@example.com" }),
    );
    let magic = super::token(&site, &project, "ada@example.com", "magic-link");
    let reset = |password: &str| {
        post(
            &site,
            &project,
            "/auth/password/reset",
            json!({ "token": token, "password": password }),
        )
    };
    assert_eq!(reset("short").fields(), ["password"]);
    let done = reset(NEW);
    assert_eq!(answered(&done), (200, json!({ "status": "done" })), "it lets nobody in");
    assert_eq!(reset(NEW).code(), "invalid_code");
    assert_eq!(site.me(&project.pk, user.token()).code(), "invalid_token");
    assert_eq!(
        site.login(&project.pk, "ada@example.com", PASSWORD).code(),
        "invalid_credentials"
    );
    let login = site.login(&project.pk, "ada@example.com", NEW);
    assert_eq!(
        (login.status, &login.json["user"]["emailVerified"]),
        (200, &json!(true))
    );
    mail(&site, &project, "ada@example.com", "password-changed");
    let link = post(&site, &project, "/auth/magic-link/verify", json!({ "token": magic }));
    assert_eq!(link.code(), "invalid_code", "what was sent before works no more");
}

#[test]
fn a_password_is_changed_by_who_knows_it_and_the_other_sessions_end() {
    let site = Site::new();
    let project = site.project("a");
    let here = site.registered(&project.pk, "ada@example.com");
    let there = site.login(&project.pk, "ada@example.com", PASSWORD);
    let change = |body| {
        as_user(
            &site,
            &project,
            here.token(),
            "POST",
            "/auth/password/change",
            Some(body),
        )
    };
    assert_eq!(change(json!({ "password": NEW })).fields(), ["current_password"]);
    let wrong = change(json!({ "current_password": NEW, "password": NEW }));
    assert_eq!(wrong.code(), "invalid_credentials");
    assert_eq!(site.me(&project.pk, there.token()).status, 200);
    let changed = change(json!({ "current_password": PASSWORD, "password": NEW }));
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(site.me(&project.pk, here.token()).status, 200);
    assert_eq!(site.me(&project.pk, there.token()).code(), "invalid_token");
    assert_eq!(site.login(&project.pk, "ada@example.com", NEW).status, 200);
    mail(&site, &project, "ada@example.com", "password-changed");
}

#[test]
fn hooks_see_resets_and_changes_and_can_refuse_a_password_by_its_handle() {
    let site = Site::new();
    let project = site.project("a");
    let user = site.registered(&project.pk, "ada@example.com");
    let asked = hook(
        "beforePasswordResetRequest",
        "console.log('asked', payload.email, String(payload.user?.email)); if (payload.email.startsWith('deny')) return { deny: { code: 'no_reset' } };",
    );
    let judged = |point: &str| {
        hook(
            point,
            "if (await payload.password.strength() < 3) return { deny: { code: 'too_weak' } }; if (await payload.password.verify(payload.user.id)) return { deny: { code: 'the_same' } };",
        )
    };
    let after = hook(
        "afterPasswordReset",
        "return { patch: { user: { metadata: { handle: String(payload.password) } } } };",
    );
    let (reset_gate, change_gate) = (judged("beforePasswordReset"), judged("beforePasswordChange"));
    site.live(
        "a",
        &[
            ("asked", &asked),
            ("reset", &reset_gate),
            ("change", &change_gate),
            ("after", &after),
        ],
    );
    let denied = |email: &str| post(&site, &project, "/auth/password/forgot", json!({ "email": email }));
    assert_eq!(denied("deny@example.com").code(), "no_reset");
    let change = |password: &str| {
        let body = json!({ "current_password": PASSWORD, "password": password });
        as_user(
            &site,
            &project,
            user.token(),
            "POST",
            "/auth/password/change",
            Some(body),
        )
    };
    assert_eq!(change("aaaaaaaaaa1").code(), "too_weak");
    assert_eq!(change(PASSWORD).code(), "the_same");
    assert_eq!(denied("ada@example.com").status, 202);
    let token = token(&site, &project, "ada@example.com", "reset-password");
    let reset = |password: &str| {
        post(
            &site,
            &project,
            "/auth/password/reset",
            json!({ "token": token, "password": password }),
        )
    };
    assert_eq!(reset("aaaaaaaaaa1").code(), "too_weak");
    assert_eq!(reset("zebra unicycle lantern 77").status, 200);
    let login = site.login(&project.pk, "ada@example.com", "zebra unicycle lantern 77");
    assert_eq!(login.json["user"]["metadata"]["handle"], "undefined");
    assert!(logbook::lines_with("zebra unicycle").is_empty());
}

/// Answers every request with the same lines, as the list of breached passwords does.
fn list(answer: String) -> String {
    let address = http_server::answering(move |request| {
        // SHA-1 of the password begins so; no more than this leaves.
        let is_prefix = request.path.starts_with("/range/") && request.path.len() == "/range/12345".len();
        assert!(request.method == "GET" && is_prefix, "{request:?}");
        ("", answer.clone())
    });
    address.to_string()
}

#[test]
fn a_password_that_was_found_in_a_breach_is_refused_where_a_project_wants_that() {
    let digest = {
        use sha1::{Digest as _, Sha1};
        let bytes = Sha1::digest(PASSWORD.as_bytes());
        bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>()
    };
    let url = format!("http://{}", list(format!("{}:7\r\n", &digest[5..])));
    let env = [
        ("AEROCALL_PASSWORD_BREACH_URL", url.as_str()),
        ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32"),
    ];
    let site = Site::with(&env);
    let project = site.project("a");
    let sign_up =
        |email: &str, password: &str| site.register(&project.pk, json!({ "email": email, "password": password }));
    assert_eq!(sign_up("ada@example.com", PASSWORD).status, 201);
    settings(&site, &project, json!({ "password": { "refuseBreached": true } }));
    assert_eq!(sign_up("bob@example.com", PASSWORD).fields(), ["password"]);
    assert_eq!(sign_up("bob@example.com", NEW).status, 201);

    // A list that cannot be asked keeps nobody out.
    let site = Site::with(&[("AEROCALL_PASSWORD_BREACH_URL", "http://127.0.0.1:9999")]);
    let project = site.project("a");
    settings(&site, &project, json!({ "password": { "refuseBreached": true } }));
    let fine = site.register(&project.pk, json!({ "email": "ada@example.com", "password": PASSWORD }));
    assert_eq!(fine.status, 201, "{fine:?}");
    assert!(!logbook::lines_with("the list of breached passwords did not answer").is_empty());
}
