//! Refuses the sixth sign-up from one address within an hour, and keeps email addresses in lower case.

use std::time::Duration;

use aerocall_hooks::{Denial, RequestContext, Result, UserPatch, before_signup, cache, log};
use serde_json::json;

/// Maximum number of sign-ups from one IP address within an hour.
const MOST: i64 = 5;

#[before_signup]
fn check(context: &RequestContext, payload: before_signup::Payload) -> Result<before_signup::Reply> {
    let ip = &context.request.ip;
    let count = cache::increment(&format!("signup:{ip}"), 1, Duration::from_secs(3_600))?;
    if count > MOST {
        log::warn!("too many signups from {ip}");
        return Err(Denial::new("too_many_signups", "Please try again later").status(429).into());
    }
    let email = payload.user.email.trim().to_lowercase();
    Ok(before_signup::Reply::patch(UserPatch::new().email(email).metadata(json!({ "source": "web" }))))
}
