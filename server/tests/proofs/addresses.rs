//! Confirming an address, and changing to another.

use serde_json::json;

use super::{DONE, answered, as_user, listed, mail, mails, post, settings, token};
use crate::{
    bundles::hook,
    site::{PASSWORD, Site, until},
};

#[test]
fn a_confirmed_sign_up_tells_nobody_which_addresses_are_taken() {
    let site = Site::new();
    let project = site.project("a");
    settings(
        &site,
        &project,
        json!({ "confirmEmail": true, "redirectUrls": listed(), "appName": "Acme" }),
    );
    let sign_up = |email: &str| site.register(&project.pk, json!({ "email": email, "password": PASSWORD }));
    let fresh = sign_up("ada@example.com");
    assert_eq!(answered(&fresh), (202, json!({ "status": "confirmation_required" })));
    assert_eq!(
        site.login(&project.pk, "ada@example.com", PASSWORD).code(),
        "email_unverified"
    );

    let sent = mail(&site, &project, "ada@example.com", "confirm-email");
    let text = sent["text"].as_str().unwrap();
    assert!(
        text.contains(&format!("{DONE}?token=ot_")) && text.contains("Acme"),
        "{text}"
    );
    let token = token(&site, &project, "ada@example.com", "confirm-email");
    let verified = post(&site, &project, "/auth/email/verify", json!({ "token": token }));
    assert_eq!(answered(&verified), (200, json!({ "status": "done" })));
    let again = post(&site, &project, "/auth/email/verify", json!({ "token": token }));
    assert_eq!((again.status, again.code()), (401, "invalid_code"));
    let login = site.login(&project.pk, "ada@example.com", PASSWORD);
    assert_eq!(
        (login.status, &login.json["user"]["emailVerified"]),
        (200, &json!(true))
    );

    assert_eq!(answered(&sign_up("ADA@example.com")), answered(&fresh));
    mail(&site, &project, "ada@example.com", "account-exists");
    assert_eq!(mails(&site, &project, "ada@example.com", "confirm-email").len(), 1);
}

#[test]
fn a_verification_is_sent_for_the_unconfirmed_alone_and_answered_the_same() {
    let site = Site::new();
    let project = site.project("a");
    let user = site.registered(&project.pk, "ada@example.com");
    let send = |body| post(&site, &project, "/auth/email/verify/send", body);
    let known = send(json!({ "email": "ada@example.com" }));
    let unknown = send(json!({ "email": "nobody@example.com" }));
    assert_eq!(answered(&known), answered(&unknown));
    assert_eq!(known.status, 202);
    assert_eq!(send(json!({})).fields(), ["email"]);
    let first = token(&site, &project, "ada@example.com", "confirm-email");
    let own = as_user(
        &site,
        &project,
        user.token(),
        "POST",
        "/auth/email/verify/send",
        Some(json!({})),
    );
    assert_eq!(own.status, 202, "{own:?}");
    until(|| (mails(&site, &project, "ada@example.com", "confirm-email").len() == 2).then_some(()));
    let verify = |token: &str| post(&site, &project, "/auth/email/verify", json!({ "token": token }));
    assert_eq!(
        verify(&first).code(),
        "invalid_code",
        "a new link makes the older one useless"
    );
    let second = token(&site, &project, "ada@example.com", "confirm-email");
    assert_eq!(verify(&second).status, 200);
    assert_eq!(site.me(&project.pk, user.token()).json["user"]["emailVerified"], true);
    send(json!({ "email": "ada@example.com" }));
    assert_eq!(mails(&site, &project, "ada@example.com", "confirm-email").len(), 2);
    assert!(mails(&site, &project, "nobody@example.com", "").is_empty());
}

#[test]
fn hooks_stand_before_and_after_a_confirmation() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    site.registered(&project.pk, "eve@example.com");
    let before = hook(
        "beforeEmailVerify",
        "if (payload.email.startsWith('eve')) return { deny: { code: 'no_eve' } }; return { patch: { user: { metadata: { seen: payload.email } } } };",
    );
    let after = hook(
        "afterEmailVerify",
        "return { patch: { user: { publicMetadata: { after: payload.user.id.slice(0, 4) } } } };",
    );
    site.live("a", &[("before", &before), ("after", &after)]);
    let verify = |email: &str| {
        post(&site, &project, "/auth/email/verify/send", json!({ "email": email }));
        let token = token(&site, &project, email, "confirm-email");
        (
            post(&site, &project, "/auth/email/verify", json!({ "token": token })),
            token,
        )
    };
    assert_eq!(verify("ada@example.com").0.status, 200);
    let user = site.login(&project.pk, "ada@example.com", PASSWORD).json["user"].clone();
    assert_eq!(
        (&user["metadata"]["seen"], &user["publicMetadata"]["after"]),
        (&json!("ada@example.com"), &json!("usr_"))
    );
    let (denied, token) = verify("eve@example.com");
    assert_eq!(denied.code(), "no_eve");
    // A refusal leaves nothing half done: the token was not taken.
    site.live("a", &[("after", &after)]);
    assert_eq!(
        post(&site, &project, "/auth/email/verify", json!({ "token": token })).status,
        200
    );
}

#[test]
fn an_account_moves_to_a_new_address_once_that_is_proved() {
    let site = Site::new();
    let project = site.project("a");
    let user = site.registered(&project.pk, "ada@example.com");
    site.registered(&project.pk, "bob@example.com");
    let change = |body| as_user(&site, &project, user.token(), "POST", "/auth/email/change", Some(body));
    assert_eq!(change(json!({ "email": "ADA@example.com" })).fields(), ["email"]);
    let wrong = change(json!({ "email": "ada@new.example", "password": "wrong horse" }));
    assert_eq!(wrong.code(), "invalid_credentials");
    let taken = change(json!({ "email": "bob@example.com" }));
    post(
        &site,
        &project,
        "/auth/password/forgot",
        json!({ "email": "ada@example.com" }),
    );
    let old_link = token(&site, &project, "ada@example.com", "reset-password");
    let free = change(json!({ "email": "ada@new.example" }));
    assert_eq!(answered(&taken), answered(&free));
    mail(&site, &project, "bob@example.com", "account-exists");
    assert!(mails(&site, &project, "bob@example.com", "change-email").is_empty());
    until(|| (mails(&site, &project, "ada@example.com", "email-changing").len() == 2).then_some(()));
    let token = token(&site, &project, "ada@new.example", "change-email");
    let confirm = |token: &str| post(&site, &project, "/auth/email/change/confirm", json!({ "token": token }));
    assert_eq!(confirm(&token).status, 200);
    assert_eq!(confirm(&token).code(), "invalid_code");
    let me = site.me(&project.pk, user.token()).json["user"].clone();
    assert_eq!(
        (&me["email"], &me["emailVerified"]),
        (&json!("ada@new.example"), &json!(true))
    );
    let reset = post(
        &site,
        &project,
        "/auth/password/reset",
        json!({ "token": old_link, "password": "another horse" }),
    );
    assert_eq!(
        reset.code(),
        "invalid_code",
        "what was sent to the old address works no more"
    );
}

#[test]
fn a_project_writes_its_own_mails() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    let path = "/projects/a/environments/production/mail-templates/reset-password";
    let put = |text: &str| {
        let put = site.admin(
            "PUT",
            path,
            Some(json!({ "subject": "Hallo {{ email }}", "text": text })),
        );
        assert!(matches!(put.status, 200 | 201), "{put:?}");
        post(
            &site,
            &project,
            "/auth/password/forgot",
            json!({ "email": "ada@example.com" }),
        );
    };
    put("Hier: {{ token }} ({{ minutes }})");
    let sent = mail(&site, &project, "ada@example.com", "reset-password");
    assert_eq!(sent["template"], "reset-password");
    assert!(sent["text"].as_str().unwrap().ends_with("(60)"), "{sent}");
    // A template that does not render locks nobody out.
    put("{{ nothing.of.the.kind }}");
    let sent = until(|| {
        let all = mails(&site, &project, "ada@example.com", "reset-password");
        (all.len() == 2).then(|| all[0].clone())
    });
    assert_eq!(sent["template"], "aerocall-reset-password");
}
