//! Refuses sign-ups with addresses of free and throw-away mail.

use aerocall_hooks::{RequestContext, UserPatch, before_signup};
use serde_json::json;

/// Free and throw-away mail: nobody's work address.
const REFUSED: &[&str] = &[
    "aol.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "guerrillamail.com",
    "hotmail.com",
    "icloud.com",
    "mailinator.com",
    "outlook.com",
    "proton.me",
    "web.de",
    "yahoo.com",
    "yopmail.com",
];

#[before_signup]
fn check(_context: &RequestContext, payload: before_signup::Payload) -> before_signup::Reply {
    let email = payload.user.email.to_lowercase();
    let domain = email.rsplit('@').next().unwrap_or_default();
    if REFUSED.contains(&domain) {
        return before_signup::Reply::deny("blocked_domain", "Please use your work address");
    }
    before_signup::Reply::patch(UserPatch::new().email(email).metadata(json!({ "source": "web" })))
}
