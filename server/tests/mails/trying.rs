//! Mails that admins send again, templates that they look at before anybody gets them, and tests of the mail settings.

use serde_json::{Value, json};

use super::{mail_server, path, put, site};
use crate::{
    people::person,
    proofs::token,
    site::{Site, until},
};

#[test]
fn a_captured_mail_is_sent_again_and_no_other() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    site.post(
        "/auth/password/forgot",
        &project.pk,
        json!({ "email": "ada@example.com" }),
    );
    token(&site, &project, "ada@example.com", "reset-password");
    let mails = |query: &str| {
        let answer = site.admin("GET", &path(&format!("mails?{query}")), None);
        answer.json["mails"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer:?}"))
            .clone()
    };
    let captured = until(|| {
        mails("template=aerocall-reset-password&state=captured")
            .into_iter()
            .next()
    });
    let resend = |id: &str| site.admin("POST", &path(&format!("mails/{id}/resend")), None);
    let id = captured["id"].as_str().unwrap();
    let eve = person(&site, "eve", Some(("a", "viewer")));
    assert_eq!(
        eve.post(&path(&format!("mails/{id}/resend")), json!({})).code(),
        "forbidden"
    );
    assert_eq!(resend("mail_nope").status, 404);
    let sent = resend(id);
    assert_eq!(sent.status, 202, "{sent:?}");
    let new = sent.json["mail"].as_str().unwrap();
    assert_ne!(new, id);
    let whole = |id: &str| site.admin("GET", &path(&format!("mails/{id}")), None).json;
    assert_eq!(whole(new)["text"], whole(id)["text"]);
    assert_eq!(mails("to=ada%40&template=aerocall-reset-password").len(), 2);
    assert_eq!(mails("to=eve").len(), 0);
    assert_eq!(mails("to=%25"), Vec::<Value>::new(), "a sign of LIKE is none");
    assert_eq!(mails("state=failed"), Vec::<Value>::new());
    assert_eq!(site.admin("GET", &path("mails?state=lost"), None).fields(), ["state"]);
    let lines = site.admin("GET", &path("audit?action=mail.resent"), None);
    assert_eq!(lines.json["audit"][0]["data"]["mail"], new);

    // From here on there is a mail server: what it has taken is kept without its bodies.
    let (address, _) = mail_server();
    let own = json!({ "smtpUrl": format!("smtp+plain://{address}"), "from": "a@example.com" });
    let (site, project) = {
        let site = Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8")]);
        let project = site.project("a");
        assert_eq!(site.admin("PUT", &path("settings/mail"), Some(own)).status, 200);
        (site, project)
    };
    site.registered(&project.pk, "ada@example.com");
    site.post(
        "/auth/password/forgot",
        &project.pk,
        json!({ "email": "ada@example.com" }),
    );
    let sent = until(|| {
        let answer = site.admin("GET", &path("mails?state=sent"), None);
        answer.json["mails"].as_array().unwrap().first().cloned()
    });
    let again = site.admin(
        "POST",
        &path(&format!("mails/{}/resend", sent["id"].as_str().unwrap())),
        None,
    );
    assert_eq!((again.status, again.code()), (409, "mail_not_kept"), "{again:?}");
}

#[test]
fn templates_are_looked_at_before_anybody_gets_them() {
    let site = site();
    let preview =
        |name: &str, body: Value| site.admin("POST", &path(&format!("mail-templates/{name}/preview")), Some(body));
    let own = site.admin("GET", "/mail-templates", None);
    assert_eq!(own.json["templates"].as_array().unwrap().len(), 8, "{own:?}");
    for template in own.json["templates"].as_array().unwrap() {
        let shown = preview(template["name"].as_str().unwrap(), json!({}));
        assert_eq!(shown.status, 200, "{shown:?}");
        assert!(!shown.json.to_string().contains("{{"), "{shown:?}");
    }
    assert_eq!(preview("unknown", json!({})).status, 404);
    assert_eq!(preview("Not-a-name", json!({ "subject": "a" })).fields(), ["name"]);

    put(
        &site,
        "welcome",
        json!({ "subject": "Hi {{ name }}", "text": "t {{ name }}", "html": "<b>{{ name }}</b>" }),
    );
    let shown = preview("welcome", json!({ "data": { "name": "<Ada>" } }));
    assert_eq!(
        shown.json,
        json!({ "subject": "Hi <Ada>", "text": "t <Ada>", "html": "<b>&lt;Ada&gt;</b>" })
    );
    let changed = preview(
        "welcome",
        json!({ "html": null, "text": "other {{ name }}", "data": { "name": "Ada" } }),
    );
    assert_eq!(
        changed.json,
        json!({ "subject": "Hi Ada", "text": "other Ada", "html": null })
    );
    assert_eq!(
        site.admin("GET", &path("mail-templates/welcome"), None).json["text"],
        "t {{ name }}",
        "nothing is kept"
    );

    let missing = preview("welcome", json!({ "data": {} }));
    assert_eq!((missing.status, missing.fields()), (422, vec!["subject"]));
    let broken = preview("welcome", json!({ "text": "{% if %}", "data": { "name": "Ada" } }));
    assert_eq!(broken.fields(), ["text"], "{broken:?}");
    let endless = "{% for a in list %}{% for b in list %}{% for c in list %}x{% endfor %}{% endfor %}{% endfor %}";
    let endless = preview(
        "x",
        json!({ "subject": "s", "text": endless, "data": { "list": vec![1; 1_000] } }),
    );
    assert_eq!(endless.fields(), ["text"], "{endless:?}");
    let large = preview("welcome", json!({ "data": { "name": "x".repeat(33 << 10) } }));
    assert_eq!(large.fields(), ["data"]);
    assert_eq!(
        site.admin("GET", &path("mails"), None).json["mails"],
        json!([]),
        "and nothing is sent"
    );
}

#[test]
fn settings_are_tried_out_and_the_mail_server_is_heard() {
    let site = Site::with(&[
        ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8"),
        ("AEROCALL_LIMITS_ENABLED", "true"),
    ]);
    site.project("a");
    let test = |to: &str| site.admin("POST", &path("settings/mail/test"), Some(json!({ "to": to })));
    assert_eq!(test("nobody").fields(), ["to"]);
    let captured = test("ada@example.com");
    assert_eq!(
        (captured.status, &captured.json["result"]),
        (200, &json!("captured")),
        "{captured:?}"
    );

    let (address, got) = mail_server();
    let set = |url: String| {
        let body = json!({ "smtpUrl": url, "from": "Shop <shop@example.com>" });
        assert_eq!(site.admin("PUT", &path("settings/mail"), Some(body)).status, 200);
    };
    set(format!("smtp+plain://{address}"));
    let sent = test("ada@example.com");
    assert_eq!(
        (&sent.json["result"], &sent.json["problem"]),
        (&json!("sent"), &Value::Null),
        "{sent:?}"
    );
    assert!(
        got.lock()
            .unwrap()
            .iter()
            .any(|mail| mail.contains("Test of the mail settings"))
    );
    assert_eq!(site.admin("GET", &path("mails"), None).json["mails"], json!([]));

    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    set(format!("smtp+plain://{nobody}"));
    let failed = test("ada@example.com");
    assert_eq!((failed.status, &failed.json["result"]), (200, &json!("failed")));
    assert!(!failed.json["problem"].as_str().unwrap().is_empty(), "{failed:?}");

    let eve = person(&site, "eve", Some(("a", "viewer")));
    assert_eq!(
        eve.post(&path("settings/mail/test"), json!({ "to": "a@b.example" }))
            .code(),
        "forbidden"
    );
    let lines = site.admin("GET", &path("audit?action=mail.tested"), None);
    assert_eq!(lines.json["audit"].as_array().unwrap().len(), 3);
    let settings = json!({ "limits": { "sendsPerRecipientHour": 1 } });
    assert_eq!(site.admin("PUT", &path("settings/auth"), Some(settings)).status, 200);
    assert_eq!(test("eve@example.com").status, 200);
    assert_eq!(test("eve@example.com").code(), "rate_limited");
}
