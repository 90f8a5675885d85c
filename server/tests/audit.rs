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
    assert_eq!(refresh().status, 200);
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
    let told = "invalid_credentials anonymous";
    assert_eq!(seen, json!({ "known": told, "unknown": told }));
}
