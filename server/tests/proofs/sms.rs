//! Text messages: who delivers them, and where the code is not.

use serde_json::{Value, json};

use super::{as_user, database, post, settings};
use crate::{
    bundles::hook,
    logbook,
    site::{Answer, Project, Site, until},
};

/// Keeps what it gets where the test can read it: the project's cache, through another hook.
const DELIVERS: &str = "if (payload.delivery !== 'server') { await Aerocall.cache.set('none', [payload.delivery, payload.code ?? null]); return; } await Aerocall.cache.set('sent', { to: payload.to, code: payload.code }); console.log('sending', payload.code); return { patch: { delivery: 'hook' } };";
const SCRIPT: &str = "export const on = { 'auth.otp.send': async (context: any, event: any, A: any) => { console.log('sending', event.data.code); await A.cache.set('sent', { to: event.data.to, code: event.data.code, delivery: event.data.delivery }); } };";
const PHONE: &str = "+4930123456";

/// What the hook kept; asked through a sign-up that is denied.
fn kept(site: &Site, project: &Project, key: &str) -> Value {
    let body = json!({ "email": "probe@example.com", "password": "correct horse battery", "client": { "id": key } });
    let answer = site.register(&project.pk, body);
    assert_eq!(answer.json["error"]["code"], "reported", "{answer:?}");
    serde_json::from_str(answer.json["error"]["message"].as_str().unwrap()).unwrap()
}

fn probe() -> String {
    hook(
        "beforeSignup",
        "throw new Aerocall.Deny(JSON.stringify((await Aerocall.cache.get(payload.client.id)) ?? null), { code: 'reported' });",
    )
}

fn send(site: &Site, project: &Project, phone: &str) -> Answer {
    post(
        site,
        project,
        "/auth/otp/send",
        json!({ "channel": "sms", "phone": phone }),
    )
}

fn verify(site: &Site, project: &Project, code: &str) -> Answer {
    let body = json!({ "channel": "sms", "phone": PHONE, "code": code });
    post(site, project, "/auth/otp/verify", body)
}

/// The code of the last message.
fn sent(site: &Site, project: &Project) -> String {
    let sent = until(|| Some(kept(site, project, "sent")).filter(|sent| sent["code"].is_string()));
    assert_eq!(sent["to"], PHONE);
    sent["code"].as_str().unwrap().to_owned()
}

/// The records of all calls as the admin API shows them.
fn records(site: &Site) -> String {
    let path = "/projects/a/environments/production/invocations";
    let all = site.admin("GET", &format!("{path}?limit=100"), None).json;
    let all = all["invocations"].as_array().unwrap();
    let whole = |call: &Value| {
        let path = format!("{path}/{}", call["id"].as_str().unwrap());
        site.admin("GET", &path, None).json
    };
    // The probe of this test shows the code on purpose.
    let of_others = all.iter().filter(|call| call["hook"] != "probe");
    of_others.map(|call| whole(call).to_string()).collect()
}

fn with_user(deployed: &[(&str, &str)]) -> (Site, Project, Answer) {
    let site = Site::with(&[("AEROCALL_QUEUE_POLL_MS", "20")]);
    let project = site.project("a");
    settings(&site, &project, json!({ "otpSms": true }));
    let user = site.registered(&project.pk, "ada@example.com");
    let probe = probe();
    let deployed: Vec<(&str, &str)> = deployed.iter().copied().chain([("probe", probe.as_str())]).collect();
    site.live("a", &deployed);
    (site, project, user)
}

fn confirm_phone(site: &Site, project: &Project, user: &Answer) -> String {
    let body = Some(json!({ "phone": PHONE }));
    let asked = as_user(site, project, user.token(), "POST", "/auth/phone/verify/send", body);
    assert_eq!(asked.status, 202, "{asked:?}");
    let code = sent(site, project);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let verify = |code: &str| {
        as_user(
            site,
            project,
            user.token(),
            "POST",
            "/auth/phone/verify",
            Some(json!({ "code": code })),
        )
    };
    assert_eq!(verify(wrong).code(), "invalid_code");
    assert_eq!(verify(&code).status, 200);
    let me = site.me(&project.pk, user.token()).json["user"].clone();
    assert_eq!((&me["phone"], &me["phoneVerified"]), (&json!(PHONE), &json!(true)));
    code
}

#[test]
fn a_hook_delivers_and_the_code_is_kept_nowhere() {
    let deliver = hook("beforeOtpSend", DELIVERS);
    let after = hook(
        "afterOtpSend",
        "await Aerocall.cache.set('after', [payload.delivery, payload.code ?? null]);",
    );
    let (site, project, user) = with_user(&[("deliver", &deliver), ("after", &after)]);
    let first = confirm_phone(&site, &project, &user);
    assert_eq!(send(&site, &project, PHONE).status, 202);
    let second = until(|| Some(sent(&site, &project)).filter(|code| *code != first));
    assert_eq!(kept(&site, &project, "after"), json!(["hook", null]));
    let entered = verify(&site, &project, &second);
    assert_eq!(
        (entered.status, &entered.json["user"]["email"]),
        (200, &json!("ada@example.com"))
    );

    let unknown = send(&site, &project, "+4930999999");
    assert_eq!(unknown.status, 202);
    assert_eq!(
        kept(&site, &project, "none"),
        json!(["none", null]),
        "a number that nobody has gets no code"
    );

    let records = until(|| Some(records(&site)).filter(|text| text.contains("afterOtpSend")));
    for code in [&first, &second] {
        assert!(!records.contains(code.as_str()), "{records}");
    }
    assert!(records.contains("sending [secret code]"), "{records}");
}

#[test]
fn a_script_hook_delivers_when_no_other_has_and_its_code_is_kept_nowhere() {
    let second = "export const on = { 'auth.otp.send': async (context: any, event: any, A: any) => { await A.cache.set('second', [event.data.delivery, event.data.code ?? null]); } };";
    let (site, project, user) = with_user(&[("script", SCRIPT), ("second", second)]);
    let first = confirm_phone(&site, &project, &user);
    assert_eq!(send(&site, &project, PHONE).status, 202);
    let code = until(|| Some(sent(&site, &project)).filter(|code| *code != first));
    assert_eq!(verify(&site, &project, &code).status, 200);
    let other = until(|| Some(kept(&site, &project, "second")).filter(Value::is_array));
    assert_eq!(other, json!(["event", null]), "one path delivers");
    let records = until(|| Some(records(&site)).filter(|text| text.contains("sending [secret code]")));
    let jobs = site
        .admin("GET", "/projects/a/environments/production/jobs", None)
        .json
        .to_string();
    let events = database(&site);
    let log = logbook::lines_with("sending");
    for code in [&first, &code] {
        let quoted = format!("\"{code}\"");
        assert!(!records.contains(code.as_str()), "{records}");
        assert!(
            !jobs.contains(&quoted) && !log.iter().any(|line| line.contains(code.as_str())),
            "{jobs}"
        );
        assert!(
            !events.contains(&format!("\"code\":{quoted},\"delivery\"")),
            "the outbox has it"
        );
    }
}

#[test]
fn a_hook_that_throws_the_code_does_not_tell_it() {
    let throws = hook(
        "beforeOtpSend",
        "if (payload.code) throw new Error('cannot send ' + payload.code);",
    );
    let (site, project, user) = with_user(&[("throws", &throws)]);
    let body = Some(json!({ "phone": PHONE }));
    let asked = as_user(&site, &project, user.token(), "POST", "/auth/phone/verify/send", body);
    assert_eq!(asked.code(), "hook_failed");
    let lines = logbook::lines_with("cannot send");
    assert!(
        lines.iter().any(|line| line.contains("cannot send [secret code]")),
        "{lines:?}"
    );
    let records = until(|| Some(records(&site)).filter(|text| text.contains("cannot send")));
    assert!(records.contains("cannot send [secret code]"), "{records}");
}

#[test]
fn a_message_that_nobody_delivers_is_refused_and_nothing_is_kept() {
    let (site, project, user) = with_user(&[]);
    let body = Some(json!({ "phone": PHONE }));
    let asked = as_user(&site, &project, user.token(), "POST", "/auth/phone/verify/send", body);
    assert_eq!((asked.status, asked.code()), (503, "sms_not_deliverable"));
    assert_eq!(send(&site, &project, PHONE).code(), "sms_not_deliverable");
    settings(&site, &project, json!({ "otpSms": false }));
    assert_eq!(send(&site, &project, PHONE).code(), "not_enabled");
}
