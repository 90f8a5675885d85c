//! Tokens where they do not belong, links that should lead elsewhere, accounts that may not come in.

use serde_json::{Value, json};

use super::{DONE, answered, as_user, code, listed, mail, mails, post, settings, token};
use crate::site::{Answer, PASSWORD, Project, Site};

const NEW: &str = "another horse battery";

/// Every place that takes a token, with what else it needs.
fn shown(site: &Site, project: &Project, token: &str) -> Vec<(&'static str, Answer)> {
    let bodies = [
        ("/auth/email/verify", json!({ "token": token })),
        ("/auth/email/change/confirm", json!({ "token": token })),
        ("/auth/password/reset", json!({ "token": token, "password": NEW })),
        ("/auth/magic-link/verify", json!({ "token": token })),
        ("/auth/mfa/verify", json!({ "token": token, "code": "123456" })),
    ];
    bodies
        .into_iter()
        .map(|(path, body)| (path, post(site, project, path, body)))
        .collect()
}

/// A token of each kind, with the place where it belongs.
fn tokens(site: &Site, project: &Project, email: &str) -> Vec<(&'static str, String)> {
    let user = site.login(&project.pk, email, PASSWORD);
    let new = format!("new-{email}");
    post(site, project, "/auth/email/verify/send", json!({ "email": email }));
    post(site, project, "/auth/password/forgot", json!({ "email": email }));
    post(site, project, "/auth/magic-link/send", json!({ "email": email }));
    let changed = as_user(
        site,
        project,
        user.token(),
        "POST",
        "/auth/email/change",
        Some(json!({ "email": new })),
    );
    assert_eq!(changed.status, 202);
    vec![
        ("/auth/email/verify", token(site, project, email, "confirm-email")),
        ("/auth/password/reset", token(site, project, email, "reset-password")),
        ("/auth/magic-link/verify", token(site, project, email, "magic-link")),
        ("/auth/email/change/confirm", token(site, project, &new, "change-email")),
    ]
}

#[test]
fn a_token_is_good_for_one_thing_in_one_project_alone() {
    let site = Site::new();
    let (project, other) = (site.project("a"), site.project("b"));
    site.registered(&project.pk, "ada@example.com");
    site.registered(&other.pk, "ada@example.com");
    for index in 0..4 {
        let email = format!("user-{index}@example.com");
        site.registered(&project.pk, &email);
        let (home, token) = tokens(&site, &project, &email).remove(index);
        for (path, answer) in shown(&site, &other, &token) {
            assert_eq!(
                (answer.status, answer.code()),
                (401, "invalid_code"),
                "{path} of another project"
            );
        }
        for (path, answer) in shown(&site, &project, &token) {
            match path == home {
                true => assert_eq!(answer.status, 200, "{home}: {answer:?}"),
                false => assert_eq!(
                    (answer.status, answer.code()),
                    (401, "invalid_code"),
                    "{home} at {path}"
                ),
            }
        }
        let again = shown(&site, &project, &token);
        assert!(
            again.iter().all(|(_, answer)| answer.code() == "invalid_code"),
            "{home} twice"
        );
    }
    let access = site.login(&other.pk, "ada@example.com", PASSWORD);
    let (access, refresh) = (
        access.token().to_owned(),
        access.json["refresh_token"].as_str().unwrap().to_owned(),
    );
    for wrong in [
        &refresh,
        &other.sk,
        &other.pk,
        &access[..199].to_owned(),
        &"ot_".to_owned(),
    ] {
        let answers = shown(&site, &other, wrong);
        assert!(
            answers.iter().all(|(_, answer)| answer.code() == "invalid_code"),
            "{wrong}"
        );
    }
}

#[test]
fn a_code_is_good_for_one_address_and_purpose_of_one_project() {
    let site = Site::new();
    let (project, other) = (site.project("a"), site.project("b"));
    for (project, email) in [
        (&project, "ada@example.com"),
        (&project, "bob@example.com"),
        (&other, "ada@example.com"),
    ] {
        site.registered(&project.pk, email);
    }
    let ask = |project: &Project, email: &str| {
        post(
            &site,
            project,
            "/auth/otp/send",
            json!({ "channel": "email", "email": email }),
        )
    };
    ask(&project, "ada@example.com");
    let code = code(&site, &project, "ada@example.com");
    let verify = |project: &Project, email: &str| {
        post(
            &site,
            project,
            "/auth/otp/verify",
            json!({ "channel": "email", "email": email, "code": code }),
        )
    };
    assert_eq!(verify(&other, "ada@example.com").code(), "invalid_code");
    assert_eq!(verify(&project, "bob@example.com").code(), "invalid_code");
    settings(&site, &project, json!({ "otpSms": true }));
    let sms = json!({ "channel": "sms", "phone": "+4930123456", "code": code });
    assert_eq!(post(&site, &project, "/auth/otp/verify", sms).code(), "invalid_code");
    let user = site.login(&project.pk, "ada@example.com", PASSWORD);
    let phone = as_user(
        &site,
        &project,
        user.token(),
        "POST",
        "/auth/phone/verify",
        Some(json!({ "code": code })),
    );
    assert_eq!(phone.code(), "invalid_code");
    assert_eq!(verify(&project, "ada@example.com").status, 200);
}

#[test]
fn what_is_old_works_no_more() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    let kept = tokens(&site, &project, "ada@example.com");
    post(
        &site,
        &project,
        "/auth/otp/send",
        json!({ "channel": "email", "email": "ada@example.com" }),
    );
    let code = code(&site, &project, "ada@example.com");
    let magic = &kept[2].1;
    site.running().clock().advance_ms(600_000);
    let body = json!({ "channel": "email", "email": "ada@example.com", "code": code });
    assert_eq!(post(&site, &project, "/auth/otp/verify", body).code(), "invalid_code");
    site.running().clock().advance_ms(300_000);
    assert_eq!(
        post(&site, &project, "/auth/magic-link/verify", json!({ "token": magic })).code(),
        "invalid_code"
    );
    site.running().clock().advance_ms(86_400_000);
    for (path, token) in kept {
        let body = match path {
            "/auth/password/reset" => json!({ "token": token, "password": NEW }),
            _ => json!({ "token": token }),
        };
        assert_eq!(post(&site, &project, path, body).code(), "invalid_code", "{path}");
    }
}

/// Every request that leads to a mail.
fn senders(site: &Site, project: &Project, email: &str) -> Vec<(&'static str, &'static str, Value, Option<String>)> {
    let user = site.login(&project.pk, email, PASSWORD);
    let own = Some(user.token().to_owned());
    vec![
        (
            "/auth/email/verify/send",
            "confirm-email",
            json!({ "email": email }),
            None,
        ),
        (
            "/auth/password/forgot",
            "reset-password",
            json!({ "email": email }),
            None,
        ),
        ("/auth/magic-link/send", "magic-link", json!({ "email": email }), None),
        (
            "/auth/otp/send",
            "otp",
            json!({ "email": email, "channel": "email" }),
            None,
        ),
        (
            "/auth/email/change",
            "email-changing",
            json!({ "email": format!("new-{email}") }),
            own,
        ),
    ]
}

#[test]
fn no_header_of_a_request_gets_into_a_mail() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    let ask = |rest: &[(&str, &str)], path: &str, body: &Value, token: &Option<String>| {
        let bearer = token.as_ref().map(|token| format!("Bearer {token}"));
        let mut headers = vec![
            ("x-aerocall-key", project.pk.as_str()),
            ("content-type", "application/json"),
        ];
        headers.extend(rest);
        if let Some(bearer) = &bearer {
            headers.push(("authorization", bearer));
        }
        let answer = site.send("POST", path, &headers, body.to_string().as_bytes());
        assert_eq!(answer.status, 202, "{path} {answer:?}");
    };
    let forged = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "evil"),
        ("x-forwarded-for", "evil.example"),
        ("forwarded", "host=evil.example"),
        ("x-original-url", "https://evil.example/"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
    ];
    for redirects in [json!([]), listed()] {
        settings(&site, &project, json!({ "redirectUrls": redirects }));
        for (path, template, body, token) in senders(&site, &project, "ada@example.com") {
            ask(&forged, path, &body, &token);
            let sent = mail(&site, &project, "ada@example.com", template);
            assert!(!sent.to_string().contains("evil"), "{path}: {sent}");
        }
    }
}

#[test]
fn no_link_leads_where_the_project_does_not_lead() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    settings(&site, &project, json!({ "redirectUrls": listed() }));
    let elsewhere = [
        "https://evil.example/done",
        "https://app.example.com.evil.example/done",
        "https://app.example.com@evil.example/done",
        "https://evil.example/?https://app.example.com/done",
        "//evil.example/done",
        "/done",
        "http://app.example.com/done",
        "https://app.example.com:8443/done",
        "https://app.example.com/done/..//evil.example",
        "https://app.example.com\\@evil.example/done",
        "https://app.example.com/done#@evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
    ];
    for (path, _, body, token) in senders(&site, &project, "ada@example.com") {
        if path == "/auth/otp/send" {
            continue;
        }
        for to in elsewhere {
            let mut body = body.clone();
            body["redirect_to"] = json!(to);
            let answer = match &token {
                Some(token) => as_user(&site, &project, token, "POST", path, Some(body)),
                None => post(&site, &project, path, body),
            };
            assert_eq!(
                (answer.status, answer.fields()),
                (422, vec!["redirect_to"]),
                "{path} {to}"
            );
        }
    }
    assert!(mails(&site, &project, "ada@example.com", "").is_empty());
    post(
        &site,
        &project,
        "/auth/magic-link/send",
        json!({ "email": "ada@example.com" }),
    );
    let sent = mail(&site, &project, "ada@example.com", "magic-link");
    assert!(
        sent["text"].as_str().unwrap().contains(&format!("{DONE}?token=ot_")),
        "the first of the list"
    );
}

#[test]
fn no_grant_makes_a_session_of_an_account_that_may_not_have_one() {
    let site = Site::new();
    let project = site.project("a");
    let ada = site.registered(&project.pk, "ada@example.com");
    let id = ada.json["user"]["id"].as_str().unwrap();
    let admin = |method: &str, what: &str, body: Option<Value>| {
        let path = format!("/projects/a/environments/production/users/{id}{what}");
        let done = site.admin(method, &path, body);
        assert_eq!(done.status, 200, "{done:?}");
    };
    post(
        &site,
        &project,
        "/auth/magic-link/send",
        json!({ "email": "ada@example.com" }),
    );
    post(
        &site,
        &project,
        "/auth/otp/send",
        json!({ "channel": "email", "email": "ada@example.com" }),
    );
    let link = token(&site, &project, "ada@example.com", "magic-link");
    let code = code(&site, &project, "ada@example.com");
    let come = || {
        let body = json!({ "channel": "email", "email": "ada@example.com", "code": code });
        let by_code = post(&site, &project, "/auth/otp/verify", body);
        let by_link = post(&site, &project, "/auth/magic-link/verify", json!({ "token": link }));
        [by_code, by_link]
    };
    admin("POST", "/ban", Some(json!({})));
    for answer in come() {
        assert_eq!((answer.status, answer.code()), (403, "account_banned"));
    }
    // The refusal kept nothing: not even the address is confirmed.
    admin("POST", "/unban", Some(json!({})));
    assert_eq!(
        site.login(&project.pk, "ada@example.com", PASSWORD).json["user"]["emailVerified"],
        false
    );
    admin("DELETE", "", None);
    for answer in come() {
        assert_eq!(answer.code(), "invalid_code");
    }
    assert_eq!(
        site.login(&project.pk, "ada@example.com", PASSWORD).code(),
        "invalid_credentials"
    );
}

#[test]
fn known_and_unknown_take_the_same_time() {
    let site = Site::new();
    let project = site.project("a");
    settings(&site, &project, json!({ "confirmEmail": true }));
    let sign_up = |email: &str| site.register(&project.pk, json!({ "email": email, "password": PASSWORD }));
    sign_up("ada@example.com");
    // How many steps of a quarter of a second an answer takes.
    let took = |path: &str, body: &Value, email: &str| {
        let mut body = body.clone();
        body["email"] = json!(email);
        let began = std::time::Instant::now();
        let answer = post(&site, &project, path, body);
        (answered(&answer), began.elapsed().as_millis() / 250)
    };
    for (path, body) in [
        ("/auth/password/forgot", json!({})),
        ("/auth/magic-link/send", json!({})),
        ("/auth/email/verify/send", json!({})),
        ("/auth/otp/send", json!({ "channel": "email" })),
        ("/auth/register", json!({ "password": PASSWORD })),
    ] {
        // The quickest of some: a machine that is busy takes a step more now and then, and with either.
        let (mut known, mut unknown) = (u128::MAX, u128::MAX);
        for turn in 0..5 {
            let stranger = format!("nobody{turn}{}@example.com", path.replace('/', "."));
            let (of_known, of_unknown) = (took(path, &body, "ada@example.com"), took(path, &body, &stranger));
            assert_eq!(of_known.0, of_unknown.0, "{path}");
            known = known.min(of_known.1);
            unknown = unknown.min(of_unknown.1);
            // Only the first step ends it early: two that were late at the same time may differ.
            if known == 1 && unknown == 1 {
                break;
            }
        }
        assert_eq!(known, unknown, "{path}: steps of a known address and of an unknown one");
        assert!(known >= 1, "{path}: no step at all");
    }
}
