//! Codes by mail, and links to log in.

use serde_json::json;

use super::{answered, code, listed, mail, mails, post, settings, token};
use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Project, Site},
};

fn send(site: &Site, project: &Project, email: &str, create: bool) -> Answer {
    let body = json!({ "channel": "email", "email": email, "create_user": create });
    post(site, project, "/auth/otp/send", body)
}

fn verify(site: &Site, project: &Project, email: &str, code: &str) -> Answer {
    let body = json!({ "channel": "email", "email": email, "code": code });
    post(site, project, "/auth/otp/verify", body)
}

#[test]
fn a_code_lets_in_once_whatever_the_spelling_of_the_address() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    let known = send(&site, &project, "ADA@example.com", false);
    let unknown = send(&site, &project, "nobody@example.com", false);
    assert_eq!(answered(&known), answered(&unknown));
    assert_eq!(known.status, 202);
    assert!(mails(&site, &project, "nobody@example.com", "").is_empty());
    let code = code(&site, &project, "ada@example.com");
    let entered = verify(
        &site,
        &project,
        "Ada@Example.com",
        &format!("{} {}", &code[..3], &code[3..]),
    );
    assert_eq!(entered.status, 200, "{entered:?}");
    assert_eq!(entered.json["user"]["emailVerified"], true);
    assert_eq!(site.me(&project.pk, entered.token()).status, 200);
    assert_eq!(verify(&site, &project, "ada@example.com", &code).code(), "invalid_code");
}

#[test]
fn a_channel_that_does_not_exist_is_the_only_problem() {
    let site = Site::new();
    let project = site.project("a");
    for channel in [json!("pigeon"), json!(7)] {
        let body = json!({ "channel": channel, "email": "ada@example.com", "phone": "+4915112345678" });
        let refused = post(&site, &project, "/auth/otp/send", body);
        assert_eq!(
            (refused.status, refused.fields()),
            (422, vec!["channel"]),
            "{refused:?}"
        );
    }
}

#[test]
fn five_wrong_codes_use_the_right_one_up() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    send(&site, &project, "ada@example.com", false);
    let right = code(&site, &project, "ada@example.com");
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let unknown = verify(&site, &project, "nobody@example.com", wrong);
    for _ in 0..5 {
        let answer = verify(&site, &project, "ada@example.com", wrong);
        assert_eq!(answered(&answer), answered(&unknown));
    }
    assert_eq!(
        verify(&site, &project, "ada@example.com", &right).code(),
        "invalid_code"
    );
}

#[test]
fn a_code_or_link_makes_an_account_where_that_was_asked_for() {
    let site = Site::new();
    let project = site.project("a");
    settings(&site, &project, json!({ "confirmEmail": true }));
    assert_eq!(send(&site, &project, "new@example.com", true).status, 202);
    let by_code = verify(
        &site,
        &project,
        "new@example.com",
        &code(&site, &project, "new@example.com"),
    );
    assert_eq!(
        (by_code.status, &by_code.json["user"]["emailVerified"]),
        (200, &json!(true))
    );
    post(
        &site,
        &project,
        "/auth/magic-link/send",
        json!({ "email": "link@example.com", "create_user": true }),
    );
    let token = token(&site, &project, "link@example.com", "magic-link");
    let by_link = post(&site, &project, "/auth/magic-link/verify", json!({ "token": token }));
    assert_eq!(
        (by_link.status, &by_link.json["user"]["email"]),
        (200, &json!("link@example.com"))
    );

    settings(&site, &project, json!({ "signUp": false }));
    assert_eq!(send(&site, &project, "late@example.com", true).code(), "not_enabled");
    let body = json!({ "channel": "sms", "phone": "+4930123456", "create_user": true });
    settings(&site, &project, json!({ "otpSms": true }));
    assert_eq!(post(&site, &project, "/auth/otp/send", body).fields(), ["create_user"]);
}

#[test]
fn a_link_lets_in_once_and_the_newest_is_the_one_that_works() {
    let site = Site::new();
    let project = site.project("a");
    settings(&site, &project, json!({ "redirectUrls": listed() }));
    site.registered(&project.pk, "ada@example.com");
    let send = |email: &str| {
        post(
            &site,
            &project,
            "/auth/magic-link/send",
            json!({ "email": email, "redirect_to": "https://app.example.com/other?x=1" }),
        )
    };
    let (known, unknown) = (send("ada@example.com"), send("nobody@example.com"));
    assert_eq!(answered(&known), answered(&unknown));
    let text = mail(&site, &project, "ada@example.com", "magic-link")["text"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(text.contains("https://app.example.com/other?x=1&token=ot_"), "{text}");
    let first = token(&site, &project, "ada@example.com", "magic-link");
    send("ada@example.com");
    let second = crate::site::until(|| {
        Some(token(&site, &project, "ada@example.com", "magic-link")).filter(|token| *token != first)
    });
    let verify = |token: &str| post(&site, &project, "/auth/magic-link/verify", json!({ "token": token }));
    assert_eq!(verify(&first).code(), "invalid_code");
    assert_eq!(verify(&second).status, 200);
    assert_eq!(verify(&second).code(), "invalid_code");
}

/// Somebody signs up with an address that is not theirs and waits for its owner.
#[test]
fn the_owner_of_a_mailbox_finds_no_door_that_others_left_open() {
    let site = Site::new();
    let project = site.project("a");
    for (email, way) in [("ada@example.com", "code"), ("bob@example.com", "link")] {
        let squatter = site.registered(&project.pk, email);
        let owner = match way {
            "code" => {
                send(&site, &project, email, false);
                verify(&site, &project, email, &code(&site, &project, email))
            }
            _ => {
                post(&site, &project, "/auth/magic-link/send", json!({ "email": email }));
                let token = token(&site, &project, email, "magic-link");
                post(&site, &project, "/auth/magic-link/verify", json!({ "token": token }))
            }
        };
        assert_eq!(
            (owner.status, &owner.json["user"]["id"]),
            (200, &squatter.json["user"]["id"])
        );
        assert_eq!(site.me(&project.pk, squatter.token()).code(), "invalid_token");
        assert_eq!(site.login(&project.pk, email, PASSWORD).code(), "invalid_credentials");
        assert_eq!(site.me(&project.pk, owner.token()).status, 200);
    }
}

#[test]
fn hooks_decide_on_codes_and_a_denial_leaves_the_code_as_it_was() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    let gate = hook("beforeOtpVerify", "return { deny: { code: 'not_now' } };");
    let login = hook("beforeLogin", "console.log('login', payload.provider);");
    site.live("a", &[("gate", &gate)]);
    send(&site, &project, "ada@example.com", false);
    let code = code(&site, &project, "ada@example.com");
    assert_eq!(verify(&site, &project, "ada@example.com", &code).code(), "not_now");
    site.live("a", &[("login", &login)]);
    assert_eq!(verify(&site, &project, "ada@example.com", &code).status, 200);
}
