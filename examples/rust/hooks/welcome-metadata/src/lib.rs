//! Greets new users in their language and numbers them by day, for the first page that they see.

use std::time::Duration;

use aerocall_hooks::{MetadataPatch, RequestContext, Result, after_signup, cache, log};
use serde_json::json;

const TWO_DAYS: Duration = Duration::from_secs(172_800);

fn greeting(locale: &str) -> &'static str {
    match locale.split('-').next() {
        Some("de") => "Willkommen",
        Some("fr") => "Bienvenue",
        _ => "Welcome",
    }
}

#[after_signup]
fn greet(context: &RequestContext, payload: after_signup::Payload) -> Result<after_signup::Reply> {
    let day = context.time.date();
    let number = cache::increment(&format!("signups:{day}"), 1, TWO_DAYS)?;
    let user = payload.user;
    let address = user.email.split('@').next().unwrap_or_default();
    let name = user.name.as_deref().unwrap_or(address);
    log::info!("sign-up {number} of {day}");
    let welcome = format!("{}, {name}!", greeting(&context.request.locale));
    let patch = MetadataPatch::new().public_metadata(json!({ "welcome": welcome, "number": number }));
    Ok(after_signup::Reply::patch(patch))
}
