//! `POST /auth/login` and `GET /auth/me`

use serde_json::Value;

use crate::site::{Answer, PASSWORD, Site};

#[test]
fn a_user_logs_in_whatever_the_case_of_the_email() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let user = site.registered(&pk, "J\u{fc}rgen@Example.com").json["user"].clone();
    let login = site.login(&pk, "ju\u{308}rgen@EXAMPLE.com", PASSWORD);
    assert_eq!((login.status, &login.json["user"]["id"]), (200, &user["id"]));
    assert_eq!(
        site.me(&pk, login.token()).json["user"]["email"],
        "J\u{fc}rgen@example.com"
    );
}

#[test]
fn unknown_user_and_wrong_password_look_and_cost_the_same() {
    let site = Site::new();
    let pk = site.project("a").pk;
    site.registered(&pk, "ada@example.com");
    let cost = |email: &str| {
        let before = site.running().password_work();
        let answer = site.login(&pk, email, "wrong horse battery");
        (answer, site.running().password_work() - before)
    };
    let (wrong, wrong_work) = cost("ada@example.com");
    let (unknown, unknown_work) = cost("nobody@example.com");
    assert_eq!((wrong.status, wrong.code()), (401, "invalid_credentials"));
    assert_eq!(unknown.status, 401);
    assert_eq!(without_id(&wrong), without_id(&unknown));
    assert_eq!((wrong_work, unknown_work), (1, 1));
    let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&wrong), names(&unknown));
}

#[test]
fn a_short_or_common_password_can_still_be_wrong() {
    let site = Site::new();
    let pk = site.project("a").pk;
    assert_eq!(site.login(&pk, "ada@example.com", "x").code(), "invalid_credentials");
    assert_eq!(
        site.login(&pk, "ada@example.com", &"x".repeat(1_001)).fields(),
        ["password"]
    );
}

fn without_id(answer: &Answer) -> Value {
    let mut json = answer.json.clone();
    json["error"]["request_id"] = Value::Null;
    json
}
