//! Second factors of accounts.

use serde_json::{Value, json};

use super::{
    administrator,
    browser::{Browser, PASSWORD, ask, sign_in},
};
use crate::{
    proofs::authenticator,
    site::{Answer, Site},
};

const MINUTE_MS: i64 = 60_000;

/// Enrols an app; answers its secret and the recovery codes.
fn enrolled(ada: &Browser<'_>) -> (String, Vec<String>) {
    let begun = ada.post("/account/totp", json!({}));
    assert_eq!(begun.status, 201, "{begun:?}");
    let secret = begun.json["secret"].as_str().unwrap().to_owned();
    assert!(
        begun.json["otpauthUrl"]
            .as_str()
            .unwrap()
            .starts_with("otpauth://totp/Aerocall%20admin:ada")
    );
    let confirmed = ada.post(
        "/account/totp/confirm",
        json!({ "code": authenticator(ada.site, &secret, 0) }),
    );
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    let codes = confirmed.json["recoveryCodes"].as_array().unwrap();
    (
        secret,
        codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect(),
    )
}

fn ticket(site: &Site) -> String {
    let answer = sign_in(site, "ada@example.com", PASSWORD);
    assert_eq!(
        (answer.status, &answer.json["state"]),
        (200, &json!("totp")),
        "{answer:?}"
    );
    assert_eq!(
        (answer.header("set-cookie"), &answer.json["csrfToken"]),
        ("", &Value::Null)
    );
    answer.json["ticket"].as_str().unwrap().to_owned()
}

fn show(site: &Site, ticket: &str, name: &str, code: &str) -> Answer {
    ask(
        site,
        "POST",
        "/session/totp",
        &[],
        Some(json!({ "ticket": ticket, name: code })),
    )
}

fn refused(answer: &Answer) -> (u16, &str, &str) {
    (answer.status, answer.code(), answer.header("set-cookie"))
}

const WRONG: (u16, &str, &str) = (401, "invalid_code", "");

#[test]
fn with_an_app_the_password_alone_opens_nothing_and_no_code_works_twice() {
    let site = Site::new();
    site.running().clock().stop();
    let ada = administrator(&site, "ada");
    let phone = ada.another();
    let (secret, _) = enrolled(&ada);
    assert_eq!(
        (ada.get("/session").status, phone.get("/session").status),
        (200, 401),
        "others end"
    );
    let used = authenticator(&site, &secret, 0);
    let first = ticket(&site);
    assert_eq!(
        refused(&show(&site, &first, "code", &used)),
        WRONG,
        "it confirmed the app"
    );
    site.running().clock().advance_ms(MINUTE_MS);
    let code = authenticator(&site, &secret, 0);
    let second = ticket(&site);
    let signed_in = show(&site, &first, "code", &code);
    assert_eq!(signed_in.status, 200, "{signed_in:?}");
    let laptop = Browser::of(&site, &ada.account, &ada.email, &signed_in);
    assert_eq!(laptop.get("/session").json["account"]["hasTotp"], json!(true));
    assert_eq!(refused(&show(&site, &second, "code", &code)), WRONG, "the code is used");
    site.running().clock().advance_ms(MINUTE_MS);
    let fresh = authenticator(&site, &secret, 0);
    assert_eq!(
        refused(&show(&site, &first, "code", &fresh)),
        WRONG,
        "the ticket is used"
    );
    assert_eq!(show(&site, &second, "code", &fresh).status, 200);
    assert_eq!(
        refused(&laptop.post("/session/confirm", json!({ "code": fresh }))),
        WRONG,
        "nor for a proof"
    );
    site.running().clock().advance_ms(MINUTE_MS);
    let proof = json!({ "code": authenticator(&site, &secret, 0) });
    assert_eq!(laptop.post("/session/confirm", proof.clone()).status, 200);
    assert_eq!(refused(&laptop.post("/session/confirm", proof)), WRONG);
}

#[test]
fn a_ticket_is_good_for_five_codes_and_five_minutes() {
    let site = Site::new();
    site.running().clock().stop();
    let ada = administrator(&site, "ada");
    let (secret, _) = enrolled(&ada);
    site.running().clock().advance_ms(MINUTE_MS);
    let code = authenticator(&site, &secret, 0);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let spent = ticket(&site);
    for _ in 0..5 {
        assert_eq!(refused(&show(&site, &spent, "code", wrong)), WRONG);
    }
    assert_eq!(refused(&show(&site, &spent, "code", &code)), WRONG);
    assert_eq!(refused(&show(&site, "tkt_x", "code", &code)), WRONG);
    let late = ticket(&site);
    site.running().clock().advance_ms(5 * MINUTE_MS);
    assert_eq!(
        refused(&show(&site, &late, "code", &authenticator(&site, &secret, 0))),
        WRONG
    );
    let good = ticket(&site);
    assert_eq!(show(&site, &good, "code", "12345").fields(), ["code"]);
    assert_eq!(
        show(&site, &good, "code", &authenticator(&site, &secret, 0)).status,
        200
    );
}

#[test]
fn a_recovery_code_works_once_and_new_ones_end_the_old() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    let (_, codes) = enrolled(&ada);
    assert_eq!(codes.len(), 10);
    let typed = codes[0].to_uppercase().replace('-', " ");
    assert_eq!(show(&site, &ticket(&site), "recoveryCode", &typed).status, 200);
    assert_eq!(
        refused(&show(&site, &ticket(&site), "recoveryCode", &codes[0])),
        WRONG,
        "used"
    );
    let renewed = ada.post("/account/recovery-codes", json!({}));
    assert_eq!(renewed.status, 201, "{renewed:?}");
    assert_eq!(
        refused(&show(&site, &ticket(&site), "recoveryCode", &codes[1])),
        WRONG,
        "replaced"
    );
    let fresh = renewed.json["recoveryCodes"][3].as_str().unwrap();
    assert_eq!(show(&site, &ticket(&site), "recoveryCode", fresh).status, 200);
}

#[test]
fn of_many_who_show_one_code_at_once_one_gets_in() {
    let site = Site::new();
    site.running().clock().stop();
    let ada = administrator(&site, "ada");
    let (secret, _) = enrolled(&ada);
    site.running().clock().advance_ms(MINUTE_MS);
    let code = authenticator(&site, &secret, 0);
    let tickets: Vec<String> = (0..6).map(|_| ticket(&site)).collect();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let shown: Vec<_> = tickets
            .iter()
            .map(|ticket| scope.spawn(|| show(&site, ticket, "code", &code).status))
            .collect();
        shown.into_iter().map(|shown| shown.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| matches!(status, 200 | 401)),
        "{statuses:?}"
    );
}

#[test]
fn an_app_that_was_removed_is_asked_for_no_more() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    assert_eq!(ada.delete("/account/totp").status, 404);
    assert_eq!(ada.post("/account/recovery-codes", json!({})).status, 404);
    assert_eq!(
        refused(&ada.post("/account/totp/confirm", json!({ "code": "123456" }))),
        WRONG,
        "none was begun"
    );
    let (_, codes) = enrolled(&ada);
    // One that is begun and not confirmed changes nothing.
    let begun = ada.post("/account/totp", json!({})).json["secret"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = authenticator(&site, &begun, 0);
    assert_eq!(refused(&show(&site, &ticket(&site), "code", &other)), WRONG);
    assert_eq!(ada.delete("/account/totp").json, json!({ "deleted": ada.account }));
    let back = sign_in(&site, "ada@example.com", PASSWORD);
    assert_eq!(back.json["state"], json!("signed_in"));
    assert_eq!(
        refused(&ada.post("/session/confirm", json!({ "recoveryCode": codes[1] }))),
        WRONG
    );
}
