//! H4 sdk: one value of the cache is read and written.

use aerocall_hooks::{Reply, RequestContext, Result, cache, hook, points::Point};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct User {
    email: String,
}

#[derive(Deserialize)]
struct Payload {
    user: User,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Patch {
    decision: &'static str,
    attempts: bool,
    request_id: String,
}

enum Signup {}

impl Point for Signup {
    const NAME: &'static str = "beforeSignup";
    type Payload = Payload;
    type Patch = Patch;
}

fn count(context: &RequestContext, payload: Payload) -> Result<Reply<Signup>> {
    let key = format!("attempts:{}", payload.user.email.to_lowercase());
    let attempts = match cache::get::<String>(&key)? {
        Some(text) => (text.parse::<i64>()? + 1) % 100_000,
        None => 1,
    };
    cache::set(&key, &attempts.to_string(), None)?;
    Ok(Reply::patch(Patch {
        decision: "allow",
        attempts: attempts >= 0,
        request_id: context.request_id.clone(),
    }))
}

hook!("beforeSignup", Signup, count);
