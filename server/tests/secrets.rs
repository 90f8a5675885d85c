//! Secrets and settings through the admin API: a value goes in and never comes out, and every project has its own.

use serde_json::{Value, json};

use crate::{
    logbook,
    site::{Answer, Project, Site},
    snapshots::shown,
};

const VALUE: &str = "sk_live_3f9a-never-shown";

fn path(project: &str, rest: &str) -> String {
    format!("/projects/{project}/environments/production/{rest}")
}

fn put(site: &Site, project: &str, name: &str, body: Value) -> Answer {
    site.admin("PUT", &path(project, &format!("secrets/{name}")), Some(body))
}

#[test]
fn a_value_goes_in_and_never_comes_out() {
    let site = Site::new();
    site.project("a");
    let body = json!({ "value": VALUE, "hosts": ["API.example.com", "api.example.com", "*.example.org:8443"] });
    let made = put(&site, "a", "crm_token", body.clone());
    insta::assert_snapshot!(shown(&made), @r#"
    201 {
      "name": "crm_token",
      "hosts": [
        "api.example.com",
        "*.example.org:8443"
      ],
      "createdAt": "[time]",
      "updatedAt": "[time]",
      "updatedBy": "admin:adm_[…]",
      "usedBy": []
    }
    "#);

    site.running().clock().advance_ms(5_000);
    let replaced = put(&site, "a", "crm_token", json!({ "value": VALUE }));
    assert_eq!((replaced.status, &replaced.json["hosts"]), (200, &json!([])));
    assert_eq!(replaced.json["createdAt"], made.json["createdAt"]);
    assert_ne!(replaced.json["updatedAt"], made.json["updatedAt"]);
    let listed = site.admin("GET", &path("a", "secrets"), None);
    assert_eq!(listed.json["secrets"], json!([replaced.json]));

    assert!(!format!("{made:?} {replaced:?} {listed:?}").contains(VALUE));
    let kept = std::fs::read_dir(site.data.path())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    for file in kept.filter(|path| path.is_file()) {
        let bytes = std::fs::read(&file).unwrap();
        let there = bytes.windows(VALUE.len()).any(|window| window == VALUE.as_bytes());
        assert!(!there, "the value is readable in {}", file.display());
    }
    let deleted = site.admin("DELETE", &path("a", "secrets/crm_token"), None);
    assert_eq!((deleted.status, deleted.json), (200, json!({ "deleted": "crm_token" })));
    assert_eq!(
        site.admin("DELETE", &path("a", "secrets/crm_token"), None).code(),
        "not_found"
    );
    assert_eq!(
        site.admin("GET", &path("a", "secrets"), None).json,
        json!({ "secrets": [] })
    );
    assert_eq!(logbook::lines_with(VALUE), Vec::<String>::new());
}

#[test]
fn without_a_value_hosts_can_only_be_removed() {
    let site = Site::new();
    site.project("a");
    assert_eq!(put(&site, "a", "token", json!({ "hosts": [] })).fields(), ["value"]);
    let both = json!({ "value": VALUE, "hosts": ["a.example.com", "b.example.com"] });
    assert_eq!(put(&site, "a", "token", both).status, 201);
    for added in [
        json!(["a.example.com", "c.example.com"]),
        json!(["*.example.com"]),
        json!(["a.example.com:8443"]),
    ] {
        let refused = put(&site, "a", "token", json!({ "hosts": added }));
        assert_eq!((refused.status, refused.fields()), (422, vec!["value"]), "{added}");
    }
    let fewer = put(&site, "a", "token", json!({ "hosts": ["B.example.com"] }));
    assert_eq!((fewer.status, &fewer.json["hosts"]), (200, &json!(["b.example.com"])));
    let back = put(
        &site,
        "a",
        "token",
        json!({ "hosts": ["a.example.com", "b.example.com"] }),
    );
    assert_eq!(back.fields(), ["value"]);
}

#[test]
fn names_values_and_hosts_are_checked_and_never_repeated() {
    let site = Site::new();
    site.project("a");
    for name in [
        "1a",
        "a-b",
        "a.b",
        "_a",
        "%C3%BC",
        "a%00",
        "a%20b",
        "..%2Fb",
        &"a".repeat(65),
    ] {
        let refused = put(&site, "a", name, json!({ "value": VALUE }));
        assert!(matches!(refused.status, 404 | 422), "{name}: {refused:?}");
    }
    let long = "x".repeat((16 << 10) + 1);
    let bodies = [
        (json!({}), vec!["value"]),
        (json!({ "value": "" }), vec!["value"]),
        (json!({ "value": null }), vec!["value"]),
        (json!({ "value": [VALUE] }), vec!["value"]),
        (json!({ "value": long }), vec!["value"]),
        (json!({ "value": VALUE, "hosts": "a.com" }), vec!["hosts"]),
        (json!({ "value": VALUE, "hosts": ["*"] }), vec!["hosts"]),
        (json!({ "value": VALUE, "hosts": ["https://a.com"] }), vec!["hosts"]),
        (json!({ "value": VALUE, "hosts": ["a.com/x"] }), vec!["hosts"]),
        (json!({ "value": VALUE, "hosts": [7] }), vec!["hosts"]),
        (json!({ "value": VALUE, "hosts": vec!["a.com"; 51] }), vec!["hosts"]),
        (json!({ "value": VALUE, "name": "b" }), vec!["name"]),
    ];
    for (body, fields) in bodies {
        let refused = put(&site, "a", "token", body.clone());
        assert_eq!((refused.status, refused.fields()), (422, fields), "{body}");
        assert!(!format!("{refused:?}").contains(VALUE), "{refused:?}");
    }
    let huge = json!({ "value": "x".repeat(200 << 10) });
    assert_eq!(put(&site, "a", "token", huge).code(), "body_too_large");
    // The longest value that there may be, each byte of it written as an escape.
    let longest = format!(r#"{{"value":"{}"}}"#, r"\u0001".repeat(16 << 10));
    let bearer = format!("Bearer {}", site.admin_token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let full = format!("/admin/api/v1{}", path("a", "secrets/token"));
    assert_eq!(site.send("PUT", &full, &headers, longest.as_bytes()).status, 201);
    let broken = format!(r#"{{"value":"{VALUE}"#);
    let refused = site.send("PUT", &full, &headers, broken.as_bytes());
    assert_eq!(refused.code(), "malformed_body");
    assert!(!format!("{refused:?}").contains(VALUE));
    assert_eq!(logbook::lines_with(VALUE), Vec::<String>::new());
}

#[test]
fn an_environment_has_a_hundred_secrets() {
    let site = Site::new();
    site.project("a");
    site.project("b");
    for number in 0..100 {
        assert_eq!(
            put(&site, "a", &format!("s{number}"), json!({ "value": "x" })).status,
            201
        );
    }
    let refused = put(&site, "a", "one_more", json!({ "value": "x" }));
    assert_eq!((refused.status, refused.code()), (409, "limit_reached"));
    assert_eq!(
        put(&site, "a", "s7", json!({ "value": "y" })).status,
        200,
        "replacing is no addition"
    );
    assert_eq!(put(&site, "b", "one_more", json!({ "value": "x" })).status, 201);
}

/// Every path of a project's environment, with a body that would be taken.
fn endpoints() -> Vec<(&'static str, &'static str, Option<Value>)> {
    vec![
        ("GET", "secrets", None),
        ("PUT", "secrets/token", Some(json!({ "value": "x" }))),
        ("DELETE", "secrets/token", None),
        ("GET", "settings/http", None),
        ("PUT", "settings/http", Some(json!({ "hosts": [] }))),
        ("GET", "settings/mail", None),
        ("PUT", "settings/mail", Some(json!({}))),
        ("GET", "mails", None),
        ("GET", "mails/mail_x", None),
        ("GET", "mail-templates", None),
        (
            "PUT",
            "mail-templates/welcome",
            Some(json!({ "subject": "s", "text": "t" })),
        ),
        ("GET", "mail-templates/welcome", None),
        ("DELETE", "mail-templates/welcome", None),
    ]
}

#[test]
fn another_projects_key_sees_nothing() {
    let site = Site::new();
    let [a, b] = ["a", "b"].map(|id| site.project(id));
    put(
        &site,
        "a",
        "token",
        json!({ "value": VALUE, "hosts": ["api.example.com"] }),
    );
    let call = |key: &str, project: &Project, (method, rest, body): (&str, &str, Option<Value>)| {
        site.admin_as(key, method, &path(&project.id, rest), body)
    };
    for endpoint in endpoints() {
        assert_eq!(call(&b.sk, &a, endpoint.clone()).code(), "not_found", "{endpoint:?}");
        assert_eq!(call(&a.pk, &a, endpoint.clone()).code(), "unauthorized", "{endpoint:?}");
        assert_eq!(call("", &a, endpoint.clone()).code(), "unauthorized", "{endpoint:?}");
        let (method, rest, body) = endpoint.clone();
        let other = format!("/projects/a/environments/staging/{rest}");
        assert_eq!(
            site.admin_as(&a.sk, method, &other, body.clone()).code(),
            "not_found",
            "{endpoint:?}"
        );
        assert_eq!(
            site.admin(method, &other, body.clone()).code(),
            "not_found",
            "{endpoint:?}"
        );
        assert_eq!(
            site.admin(method, &path("nobody", rest), body).code(),
            "not_found",
            "{endpoint:?}"
        );
        let own = call(&a.sk, &a, endpoint.clone());
        assert!(own.status < 300 || rest.starts_with("mails/"), "{endpoint:?}: {own:?}");
    }
    assert_eq!(
        site.admin("POST", &path("a", "secrets"), Some(json!({}))).code(),
        "method_not_allowed"
    );
}

#[test]
fn the_hosts_of_a_project() {
    let site = Site::new();
    site.project("a");
    let setting = path("a", "settings/http");
    assert_eq!(site.admin("GET", &setting, None).json, json!({ "hosts": [] }));
    let body =
        json!({ "hosts": ["Api.Example.com", "*.example.org", "localhost:3000", "*", "[::1]:8080", "bücher.example"] });
    let put = site.admin("PUT", &setting, Some(body));
    let kept = json!({ "hosts": [
        "api.example.com", "*.example.org", "localhost:3000", "*", "[::1]:8080", "xn--bcher-kva.example"
    ] });
    assert_eq!((put.status, &put.json), (200, &kept));
    assert_eq!(site.admin("GET", &setting, None).json, kept);
    for bad in [
        json!({}),
        json!({ "hosts": null }),
        json!({ "hosts": ["a b"] }),
        json!({ "hosts": vec!["a.com"; 201] }),
    ] {
        assert_eq!(site.admin("PUT", &setting, Some(bad)).fields(), ["hosts"]);
    }
    assert_eq!(
        site.admin("GET", &setting, None).json,
        kept,
        "what is refused changes nothing"
    );
}

#[test]
fn live_hooks_that_name_a_secret_are_shown_with_it() {
    let site = Site::new();
    site.project("a");
    put(
        &site,
        "a",
        "crm_token",
        json!({ "value": VALUE, "hosts": ["api.example.com"] }),
    );
    put(&site, "a", "unused", json!({ "value": VALUE }));
    let hook = crate::bundles::hook("beforeSignup", "await Aerocall.secrets.get('crm_token');");
    site.live(
        "a",
        &[("crm", &hook), ("idle", &crate::bundles::hook("beforeLogin", ""))],
    );
    let listed = site.admin("GET", &path("a", "secrets"), None);
    let secrets = listed.json["secrets"].as_array().unwrap();
    assert_eq!(
        secrets[0]["usedBy"],
        json!([{ "hook": "crm", "version": 1 }]),
        "{listed:?}"
    );
    assert_eq!(secrets[1]["usedBy"], json!([]));
    let lines = site.admin("GET", &path("a", "audit?action=secret.put&target=crm_token"), None);
    assert_eq!(
        lines.json["audit"][0]["data"],
        json!({ "before": { "hosts": null }, "after": { "hosts": ["api.example.com"] } })
    );
}
