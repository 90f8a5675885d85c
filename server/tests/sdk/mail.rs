//! `Aerocall.auth.sendEmail`: from a hook to a mail that is kept and shown.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{PASSWORD, Project, Site, until},
};

fn mails(site: &Site, project: &Project) -> Vec<Value> {
    let path = format!("/projects/{}/environments/production/mails", project.id);
    let answer = site.admin_as(&project.sk, "GET", &path, None);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json["mails"].as_array().unwrap().clone()
}

#[test]
fn a_mail_is_sent_with_the_flow_and_shown() {
    let site = Site::new();
    let project = site.project("a");
    let path = "/projects/a/environments/production/mail-templates/welcome";
    let template =
        json!({ "subject": "Hello {{ name }}", "text": "Welcome, {{ name }}!", "html": "<p>Welcome, {{ name }}!</p>" });
    let put = site.admin("PUT", path, Some(template));
    assert!(matches!(put.status, 200 | 201), "{put:?}");
    let send = hook(
        "beforeSignup",
        "await Aerocall.auth.sendEmail({ to: payload.user.email, template: 'welcome', data: { name: '<Jane>' } });",
    );
    let deny = hook(
        "beforeSignup",
        "if (payload.user.email.startsWith('deny')) return { deny: {} };",
    );
    site.live("a", &[("send", &send), ("deny", &deny)]);
    let denied = site.register(
        &project.pk,
        json!({ "email": "deny@work.example", "password": PASSWORD }),
    );
    assert_eq!(denied.status, 403);
    assert_eq!(mails(&site, &project), Vec::<Value>::new());
    site.registered(&project.pk, "jane@work.example");
    let kept = until(|| {
        let kept = mails(&site, &project);
        kept.first()
            .is_some_and(|mail| mail["state"] == "captured")
            .then_some(kept)
    });
    assert_eq!(
        (kept.len(), &kept[0]["to"], &kept[0]["subject"]),
        (1, &json!("jane@work.example"), &json!("Hello <Jane>"))
    );
    let path = format!(
        "/projects/a/environments/production/mails/{}",
        kept[0]["id"].as_str().unwrap()
    );
    let whole = site.admin("GET", &path, None).json;
    assert!(whole.to_string().contains("<p>Welcome, &lt;Jane&gt;!</p>"), "{whole}");
    let (status, headers, page) = site.page(
        &format!("/admin/api/v1{path}/html"),
        &[("authorization", &format!("Bearer {}", project.sk))],
    );
    assert_eq!((status, page.as_str()), (200, "<p>Welcome, &lt;Jane&gt;!</p>"));
    assert_eq!(headers["x-frame-options"], "SAMEORIGIN");
    insta::assert_snapshot!(headers["content-security-policy"].to_str().unwrap(), @"default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'");
    assert_eq!(site.get(&format!("/admin/api/v1{path}/html")).status, 401);
    let other = site.project("b").sk;
    assert_eq!(site.admin_as(&other, "GET", &format!("{path}/html"), None).status, 404);
    assert_eq!(site.admin("GET", &path.replace("mail_", "mail_x"), None).status, 404);
}

#[test]
fn hostile_mails_are_typed_errors_and_the_budget_holds() {
    let site = Site::new();
    let project = site.project("a");
    let rows = [
        (
            "{ to: 'a@b.example, c@d.example', subject: 's', text: 't' }",
            "invalid_argument",
        ),
        (
            "{ to: 'a@b.example\\r\\nBcc: c@d.example', subject: 's', text: 't' }",
            "invalid_argument",
        ),
        (
            "{ to: 'a@b.example', subject: 's\\r\\nBcc: c@d.example', text: 't' }",
            "invalid_argument",
        ),
        ("{ to: 'a@b.example', subject: 's' }", "invalid_argument"),
        ("{ to: 'a@b.example', template: 'nothing' }", "not_found"),
        ("{ to: 5, subject: 's', text: 't' }", "invalid_argument"),
        (
            "{ to: 'a@b.example', subject: 's', text: 'x'.repeat(300000) }",
            "too_large",
        ),
    ];
    let reported = |call: &str| {
        let body = format!("try {{ {call} }} catch (error: any) {{ throw new Aerocall.Deny(String(error.code)); }}");
        site.live("a", &[("probe", &hook("beforeSignup", &body))]);
        let answer = site.register(&project.pk, json!({ "email": "x@work.example", "password": PASSWORD }));
        answer.json["error"]["message"].as_str().unwrap_or_default().to_owned()
    };
    for (mail, code) in rows {
        assert_eq!(
            reported(&format!("await Aerocall.auth.sendEmail({mail});")),
            code,
            "{mail}"
        );
    }
    let often =
        "for (let i = 0; i < 6; i++) await Aerocall.auth.sendEmail({ to: 'a@b.example', subject: 's', text: 't' });";
    assert_eq!(reported(often), "limit_exceeded");
    assert_eq!(mails(&site, &project), Vec::<Value>::new());
}
