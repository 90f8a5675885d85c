//! What comes of a call: replies, denials, failures with their place, panics, and input of another release.

use aerocall_hooks::{
    AerocallError, ClaimsPatch, Context, DeliveryPatch, Denial, Error, ErrorCode, Event, JsonObject, MetadataPatch,
    RequestContext, Result, ScheduleData, UserPatch, after_login, bail, before_login, before_logout, before_mfa_verify,
    before_otp_send, before_password_change, before_signup, before_token_issue, before_user_delete, deny, events, on,
    testing::{Call, Host, Outcome},
    words::{Channel, Delivery},
};
use serde::Deserialize;
use serde_json::{Value, json};

fn user() -> Value {
    json!({ "id": "usr_1", "email": "ada@example.com", "metadata": { "plan": "team" }, "publicMetadata": {} })
}

fn run(hook: &str, payload: Value) -> Outcome {
    Host::new().run(&Call::new(hook, payload))
}

fn failure(outcome: Outcome) -> aerocall_hooks::Exception {
    match outcome {
        Outcome::Failed(exception) => exception,
        other => panic!("no failure: {other:?}"),
    }
}

/// What a client says decides what this hook does.
#[before_signup]
fn sign_up(context: &RequestContext, payload: before_signup::Payload) -> Result<before_signup::Reply> {
    let data = payload.client.data.unwrap_or_default();
    match data.get("wish").and_then(Value::as_str) {
        Some("deny") => Ok(before_signup::Reply::deny("no", "Not today")),
        Some("deny from inside") => deny!("no", "Not today", 422),
        Some("patch") => {
            let patch = UserPatch::new()
                .email("ada@example.org")
                .remove_phone()
                .metadata(json!({ "ip": context.request.ip }));
            Ok(before_signup::Reply::patch(patch))
        }
        Some("fail") => bail!("no {}", "luck"),
        Some("parse") => Err(Error::from("x".parse::<u8>().unwrap_err())),
        Some("sdk") => Err(AerocallError::new(ErrorCode::LimitExceeded, "too many").into()),
        Some("panic") => panic!("what a day"),
        Some("index") => Ok(before_signup::Reply::deny("no", [1, 2][data.len() + 1].to_string())),
        _ => Ok(before_signup::Reply::allow()),
    }
}

fn wish(wish: &str) -> Outcome {
    let payload = json!({
        "user": { "email": "ada@example.com", "metadata": {}, "publicMetadata": {} },
        "provider": "password", "client": { "data": { "wish": wish } },
    });
    run("beforeSignup", payload)
}

#[test]
fn every_reply_arrives() {
    assert_eq!(wish("nothing"), Outcome::Allow);
    assert_eq!(wish("deny"), Outcome::Deny(Denial::new("no", "Not today")));
    assert_eq!(
        wish("deny from inside"),
        Outcome::Deny(Denial::new("no", "Not today").status(422))
    );
    let patch = json!({ "user": { "email": "ada@example.org", "phone": null, "metadata": { "ip": "203.0.113.1" } } });
    assert_eq!(wish("patch"), Outcome::Patch(patch));
}

#[test]
fn a_failure_says_what_and_where() {
    let exception = failure(wish("fail"));
    assert_eq!(
        (exception.name.as_str(), exception.message.as_str()),
        ("Error", "no luck")
    );
    assert!(exception.stack.contains("tests/hooks.rs:"), "{}", exception.stack);
    let exception = failure(wish("parse"));
    assert_eq!((exception.name.as_str(), exception.code), ("ParseIntError", None));
    let exception = failure(wish("sdk"));
    assert_eq!(
        (exception.name.as_str(), exception.code.as_deref()),
        ("AerocallError", Some("limit_exceeded"))
    );
    for (wish_, message) in [
        ("panic", "what a day"),
        ("index", "index out of bounds: the len is 2 but the index is 2"),
    ] {
        let exception = failure(wish(wish_));
        assert_eq!(
            (exception.name.as_str(), exception.message.as_str()),
            ("Panic", message)
        );
    }
}

#[test]
fn what_a_hook_cannot_read_is_named() {
    let exception = failure(run(
        "beforeSignup",
        json!({ "user": { "email": 7 }, "provider": "password" }),
    ));
    assert_eq!(exception.name, "PayloadError");
    let expected = "what `beforeSignup` gets is not what its parameter takes: invalid type: integer `7`";
    assert!(exception.message.starts_with(expected), "{}", exception.message);
}

/// A hook of this release gets what a later one sends.
#[before_otp_send]
fn send(_context: &RequestContext, payload: before_otp_send::Payload) -> before_otp_send::Reply {
    assert_eq!(payload.channel, Channel::Other("pigeon".to_owned()));
    assert_eq!(payload.delivery, Delivery::Server);
    let patch = DeliveryPatch::by_hook().user(MetadataPatch::new().metadata(json!({ "sent": true })));
    before_otp_send::Reply::patch(patch)
}

#[test]
fn unknown_fields_and_words_do_no_harm() {
    let payload = json!({
        "user": { "id": "usr_1", "email": "ada@example.com", "metadata": {}, "publicMetadata": {}, "species": "human" },
        "channel": "pigeon", "to": "the roof", "delivery": "server", "client": {}, "weather": "fair",
    });
    let patch = json!({ "delivery": "hook", "user": { "metadata": { "sent": true } } });
    assert_eq!(run("beforeOtpSend", payload), Outcome::Patch(patch));
}

#[before_token_issue]
fn claims(_context: &RequestContext, payload: before_token_issue::Payload) -> before_token_issue::Reply {
    before_token_issue::Reply::patch(
        ClaimsPatch::from(payload.claims).claim("plan", payload.user.metadata["plan"].clone()),
    )
}

#[after_login]
fn logged_in(_context: &RequestContext, _payload: after_login::Payload) -> after_login::Reply {
    after_login::Reply::patch(MetadataPatch::new().public_metadata(json!({ "seen": true })))
}

/// Nothing can be changed here, and nothing is returned.
#[before_user_delete]
fn delete(_context: &RequestContext, _payload: before_user_delete::Payload) {}

#[test]
fn each_hook_point_has_its_own_patch() {
    let payload = json!({ "user": user(), "provider": "password", "client": {}, "claims": { "a": 1 } });
    let patch = json!({ "claims": { "a": 1, "plan": "team" } });
    assert_eq!(run("beforeTokenIssue", payload.clone()), Outcome::Patch(patch));
    let patch = json!({ "user": { "publicMetadata": { "seen": true } } });
    assert_eq!(run("afterLogin", payload.clone()), Outcome::Patch(patch));
    assert_eq!(run("beforeUserDelete", payload), Outcome::Allow);
}

#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("the plan {0:?} has ended")]
    Plan(String),
    #[error(transparent)]
    Sdk(#[from] AerocallError),
}

/// An author's own error.
#[before_login]
fn log_in(_context: &RequestContext, payload: before_login::Payload) -> Result<(), Refused> {
    let plan = payload
        .user
        .metadata
        .get("plan")
        .and_then(Value::as_str)
        .unwrap_or_default();
    aerocall_hooks::cache::get::<String>(plan)?;
    Err(Refused::Plan(plan.to_owned()))
}

#[test]
fn errors_of_an_author_are_failures_with_their_names() {
    let payload = json!({ "user": user(), "provider": "password", "client": {} });
    let exception = failure(run("beforeLogin", payload.clone()));
    assert_eq!(
        (exception.name.as_str(), exception.message.as_str()),
        ("Refused", "the plan \"team\" has ended")
    );
    assert!(exception.stack.contains("tests/hooks.rs:"), "{exception:?}");
    let host = Host::new().cache("team", 7);
    let exception = failure(host.run(&Call::new("beforeLogin", payload)));
    assert_eq!(
        (exception.name.as_str(), exception.code.as_deref()),
        ("Refused", Some("invalid_argument")),
        "{exception:?}"
    );
    assert!(
        exception.message.starts_with("the cached value: invalid type"),
        "{exception:?}"
    );
}

#[before_password_change]
fn one(_context: &RequestContext, _payload: before_password_change::Payload) {}

#[before_password_change]
fn other(_context: &RequestContext, _payload: before_password_change::Payload) {}

#[test]
fn two_hooks_of_one_name_run_neither() {
    let payload = json!({ "user": user(), "password": { "handle": 1 }, "client": {} });
    let exception = failure(run("beforePasswordChange", payload));
    assert!(
        exception.message.contains("are both hooks of `beforePasswordChange`"),
        "{exception:?}"
    );
}

#[derive(Deserialize)]
struct Order {
    customer: u64,
}

#[on("queue.orders", order = "customer", priority = "low")]
fn order(context: &Context, job: Event<Order>) -> Result<()> {
    match job.data.customer {
        0 => Err(Denial::new("nobody", "an order of nobody").into()),
        customer if context.attempt > 1 => bail!("{} of {customer} came again", job.id),
        _ => Ok(()),
    }
}

#[on("cron.night", schedule = "0 3 * * *")]
fn night(_context: &Context, event: Event<ScheduleData>) {
    assert_eq!(event.data.scheduled_at.to_string(), "2026-01-31T03:00:00.000Z");
}

#[on("auth.session.revoked")]
fn revoked(_context: &Context, event: Event<events::SessionRevoked>) -> Result<()> {
    let count = event.data.revoked.ok_or(Denial::new("one", "one session alone"))?;
    bail!("{count} sessions")
}

fn event(kind: &str, data: Value) -> Call {
    Call::new(
        kind,
        json!({ "id": "evt_1", "type": kind, "version": 1, "time": "2026-01-31T03:00:00.500Z", "data": data }),
    )
}

#[test]
fn handlers_get_events_messages_and_schedules() {
    let host = Host::new();
    assert_eq!(
        host.run(&event("queue.orders", json!({ "customer": 7 }))),
        Outcome::Allow
    );
    let given_up = host.run(&event("queue.orders", json!({ "customer": 0 })));
    assert!(matches!(given_up, Outcome::Deny(denial) if denial.code == "nobody"));
    let again = failure(host.run(&event("queue.orders", json!({ "customer": 7 })).attempt(2)));
    assert_eq!(again.message, "evt_1 of 7 came again");
    let other = failure(host.run(&event("queue.orders", json!("text"))));
    assert_eq!(other.name, "PayloadError");
    assert_eq!(
        host.run(&event("cron.night", json!({ "scheduledAt": "2026-01-31T03:00:00Z" }))),
        Outcome::Allow
    );
    let data = json!({ "user": user(), "session": { "id": "ses_1" }, "revoked": 3 });
    assert_eq!(
        failure(host.run(&event("auth.session.revoked", data))).message,
        "3 sessions"
    );
}

#[test]
#[should_panic(expected = "this crate has no hook `afterSignup`")]
fn a_hook_that_is_not_there_fails_the_test() {
    let _ = run("afterSignup", json!({}));
}

#[before_logout]
fn log_out(context: &RequestContext, payload: before_logout::Payload) -> before_logout::Reply {
    let seen: JsonObject = [
        ("session", payload.session.id),
        ("agent", context.request.user_agent.clone()),
    ]
    .into_iter()
    .chain(
        context
            .request
            .header("X-Tenant")
            .map(|tenant| ("tenant", tenant.to_owned())),
    )
    .map(|(name, value)| (name.to_owned(), value.into()))
    .collect();
    before_logout::Reply::patch(MetadataPatch::new().metadata(seen))
}

#[test]
fn a_call_has_the_request_that_a_test_gives_it() {
    let payload = json!({ "user": user(), "provider": "otp", "session": { "id": "ses_1" }, "client": {} });
    let call = Call::new("beforeLogout", payload)
        .user_agent("curl")
        .header("x-tenant", "acme");
    let patch = json!({ "user": { "metadata": { "session": "ses_1", "agent": "curl", "tenant": "acme" } } });
    assert_eq!(Host::new().run(&call), Outcome::Patch(patch));
}

/// As JSON has it, there is no infinity.
#[before_mfa_verify]
fn infinite(_context: &RequestContext, _payload: before_mfa_verify::Payload) -> before_mfa_verify::Reply {
    let value = serde_json::to_value(f64::INFINITY).unwrap();
    before_mfa_verify::Reply::patch(MetadataPatch::new().metadata(json!({ "value": value })))
}

#[test]
fn what_json_cannot_hold_is_null() {
    let payload = json!({ "user": user(), "method": "totp", "client": {} });
    let patch = json!({ "user": { "metadata": { "value": null } } });
    assert_eq!(run("beforeMfaVerify", payload), Outcome::Patch(patch));
}
