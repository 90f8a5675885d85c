//! Forgotten passwords of admins: links by mail, by administrators and at the server's machine.

use serde_json::{Value, json};

use super::{
    administrator,
    browser::{Browser, PASSWORD, ask, sign_in},
    person,
};
use crate::{
    relay::{Delivered, Offers, Relay},
    site::{Answer, Site, until},
};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const NEW_PASSWORD: &str = "another horse battery";

fn confirm(site: &Site, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password });
    ask(site, "POST", "/password-reset/confirm", &[], Some(body))
}

fn request(site: &Site, email: &str) -> Answer {
    ask(site, "POST", "/password-reset", &[], Some(json!({ "email": email })))
}

fn create(by: &Browser<'_>, account: &str) -> Answer {
    by.post(&format!("/accounts/{account}/password-reset"), json!({}))
}

fn token(created: &Answer) -> String {
    assert_eq!(created.status, 201, "{created:?}");
    created.json["token"].as_str().unwrap().to_owned()
}

/// Of quoted-printable, as far as a link needs it.
fn text(mail: &Delivered) -> String {
    mail.content.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")
}

fn audited(site: &Site, action: &str) -> Vec<Value> {
    let lines = site.admin("GET", &format!("/audit?action={action}"), None);
    lines.json["audit"]
        .as_array()
        .unwrap_or_else(|| panic!("{lines:?}"))
        .clone()
}

#[test]
fn a_link_of_an_administrator_changes_the_password_once_and_ends_the_sessions() {
    let site = Site::with(&[("AEROCALL_PUBLIC_URL", "https://auth.example.com")]);
    site.project("a");
    let ada = administrator(&site, "ada");
    let bob = person(&site, "bob", Some(("a", "viewer")));
    let created = create(&ada, &bob.account);
    let link = format!("https://auth.example.com/admin/reset#{}", token(&created));
    assert_eq!(
        (&created.json["link"], &created.json["email"]),
        (&json!(link), &json!(bob.email))
    );
    assert_eq!(bob.get("/session").status, 200, "nothing has changed yet");
    let short = confirm(&site, &token(&created), "short");
    assert_eq!((short.status, short.fields()), (422, vec!["password"]));
    let done = confirm(&site, &token(&created), NEW_PASSWORD);
    assert_eq!((done.status, &done.json), (200, &json!({ "status": "done" })));
    assert_eq!(
        done.header("set-cookie"),
        "",
        "whoever has the link signs in afterwards"
    );
    let again = confirm(&site, &token(&created), NEW_PASSWORD);
    assert_eq!((again.status, again.code()), (401, "invalid_code"), "it is used");
    assert_eq!(bob.get("/session").status, 401, "his sessions have ended");
    assert_eq!(ada.get("/session").status, 200, "and nobody else's");
    assert_eq!(sign_in(&site, &bob.email, PASSWORD).status, 401);
    assert_eq!(sign_in(&site, &bob.email, NEW_PASSWORD).status, 200);

    let (made, used) = (
        audited(&site, "admin_account.password_reset_created"),
        audited(&site, "admin_account.password_reset"),
    );
    assert_eq!(
        (&made[0]["actor"], &made[0]["target"]),
        (&json!(format!("account:{}", ada.account)), &json!(bob.account))
    );
    assert_eq!(
        (&used[0]["actor"], &used[0]["data"]["endedSessions"]),
        (&json!(format!("account:{}", bob.account)), &json!(1))
    );
    assert!(!json!([made, used]).to_string().contains("rst_"), "no token in the log");
}

#[test]
fn a_link_ends_with_its_time_its_successor_and_its_account() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    let bob = person(&site, "bob", None);
    let first = token(&create(&ada, &bob.account));
    let second = token(&create(&ada, &bob.account));
    assert_eq!(confirm(&site, &first, NEW_PASSWORD).code(), "invalid_code");
    assert_eq!(confirm(&site, "rst_nope", NEW_PASSWORD).code(), "invalid_code");
    site.running().clock().advance_ms(24 * HOUR_MS);
    assert_eq!(confirm(&site, &second, NEW_PASSWORD).code(), "invalid_code");
    let ada = Browser::signed_in(&site, &ada.account, &ada.email);
    let third = token(&create(&ada, &bob.account));
    assert_eq!(ada.delete(&format!("/accounts/{}", bob.account)).status, 200);
    assert_eq!(confirm(&site, &third, NEW_PASSWORD).code(), "invalid_code");
    assert_eq!(create(&ada, &bob.account).status, 404);
}

#[test]
fn only_administrators_who_have_just_proved_it_create_links() {
    let site = Site::new();
    site.project("a");
    let ada = administrator(&site, "ada");
    let owner = person(&site, "owner", Some(("a", "owner")));
    assert_eq!(create(&owner, &ada.account).status, 404);
    site.running().clock().advance_ms(HOUR_MS);
    let stale = create(&ada, &owner.account);
    assert_eq!(stale.code(), "fresh_proof_required", "{stale:?}");
}

#[test]
fn a_mail_brings_the_link_and_an_address_without_an_account_gets_the_same_answer() {
    let relay = Relay::start(&Offers::default());
    let url = format!("smtp+plain://{}", relay.address);
    let site = Site::with(&[
        ("AEROCALL_SMTP_URL", &url),
        ("AEROCALL_PUBLIC_URL", "https://auth.example.com"),
    ]);
    let bob = person(&site, "bob", None);
    let unknown = request(&site, "nobody@example.com");
    let known = request(&site, &bob.email);
    assert_eq!((unknown.status, &unknown.json), (202, &json!({ "status": "accepted" })));
    assert_eq!((known.status, &known.json), (unknown.status, &unknown.json));
    let mail = until(|| relay.delivered().into_iter().next());
    assert!(mail.rcpt.contains(&bob.email), "{mail:?}");
    let text = text(&mail);
    let begin = text
        .find("https://auth.example.com/admin/reset#")
        .unwrap_or_else(|| panic!("{text}"));
    let link = text[begin..].split_whitespace().next().unwrap();
    let token = link.split('#').nth(1).unwrap();
    site.running().clock().advance_ms(HOUR_MS - MINUTE_MS);
    assert_eq!(confirm(&site, token, NEW_PASSWORD).status, 200);
    assert_eq!(sign_in(&site, &bob.email, NEW_PASSWORD).status, 200);
    assert_eq!(relay.delivered().len(), 1, "nobody else got one");
}

#[test]
fn so_many_mails_an_hour_whether_there_is_an_account_or_not() {
    let relay = Relay::start(&Offers::default());
    let url = format!("smtp+plain://{}", relay.address);
    let site = Site::with(&[("AEROCALL_SMTP_URL", &url), ("AEROCALL_LIMITS_ENABLED", "true")]);
    let bob = person(&site, "bob", None);
    for email in [bob.email.as_str(), "nobody@example.com"] {
        let mut answers = Vec::new();
        // One address may send ten requests per minute.
        for _ in 0..2 {
            site.running().clock().advance_ms(MINUTE_MS);
            answers.extend((0..6).map(|_| request(&site, email).status));
        }
        assert_eq!(answers, [[202; 10].as_slice(), &[429; 2]].concat(), "{email}");
    }
}

#[test]
fn without_a_mail_server_the_answer_says_what_else_there_is() {
    let site = Site::new();
    let bob = person(&site, "bob", None);
    for email in [bob.email.as_str(), "nobody@example.com"] {
        let refused = request(&site, email);
        assert_eq!((refused.status, refused.code()), (409, "no_mail_server"));
        assert!(
            refused.json["error"]["message"]
                .as_str()
                .unwrap()
                .contains("aerocall admin reset-password")
        );
    }
    let ada = administrator(&site, "ada");
    let invited = ada.post("/invitations", json!({ "email": "eve@example.com", "mail": true }));
    assert_eq!((invited.status, invited.code()), (409, "no_mail_server"));
    assert_eq!(
        ada.get("/invitations").json,
        json!({ "invitations": [] }),
        "nothing half done"
    );
}

#[test]
fn an_invitation_is_mailed_if_asked_for_and_good_if_the_mail_fails() {
    let relay = Relay::start(&Offers::default());
    let url = format!("smtp+plain://{}", relay.address);
    let site = Site::with(&[("AEROCALL_SMTP_URL", &url)]);
    site.project("a");
    let ada = administrator(&site, "ada");
    let invite = |email: &str| {
        let body = json!({ "email": email, "role": "viewer", "mail": true });
        ada.post("/projects/a/invitations", body)
    };
    let mailed = invite("bob@example.com");
    assert_eq!(
        (mailed.status, &mailed.json["isMailed"]),
        (201, &json!(true)),
        "{mailed:?}"
    );
    let text = text(&relay.delivered()[0]);
    assert!(text.contains(mailed.json["link"].as_str().unwrap()), "{text}");
    let kept = invite("用户@example.com");
    assert_eq!((kept.status, &kept.json["isMailed"]), (201, &json!(false)), "{kept:?}");
    // Members of projects see nothing of the mail server of the installation.
    let problem = kept.json["mailProblem"].as_str().unwrap();
    assert!(problem.contains("the log of the server says why"), "{problem}");
    let body = json!({ "token": kept.json["token"], "password": PASSWORD });
    assert_eq!(ask(&site, "POST", "/invitations/accept", &[], Some(body)).status, 201);
}
