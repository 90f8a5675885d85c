//! Projects that want a second factor of everybody: whoever has none enrols one during login, and gets nothing else until then.

use serde_json::{Value, json};

use super::{as_user, authenticator, code, mfa::amr, post, settings, token};
use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Project, Site},
};

const ADA: &str = "ada@example.com";

/// A project that wants one.
fn strict() -> (Site, Project) {
    let site = Site::new();
    let project = site.project("a");
    settings(&site, &project, json!({ "mfa": "required" }));
    (site, project)
}

fn register(site: &Site, project: &Project) -> Answer {
    site.register(&project.pk, json!({ "email": ADA, "password": PASSWORD }))
}

fn login(site: &Site, project: &Project) -> Answer {
    site.login(&project.pk, ADA, PASSWORD)
}

/// The token of an answer that leads to an enrolment and to nothing else.
fn enrollment(answer: &Answer) -> String {
    let names: Vec<&String> = answer.json.as_object().unwrap().keys().collect();
    assert_eq!(names, ["mfa_enrollment"], "{answer:?}");
    assert_eq!(answer.json["mfa_enrollment"]["methods"], json!(["totp"]));
    assert_eq!(answer.json["mfa_enrollment"]["expires_in"], 900);
    answer.json["mfa_enrollment"]["token"].as_str().unwrap().to_owned()
}

/// What is begun: the id of the factor and its secret.
fn begin(site: &Site, project: &Project, token: &str) -> (String, String) {
    let begun = post(site, project, "/auth/mfa/enroll", json!({ "token": token }));
    assert_eq!(begun.status, 201, "{begun:?}");
    let text = |name: &str| begun.json[name].as_str().unwrap().to_owned();
    (text("factor_id"), text("secret"))
}

fn confirm(site: &Site, project: &Project, token: &str, factor: &str, code: &str) -> Answer {
    let body = json!({ "token": token, "factor_id": factor, "code": code });
    post(site, project, "/auth/mfa/enroll/confirm", body)
}

fn wrong(right: &str) -> &'static str {
    if right == "000000" { "000001" } else { "000000" }
}

fn sessions(site: &Site) -> usize {
    let listed = site.admin("GET", "/projects/a/environments/production/users", None);
    let id = listed.json["users"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/projects/a/environments/production/users/{id}/export");
    site.admin("GET", &path, None).json["sessions"]
        .as_array()
        .unwrap()
        .len()
}

#[test]
fn where_a_factor_is_required_every_way_in_leads_to_its_enrolment_first() {
    let (site, project) = strict();
    let registered = register(&site, &project);
    assert_eq!(registered.status, 201);
    let mut half = vec![enrollment(&registered), enrollment(&login(&site, &project))];
    post(&site, &project, "/auth/magic-link/send", json!({ "email": ADA }));
    let link = token(&site, &project, ADA, "magic-link");
    half.push(enrollment(&post(
        &site,
        &project,
        "/auth/magic-link/verify",
        json!({ "token": link }),
    )));
    // The link has shown whose the mailbox is: what was begun before it is over, and the password with it.
    for old in &half[..2] {
        let begun = post(&site, &project, "/auth/mfa/enroll", json!({ "token": old }));
        assert_eq!(begun.code(), "invalid_code");
    }
    let body = json!({ "channel": "email", "email": ADA });
    post(&site, &project, "/auth/otp/send", body);
    let body = json!({ "channel": "email", "email": ADA, "code": code(&site, &project, ADA) });
    half.push(enrollment(&post(&site, &project, "/auth/otp/verify", body)));
    let body = json!({ "channel": "email", "email": "new@example.com", "create_user": true });
    post(&site, &project, "/auth/otp/send", body);
    let code = code(&site, &project, "new@example.com");
    let body = json!({ "channel": "email", "email": "new@example.com", "code": code });
    enrollment(&post(&site, &project, "/auth/otp/verify", body));
    assert_eq!(sessions(&site), 0, "none of them made a session");

    let (factor, secret) = begin(&site, &project, &half[3]);
    let entered = confirm(&site, &project, &half[3], &factor, &authenticator(&site, &secret, 0));
    assert_eq!(
        (entered.status, amr(&entered)),
        (200, json!(["otp", "mfa"])),
        "{entered:?}"
    );
    assert_eq!(entered.json["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(site.me(&project.pk, entered.token()).status, 200);
    let late = post(&site, &project, "/auth/mfa/enroll", json!({ "token": half[2] }));
    assert_eq!(
        late.code(),
        "invalid_code",
        "whoever has a factor shows it, and enrols no other during login"
    );
}

#[test]
fn the_token_of_an_enrolment_is_good_for_that_alone_once_and_not_for_long() {
    let (site, project) = strict();
    register(&site, &project);
    let token = enrollment(&login(&site, &project));
    assert_eq!(site.me(&project.pk, &token).code(), "invalid_token");
    let shown = post(
        &site,
        &project,
        "/auth/mfa/verify",
        json!({ "token": token, "code": "123456" }),
    );
    assert_eq!(shown.code(), "invalid_code");
    let refreshed = post(&site, &project, "/auth/refresh", json!({ "refresh_token": token }));
    assert_eq!(refreshed.code(), "invalid_refresh_token");
    let elsewhere = site.project("b");
    let foreign = post(&site, &elsewhere, "/auth/mfa/enroll", json!({ "token": token }));
    assert_eq!(foreign.code(), "invalid_code");
    assert_eq!(
        post(&site, &project, "/auth/mfa/enroll", json!({})).code(),
        "invalid_token"
    );

    let other = enrollment(&login(&site, &project));
    let (factor, secret) = begin(&site, &project, &token);
    let right = authenticator(&site, &secret, 0);
    for _ in 0..4 {
        let answer = confirm(&site, &project, &token, &factor, wrong(&right));
        assert_eq!(answer.code(), "invalid_code");
    }
    let entered = confirm(&site, &project, &token, &factor, &right);
    assert_eq!(
        (entered.status, amr(&entered)),
        (200, json!(["pwd", "mfa"])),
        "the fifth"
    );
    let again = confirm(&site, &project, &token, &factor, &authenticator(&site, &secret, 1));
    assert_eq!(again.code(), "invalid_code", "the token is used up");
    assert!(login(&site, &project).json.get("mfa").is_some());
    let late = post(&site, &project, "/auth/mfa/enroll", json!({ "token": other }));
    assert_eq!(late.code(), "invalid_code");

    let both = Some(json!({ "token": other }));
    let both = as_user(&site, &project, entered.token(), "POST", "/auth/mfa/enroll", both);
    assert_eq!(both.fields(), ["token"]);
    let path = format!("/auth/mfa/factors/{factor}");
    let last = Some(json!({ "password": PASSWORD }));
    let last = as_user(&site, &project, entered.token(), "DELETE", &path, last);
    assert_eq!((last.status, last.code()), (403, "mfa_required"), "the last one stays");
}

#[test]
fn an_enrolment_ends_with_its_time_its_guesses_and_the_password_it_began_with() {
    let (site, project) = strict();
    register(&site, &project);
    let guessed = enrollment(&login(&site, &project));
    let (factor, secret) = begin(&site, &project, &guessed);
    let right = authenticator(&site, &secret, 0);
    for _ in 0..5 {
        confirm(&site, &project, &guessed, &factor, wrong(&right));
    }
    assert_eq!(
        confirm(&site, &project, &guessed, &factor, &right).code(),
        "invalid_code"
    );

    let slow = enrollment(&login(&site, &project));
    site.running().clock().advance_ms(900_000);
    let late = post(&site, &project, "/auth/mfa/enroll", json!({ "token": slow }));
    assert_eq!(late.code(), "invalid_code");

    let before = enrollment(&login(&site, &project));
    let (factor, secret) = begin(&site, &project, &before);
    post(&site, &project, "/auth/password/forgot", json!({ "email": ADA }));
    let reset = token(&site, &project, ADA, "reset-password");
    let body = json!({ "token": reset, "password": "another horse battery" });
    assert_eq!(post(&site, &project, "/auth/password/reset", body).status, 200);
    let code = authenticator(&site, &secret, 0);
    assert_eq!(confirm(&site, &project, &before, &factor, &code).code(), "invalid_code");
    assert_eq!(sessions(&site), 0);
}

#[test]
fn hooks_of_the_login_run_at_the_end_of_an_enrolment_and_a_denial_leaves_nothing() {
    let (site, project) = strict();
    let gate = hook(
        "beforeLogin",
        "if (payload.client.id === 'stolen') return { deny: { code: 'no_' + payload.provider } }; await Aerocall.cache.increment('logins');",
    );
    let claims = hook(
        "beforeTokenIssue",
        "return { patch: { claims: { logins: await Aerocall.cache.get('logins') } } };",
    );
    site.live("a", &[("gate", &gate), ("claims", &claims)]);
    let token = enrollment(&register(&site, &project));
    let (factor, secret) = begin(&site, &project, &token);
    let code = authenticator(&site, &secret, 0);
    let body = json!({ "token": token, "factor_id": factor, "code": code, "client": { "id": "stolen" } });
    let denied = post(&site, &project, "/auth/mfa/enroll/confirm", body);
    assert_eq!(denied.code(), "no_password");
    enrollment(&login(&site, &project));
    let entered = confirm(&site, &project, &token, &factor, &code);
    assert_eq!(entered.status, 200, "{entered:?}");
    assert_eq!(crate::matrix::claims(&entered)["logins"], 1);

    settings(&site, &project, json!({ "mfa": "required", "confirmEmail": true }));
    let unconfirmed = login(&site, &project);
    assert_eq!(
        unconfirmed.code(),
        "email_unverified",
        "what speaks against a session speaks first"
    );
    let kept: Value = site
        .admin("GET", "/projects/a/environments/production/settings/auth", None)
        .json;
    assert_eq!(kept["mfa"], "required");
}
