//! H1 validate: a list of 20 domains, the shape of an address, lower case.

use aerocall_hooks::{Denial, JsonObject, Reply, RequestContext, Result, hook, points::Point};
use serde::{Deserialize, Serialize};

const BLOCKED: &[&str] = &[
    "mailinator.com",
    "guerrillamail.com",
    "10minutemail.com",
    "tempmail.dev",
    "yopmail.com",
    "trashmail.com",
    "sharklasers.com",
    "getnada.com",
    "dispostable.com",
    "maildrop.cc",
    "fakeinbox.com",
    "mintemail.com",
    "throwaway.email",
    "spamgourmet.com",
    "mytemp.email",
    "mohmal.com",
    "emailondeck.com",
    "tempail.com",
    "burnermail.io",
    "moakt.com",
];

#[derive(Deserialize, Serialize)]
struct User {
    email: String,
    name: String,
    metadata: JsonObject,
}

#[derive(Deserialize)]
struct Payload {
    user: User,
}

#[derive(Serialize)]
struct Patch {
    decision: &'static str,
    user: User,
}

enum Signup {}

impl Point for Signup {
    const NAME: &'static str = "beforeSignup";
    type Payload = Payload;
    type Patch = Patch;
}

/// `^[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$`
fn is_address(local: &str, domain: &str) -> bool {
    let is_label = |label: &str| {
        let legal = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'-';
        !label.is_empty() && label.bytes().all(legal)
    };
    let legal = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || b"._%+-".contains(&sign);
    let Some((labels, last)) = domain.rsplit_once('.') else {
        return false;
    };
    let is_last = last.len() >= 2 && last.bytes().all(|sign| sign.is_ascii_lowercase());
    !local.is_empty() && local.bytes().all(legal) && is_last && labels.split('.').all(is_label)
}

fn check(context: &RequestContext, payload: Payload) -> Result<Reply<Signup>> {
    let User {
        email,
        name,
        mut metadata,
    } = payload.user;
    let email = email.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@').unwrap_or_default();
    if !is_address(local, domain) {
        return Err(Denial::new("invalid_email", "email is not valid").into());
    }
    if BLOCKED.contains(&domain) {
        return Err(Denial::new("blocked_domain", format!("sign-up from {domain} is not allowed")).into());
    }
    if name.len() > 64 {
        return Err(Denial::new("name_too_long", "name").into());
    }
    metadata.insert("emailDomain".to_owned(), domain.into());
    metadata.insert("requestId".to_owned(), context.request_id.as_str().into());
    let name = name.trim().to_owned();
    let user = User { email, name, metadata };
    Ok(Reply::patch(Patch {
        decision: "allow",
        user,
    }))
}

hook!("beforeSignup", Signup, check);
