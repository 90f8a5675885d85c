//! What a user gets in with, as admins see it and take it away.

use serde_json::{Value, json};

use super::{USERS, emails, id, made, of_user, refreshed};
use crate::{
    bundles::hook,
    people::person,
    proofs::{DONE, as_user, authenticator, settings, token},
    site::{Answer, PASSWORD, Project, Site, until},
};

fn events(site: &Site, kind: &str) -> Vec<Value> {
    let path = format!("/projects/a/environments/production/events?type={kind}");
    site.admin("GET", &path, None).json["events"]
        .as_array()
        .unwrap()
        .clone()
}

fn audited(site: &Site, action: &str) -> Vec<Value> {
    let path = format!("/projects/a/environments/production/audit?action={action}");
    site.admin("GET", &path, None).json["audit"].as_array().unwrap().clone()
}

#[test]
fn an_admin_sees_the_sessions_of_a_user_and_ends_one() {
    let site = Site::new();
    let project = site.project("a");
    let first = site.registered(&project.pk, "ada@work.example");
    let second = site.login(&project.pk, "ada@work.example", PASSWORD);
    let user = first.json["user"].clone();
    let sessions = |user: &Value| site.admin("GET", &of_user(user, "/sessions"), None);
    let listed = sessions(&user);
    assert_eq!(listed.status, 200, "{listed:?}");
    let shown = listed.json["sessions"].as_array().unwrap();
    assert_eq!(shown.len(), 2);
    assert_eq!(
        (&shown[0]["provider"], &shown[0]["methods"]),
        (&json!("password"), &json!(["pwd"]))
    );
    assert_eq!(shown[0]["id"], second.json["session"]["id"], "newest first");

    let end = |user: &Value, session: &str| site.admin("DELETE", &of_user(user, &format!("/sessions/{session}")), None);
    let session = first.json["session"]["id"].as_str().unwrap();
    let other = made(&site, json!({ "email": "eve@work.example" }));
    assert_eq!(end(&other, session).status, 404, "of somebody else");
    assert_eq!(end(&user, "ses_nope").status, 404);
    let ended = end(&user, session);
    assert_eq!((ended.status, &ended.json), (200, &json!({ "deleted": session })));
    assert_eq!(end(&user, session).status, 404, "only once");
    assert_eq!(site.me(&project.pk, first.token()).code(), "invalid_token");
    assert_eq!(refreshed(&site, &project, &first).code(), "invalid_refresh_token");
    assert_eq!(
        site.me(&project.pk, second.token()).status,
        200,
        "the other one goes on"
    );
    assert_eq!(sessions(&user).json["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(sessions(&json!({ "id": "usr_nope" })).status, 404);

    let events = events(&site, "auth.session.revoked");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["data"]["session"]["id"], session);
    assert_eq!(events[0]["data"]["reason"], "admin");
    let lines = audited(&site, "user.session_ended");
    assert_eq!(
        (lines.len(), &lines[0]["target"], &lines[0]["data"]["session"]),
        (1, &user["id"], &json!(session))
    );
}

/// A user with a second factor, of a project that wants one; and the factor.
fn enrolled(site: &Site, project: &Project) -> (Value, String) {
    let login = site.registered(&project.pk, "ada@work.example");
    let ask = |path: &str, body: Value| as_user(site, project, login.token(), "POST", path, Some(body));
    let begun = ask("/auth/mfa/enroll", json!({ "name": "Phone" }));
    assert_eq!(begun.status, 201, "{begun:?}");
    let factor = begun.json["factor_id"].as_str().unwrap().to_owned();
    let code = authenticator(site, begun.json["secret"].as_str().unwrap(), 0);
    let confirmed = ask("/auth/mfa/enroll/confirm", json!({ "factor_id": factor, "code": code }));
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    settings(site, project, json!({ "mfa": "required" }));
    (login.json["user"].clone(), factor)
}

#[test]
fn an_admin_takes_a_lost_factor_away_and_the_user_adds_another() {
    let site = Site::new();
    let project = site.project("a");
    let (user, factor) = enrolled(&site, &project);
    let login = || site.login(&project.pk, "ada@work.example", PASSWORD);
    assert!(login().json.get("mfa").is_some());
    let listed = site.admin("GET", &of_user(&user, "/factors"), None);
    let shown = &listed.json["factors"][0];
    assert_eq!(
        (&shown["id"], &shown["state"], &shown["name"]),
        (&json!(factor), &json!("verified"), &json!("Phone"))
    );
    assert_eq!(listed.json["recoveryCodesLeft"], 10);
    assert!(!listed.json.to_string().contains("secret"));

    let path = of_user(&user, &format!("/factors/{factor}"));
    assert_eq!(
        site.admin("DELETE", &of_user(&user, "/factors/mfa_nope"), None).status,
        404
    );
    let ada = person(&site, "ada", Some(("a", "developer")));
    site.running().clock().advance_ms(601_000);
    assert_eq!(
        ada.delete(&path).code(),
        "fresh_proof_required",
        "for whoever finds an open browser"
    );
    let removed = site.admin("DELETE", &path, None);
    assert_eq!(
        removed.json,
        json!({ "factors": [], "recoveryCodesLeft": 0 }),
        "{removed:?}"
    );
    assert_eq!(site.admin("DELETE", &path, None).status, 404);
    assert!(
        login().json.get("mfa_enrollment").is_some(),
        "the project still wants one"
    );
    let events = events(&site, "auth.mfa.removed");
    assert_eq!((events.len(), &events[0]["data"]["factor"]["id"]), (1, &json!(factor)));
    assert!(events[0]["actor"].as_str().unwrap().starts_with("admin:"));
    assert_eq!(audited(&site, "mfa.removed")[0]["data"]["factor"], factor);
}

fn reset(site: &Site, user: &Value, body: Value) -> Answer {
    site.admin("POST", &of_user(user, "/password-reset"), Some(body))
}

#[test]
fn an_admin_sends_a_link_to_a_new_password() {
    let site = Site::new();
    let project = site.project("a");
    settings(&site, &project, json!({ "redirectUrls": [DONE] }));
    let login = site.registered(&project.pk, "ada@work.example");
    let user = &login.json["user"];
    assert_eq!(
        reset(&site, user, json!({ "redirectTo": "https://evil.example" })).fields(),
        ["redirectTo"]
    );
    assert_eq!(reset(&site, &json!({ "id": "usr_nope" }), json!({})).status, 404);
    let sent = reset(&site, user, json!({}));
    assert_eq!(sent.status, 202, "{sent:?}");
    let mail = format!(
        "/projects/a/environments/production/mails/{}",
        sent.json["mail"].as_str().unwrap()
    );
    let mail = until(|| {
        let mail = site.admin("GET", &mail, None).json;
        (mail["state"] == "captured").then_some(mail)
    });
    assert!(mail["text"].as_str().unwrap().contains(DONE), "{mail}");
    assert!(
        !sent.json.to_string().contains("ot_"),
        "the admin does not get the link"
    );
    assert_eq!(
        site.login(&project.pk, "ada@work.example", PASSWORD).status,
        200,
        "until it is used"
    );
    let token = token(&site, &project, "ada@work.example", "reset-password");
    let body = json!({ "token": token, "password": "another horse battery" });
    assert_eq!(site.post("/auth/password/reset", &project.pk, body).status, 200);
    assert_eq!(
        site.login(&project.pk, "ada@work.example", "another horse battery")
            .status,
        200
    );
    let events = events(&site, "auth.password.reset.requested");
    assert!(events[0]["actor"].as_str().unwrap().starts_with("admin:"));
    let lines = audited(&site, "user.password_reset_sent");
    assert_eq!((lines.len(), &lines[0]["target"]), (1, &user["id"]));
    assert!(!lines[0].to_string().contains("ot_"));
}

#[test]
fn hooks_can_refuse_a_reset_and_a_mailbox_gets_only_so_many() {
    let site = Site::with(&[("AEROCALL_LIMITS_ENABLED", "true")]);
    let project = site.project("a");
    let gate = hook(
        "beforePasswordResetRequest",
        "if (payload.user.email.startsWith('boss')) throw new Aerocall.Deny('no', { code: 'not_the_boss' });",
    );
    site.live("a", &[("gate", &gate)]);
    settings(&site, &project, json!({ "limits": { "sendsPerRecipientHour": 2 } }));
    let boss = made(&site, json!({ "email": "boss@work.example" }));
    let ada = made(&site, json!({ "email": "ada@work.example" }));
    assert_eq!(reset(&site, &boss, json!({})).code(), "not_the_boss");
    assert_eq!(audited(&site, "user.password_reset_sent").len(), 0);
    assert_eq!(reset(&site, &ada, json!({})).status, 202);
    assert_eq!(reset(&site, &ada, json!({})).status, 202);
    assert_eq!(reset(&site, &ada, json!({})).code(), "rate_limited");
}

#[test]
fn a_viewer_sees_credentials_and_changes_none() {
    let site = Site::new();
    let project = site.project("a");
    let (user, factor) = enrolled(&site, &project);
    let eve = person(&site, "eve", Some(("a", "viewer")));
    for path in ["/sessions", "/factors", "/identities"] {
        assert_eq!(eve.get(&of_user(&user, path)).status, 200, "{path}");
    }
    let session = eve.get(&of_user(&user, "/sessions")).json["sessions"][0]["id"].clone();
    for path in [
        format!("/sessions/{}", session.as_str().unwrap()),
        format!("/factors/{factor}"),
        "/identities/google".to_owned(),
    ] {
        assert_eq!(eve.delete(&of_user(&user, &path)).code(), "forbidden", "{path}");
    }
    assert_eq!(
        eve.post(&of_user(&user, "/password-reset"), json!({})).code(),
        "forbidden"
    );
}

#[test]
fn users_are_found_by_what_identifies_them_and_filtered() {
    let site = Site::new();
    let project = site.project("a");
    let ada = site.registered(&project.pk, "ada@work.example").json["user"].clone();
    let grace = made(
        &site,
        json!({ "email": "Grace@home.example", "phone": "+4930123456", "emailVerified": true }),
    );
    made(&site, json!({ "email": "adam@home.example", "name": "grace" }));
    let found = |query: &str| {
        let answer = site.admin("GET", &format!("{USERS}?{query}"), None);
        let mut emails: Vec<String> = emails(&answer).iter().map(|email| (*email).to_owned()).collect();
        emails.sort();
        emails
    };
    assert_eq!(found(&format!("q={}", id(&ada))), ["ada@work.example"]);
    assert_eq!(found("q=%2B4930"), ["Grace@home.example"]);
    assert_eq!(found("q=%2B49%25"), Vec::<String>::new(), "a sign of LIKE is none");
    assert_eq!(found("q=GRACE%40ho"), ["Grace@home.example"]);
    assert_eq!(
        found("q=grace"),
        ["Grace@home.example", "adam@home.example"],
        "by name, too"
    );
    assert_eq!(found("email=grace"), ["Grace@home.example"]);
    assert_eq!(found("email=%25"), Vec::<String>::new());
    assert_eq!(found("verified=true"), ["Grace@home.example"]);
    assert_eq!(found("verified=false").len(), 2);
    assert_eq!(found("provider=admin&email=ada"), ["adam@home.example"]);
    site.admin("POST", &of_user(&grace, "/ban"), Some(json!({})));
    assert_eq!(found("banned=true"), ["Grace@home.example"]);
    assert_eq!(found("banned=false").len(), 2);

    site.running().clock().advance_ms(3 * 86_400_000);
    let now = site.running().clock().now_ms();
    let at = |ms: i64| {
        let at = time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).unwrap();
        at.format(&time::format_description::well_known::Rfc3339).unwrap()
    };
    let day_ago = at(now - 86_400_000);
    assert_eq!(found(&format!("createdBefore={day_ago}")).len(), 3);
    assert_eq!(found(&format!("createdAfter={day_ago}")).len(), 0);
    let four_days_ago = at(now - 4 * 86_400_000);
    assert_eq!(
        found(&format!("createdAfter={four_days_ago}&createdBefore={day_ago}")).len(),
        3
    );

    let refused = |query: &str| site.admin("GET", &format!("{USERS}?{query}"), None);
    assert_eq!(refused("banned=maybe").fields(), ["banned"]);
    assert_eq!(refused("createdAfter=yesterday").fields(), ["createdAfter"]);
    assert_eq!(refused("q=a&email=b").fields(), ["email"]);
}
