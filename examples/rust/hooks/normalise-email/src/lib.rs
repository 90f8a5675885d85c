//! Keeps one spelling of every address, so that nobody signs up twice with one mailbox.

use aerocall_hooks::{RequestContext, UserPatch, before_login, before_signup, log};
use serde_json::json;

/// Providers that deliver `a.d.a+news@` to `ada@`.
const IGNORES_DOTS: &[&str] = &["gmail.com", "googlemail.com"];

/// The one spelling of an address that reaches the same mailbox: no tag, no case, no dots where they mean nothing.
fn normalise(email: &str) -> String {
    let lower = email.to_lowercase();
    let (local, domain) = lower.rsplit_once('@').unwrap_or((&lower, ""));
    let local = local.split('+').next().unwrap_or_default();
    match (local, IGNORES_DOTS.contains(&domain)) {
        ("", _) => email.to_owned(),
        (local, true) => format!("{}@gmail.com", local.replace('.', "")),
        (local, false) => format!("{local}@{domain}"),
    }
}

#[before_signup]
fn one_spelling(_context: &RequestContext, payload: before_signup::Payload) -> before_signup::Reply {
    let typed = payload.user.email;
    let email = normalise(&typed);
    if email == typed {
        return before_signup::Reply::allow();
    }
    before_signup::Reply::patch(UserPatch::new().email(email).metadata(json!({ "typedEmail": typed })))
}

#[before_login]
fn note(context: &RequestContext, payload: before_login::Payload) {
    let user = payload.user;
    if normalise(&user.email) != user.email {
        log::info!(
            "an account from before addresses were normalised {} {}",
            user.id,
            context.request_id
        );
    }
}
