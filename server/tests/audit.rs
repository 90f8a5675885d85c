//! The audit log, and the events that tell of what failed.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{PASSWORD, Site, until},
};

const ENVIRONMENT: &str = "/projects/a/environments/production";

fn lines(site: &Site, query: &str) -> Vec<Value> {
    let answer = site.admin("GET", &format!("{ENVIRONMENT}/audit?{query}"), None);
    answer.json["audit"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:?}"))
        .clone()
}

#[test]
fn every_change_of_an_admin_is_a_line_with_who_and_what_and_no_secret() {
    let site = Site::new();
    let project = site.project("a");
    let user = site.registered(&project.pk, "ada@example.com").json["user"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = |tail: &str| format!("{ENVIRONMENT}{tail}");
    site.live("a", &[("gate", &hook("beforeLogin", ""))]);
    site.admin(
        "PUT",
        &path("/secrets/crm"),
        Some(json!({ "value": "hunter2", "hosts": ["api.example.com"] })),
    );
    site.admin("DELETE", &path("/secrets/crm"), None);
    site.admin("DELETE", &path("/secrets/crm"), None);
    site.admin(
        "PUT",
        &path("/settings/http"),
        Some(json!({ "hosts": ["api.example.com"] })),
    );
    site.admin("PUT", &path("/settings/http"), Some(json!({ "hosts": 1 })));
    site.admin(
        "PUT",
        &path("/mail-templates/hello"),
        Some(json!({ "subject": "Hi", "text": "Hi" })),
    );
    site.admin("DELETE", &path("/mail-templates/hello"), None);
    site.admin("POST", &path(&format!("/users/{user}/ban")), Some(json!({})));
    let banned = site.admin("POST", &path(&format!("/users/{user}/unban")), None);
    site.admin_as(&project.sk, "DELETE", &path(&format!("/users/{user}")), None);

    let lines = lines(&site, "");
    let actions: Vec<&str> = lines
        .iter()
        .rev()
        .map(|line| line["action"].as_str().unwrap())
        .collect();
    let expected = [
        "project.created",
        "hook_version.uploaded",
        "deployment.created",
        "secret.put",
        "secret.deleted",
        "setting.put",
        "mail_template.put",
        "mail_template.deleted",
        "user.banned",
        "user.unbanned",
        "user.deleted",
    ];
    assert_eq!(actions, expected, "what was refused is no line");
    assert_eq!(lines[0]["actor"], "key:a/production");
    assert_eq!(
        (&lines[1]["target"], &lines[1]["requestId"]),
        (&json!(user), &json!(banned.header("x-request-id")))
    );
    assert!(lines[1]["actor"].as_str().unwrap().starts_with("admin:adm_"));
    assert_eq!(lines[1]["ip"], "127.0.0.1");
    assert!(!Value::from(lines).to_string().contains("hunter2"));
}

#[test]
fn what_people_do_to_their_ways_in_is_a_line_of_theirs() {
    let site = Site::new();
    let project = site.project("a");
    let ada = site.registered(&project.pk, "ada@example.com");
    let id = ada.json["user"]["id"].as_str().unwrap();
    let as_ada = |method: &str, path: &str, body: Value| {
        let bearer = format!("Bearer {}", ada.token());
        let headers = [
            ("x-aerocall-key", project.pk.as_str()),
            ("authorization", &bearer),
            ("content-type", "application/json"),
        ];
        site.send(method, path, &headers, body.to_string().as_bytes())
    };
    let begun = as_ada("POST", "/auth/mfa/enroll", json!({})).json;
    let secret = begun["secret"].as_str().unwrap();
    let code = crate::proofs::authenticator(&site, secret, 0);
    let factor = begun["factor_id"].as_str().unwrap();
    let confirm = json!({ "factor_id": factor, "code": code });
    let confirmed = as_ada("POST", "/auth/mfa/enroll/confirm", confirm);
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    let removed = as_ada(
        "DELETE",
        &format!("/auth/mfa/factors/{factor}"),
        json!({ "password": PASSWORD }),
    );
    assert_eq!(removed.status, 200, "{removed:?}");
    let change = json!({ "current_password": PASSWORD, "password": "another horse battery" });
    let changed = as_ada("POST", "/auth/password/change", change);
    assert_eq!(changed.status, 200, "{changed:?}");
    site.post(
        "/auth/password/forgot",
        &project.pk,
        json!({ "email": "ada@example.com" }),
    );
    let token = crate::proofs::token(&site, &project, "ada@example.com", "reset-password");
    let reset = json!({ "token": token, "password": "a third horse battery" });
    assert_eq!(site.post("/auth/password/reset", &project.pk, reset).status, 200);

    let lines = lines(&site, &format!("target={id}"));
    let seen: Vec<(&str, &str)> = lines
        .iter()
        .rev()
        .map(|line| (line["action"].as_str().unwrap(), line["actor"].as_str().unwrap()))
        .collect();
    let own = format!("user:{id}");
    let actions = ["mfa.enrolled", "mfa.removed", "password.changed", "password.reset"];
    assert_eq!(seen, actions.map(|action| (action, own.as_str())));
    assert_eq!(lines[3]["data"]["factor"], factor);
    assert_eq!(lines[1]["requestId"], changed.header("x-request-id"));
    let text = Value::from(lines).to_string();
    for hidden in [PASSWORD, "another horse", "a third horse", secret, &code, &token] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
}

#[test]
fn who_guesses_too_often_is_a_line_whether_or_not_there_is_such_an_account() {
    let site = Site::with(&[("AEROCALL_LIMITS_ENABLED", "true")]);
    let project = site.project("a");
    let rules = json!({ "limits": { "failuresPerAccount": 3, "perIpMinute": 1_000 } });
    let put = site.admin("PUT", &format!("{ENVIRONMENT}/settings/auth"), Some(rules));
    assert_eq!(put.status, 200, "{put:?}");
    let made = json!({ "email": "ada@example.com", "password": PASSWORD });
    let made = site.admin("POST", &format!("{ENVIRONMENT}/users"), Some(made));
    for email in ["Ada@example.com", "nobody@example.com"] {
        for count in 1..=6 {
            assert_eq!(site.login(&project.pk, email, "wrong horse battery").status, 401);
            let locked = lines(&site, "action=account.locked");
            let of_email = locked
                .iter()
                .filter(|line| line["target"] == made.json["user"]["id"] || line["target"] == "nobody@example.com");
            let before = if email.starts_with("nobody") { 1 } else { 0 };
            assert_eq!(
                of_email.count(),
                before + usize::from(count >= 3),
                "{email}, {count}: {locked:?}"
            );
            assert!(
                locked
                    .iter()
                    .all(|line| line["actor"] == "anonymous" && line["ip"] == "127.0.0.1")
            );
        }
    }
}

#[test]
fn tokens_of_admins_and_versions_of_hooks_are_lines() {
    let site = Site::new();
    let project = site.project("a");
    site.project("b");
    let source = hook("beforeLogin", "");
    site.version("a", "gate", &source);
    site.version("a", "gate", &source);
    let uploaded = lines(&site, "action=hook_version.uploaded");
    assert_eq!(uploaded.len(), 1, "the same bytes again are no new version");
    assert_eq!(
        (&uploaded[0]["target"], &uploaded[0]["data"]["number"]),
        (&json!("gate"), &json!(1))
    );
    assert_eq!(uploaded[0]["environment"], Value::Null);
    let of_key = site.admin_as(&project.sk, "GET", &format!("{ENVIRONMENT}/audit"), None);
    assert!(of_key.json.to_string().contains("hook_version.uploaded"));
    let other = site.admin("GET", "/projects/b/environments/production/audit", None);
    assert!(!other.json.to_string().contains("hook_version.uploaded"), "{other:?}");

    let tokens = site.admin("GET", "/audit?action=admin_token.created", None).json;
    assert_eq!(tokens["audit"][0]["data"]["name"], "test");
    assert!(tokens["audit"][0]["target"].as_str().unwrap().starts_with("adm_"));
    assert!(!tokens.to_string().contains(&site.admin_token));
    assert!(lines(&site, "action=admin_token.created").is_empty(), "of the server");
}

#[test]
fn lines_are_filtered_paged_and_of_one_environment_or_the_whole_server() {
    let site = Site::new();
    let [_, b] = ["a", "b"].map(|id| site.project(id));
    for name in ["one", "two"] {
        let template = json!({ "subject": "Hi", "text": "Hi" });
        site.admin("PUT", &format!("{ENVIRONMENT}/mail-templates/{name}"), Some(template));
    }
    let two = lines(&site, "action=mail_template.put&limit=1");
    assert_eq!(two[0]["target"], "two");
    let before = format!("action=mail_template.put&before={}", two[0]["id"].as_str().unwrap());
    assert_eq!(lines(&site, &before)[0]["target"], "one");
    assert_eq!(lines(&site, "target=b"), Vec::<Value>::new(), "another project's");
    let whole = site.admin("GET", "/audit?action=project.created", None);
    assert_eq!(whole.json["audit"].as_array().unwrap().len(), 2);
    assert_eq!(site.admin_as(&b.sk, "GET", "/audit", None).status, 404);
    assert_eq!(
        site.admin("GET", &format!("{ENVIRONMENT}/audit?nope=1"), None).fields(),
        ["nope"]
    );
}

#[test]
fn a_late_reuse_of_a_refresh_token_is_a_line() {
    let site = Site::new();
    let project = site.project("a");
    let ada = site.registered(&project.pk, "ada@example.com");
    let refresh = || {
        site.post(
            "/auth/refresh",
            &project.pk,
            json!({ "refresh_token": ada.json["refresh_token"] }),
        )
    };
    let successor = refresh().json["refresh_token"].clone();
    let used = site.post("/auth/refresh", &project.pk, json!({ "refresh_token": successor }));
    assert_eq!(used.status, 200);
    site.running().clock().advance_ms(11_000);
    assert_eq!([refresh().status, refresh().status], [401, 401]);
    let lines = lines(&site, "action=session.refresh_token_reused");
    assert_eq!(lines.len(), 1, "once");
    assert_eq!(lines[0]["target"], ada.json["user"]["id"]);
    assert_eq!(lines[0]["data"]["session"], ada.json["session"]["id"]);
}

#[test]
fn a_failed_login_is_an_event_whoever_it_was() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    let source = "export const on = { 'auth.login.failed': async (_c: any, event: any, { cache }: any) => {
        await cache.set(event.data.email, event.data.reason + ' ' + event.actor); } };
        export const afterLogin = async (_c: any, payload: any, { cache }: any) => ({ patch: { user: { metadata: {
            known: await cache.get('ADA@example.com'), unknown: await cache.get('nobody@example.com') } } } });
        export const config = { capabilities: { cache: true } };";
    site.live("a", &[("watch", source)]);
    for email in ["ADA@example.com", "nobody@example.com"] {
        assert_eq!(site.login(&project.pk, email, "wrong horse battery").status, 401);
    }
    let seen = until(|| {
        let login = site.login(&project.pk, "ada@example.com", PASSWORD);
        let metadata = login.json["user"]["metadata"].clone();
        (metadata["known"].is_string() && metadata["unknown"].is_string()).then_some(metadata)
    });
    let reported = "invalid_credentials anonymous";
    assert_eq!(seen, json!({ "known": reported, "unknown": reported }));
}
