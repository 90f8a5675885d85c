//! What somebody shows to prove an address, a number or a second factor: mails, links, codes, passwords.

mod addresses;
mod attacks;
mod codes;
mod enrollment;
mod mfa;
mod ownership;
mod passwords;
mod sms;

use serde_json::{Value, json};

use crate::site::{Answer, Project, Site, until};

/// Where the links of these tests lead.
pub(crate) const DONE: &str = "https://app.example.com/done";

/// Changes the settings of accounts.
pub(crate) fn settings(site: &Site, project: &Project, settings: Value) {
    let path = format!("/projects/{}/environments/production/settings/auth", project.id);
    let put = site.admin("PUT", &path, Some(settings));
    assert_eq!(put.status, 200, "{put:?}");
}

/// The mails to an address by a template, newest first, with their texts.
fn mails(site: &Site, project: &Project, to: &str, template: &str) -> Vec<Value> {
    let path = format!("/projects/{}/environments/production/mails", project.id);
    let all = site.admin("GET", &path, None).json["mails"].as_array().unwrap().clone();
    let wanted =
        |mail: &&Value| mail["to"] == to && mail["template"].as_str().is_some_and(|name| name.ends_with(template));
    let whole = |mail: &Value| {
        let path = format!("{path}/{}", mail["id"].as_str().unwrap());
        site.admin("GET", &path, None).json
    };
    all.iter().filter(wanted).map(whole).collect()
}

fn mail(site: &Site, project: &Project, to: &str, template: &str) -> Value {
    until(|| mails(site, project, to, template).into_iter().next())
}

/// The token in the newest mail.
pub(crate) fn token(site: &Site, project: &Project, to: &str, template: &str) -> String {
    let mail = mail(site, project, to, template);
    let text = mail["text"].as_str().unwrap();
    let start = text.find("ot_").unwrap_or_else(|| panic!("no token in {text}"));
    let token = |c: &char| c.is_ascii_alphanumeric() || *c == '_' || *c == '-';
    text[start..].chars().take_while(token).collect()
}

/// The code in the newest mail.
pub(crate) fn code(site: &Site, project: &Project, to: &str) -> String {
    let mail = mail(site, project, to, "otp");
    let subject = mail["subject"].as_str().unwrap();
    subject.chars().filter(char::is_ascii_digit).take(6).collect()
}

/// A request of who is signed in.
pub(crate) fn as_user(
    site: &Site,
    project: &Project,
    token: &str,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![
        ("x-aerocall-key", project.pk.as_str()),
        ("authorization", bearer.as_str()),
    ];
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    site.send(method, path, &headers, body.as_bytes())
}

fn post(site: &Site, project: &Project, path: &str, body: Value) -> Answer {
    site.post(path, &project.pk, body)
}

/// The answer without what is new every time.
fn answered(answer: &Answer) -> (u16, Value) {
    let mut json = answer.json.clone();
    if let Some(error) = json.get_mut("error") {
        error["request_id"] = Value::Null;
    }
    (answer.status, json)
}

/// What an authenticator app shows, so many steps from now.
pub(crate) fn authenticator(site: &Site, secret: &str, steps: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let seconds = site.running().clock().now_ms() / 1_000 + steps * 30;
    totp.generate(u64::try_from(seconds).unwrap()).to_string()
}

/// The whole core database as text: what must never be in it.
fn database(site: &Site) -> String {
    let read = |name: &str| std::fs::read(site.data.path().join(name)).unwrap_or_default();
    let bytes = [read("aerocall.db"), read("aerocall.db-wal")].concat();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A link to a place of the project's list.
fn listed() -> Value {
    json!([DONE, "https://app.example.com/other"])
}
