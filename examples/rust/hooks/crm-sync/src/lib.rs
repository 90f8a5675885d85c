//! Sends new and deleted users to a CRM.

use aerocall_hooks::{Context, Event, Result, User, bail, events, http, log, on, secrets};
use serde_json::json;

const CONTACTS: &str = "https://api.crm.example/v1/contacts";
const OWN_DOMAIN: &str = "@aerocall.example";

fn is_colleague(event: &str, user: &User) -> bool {
    let is_colleague = user.email.ends_with(OWN_DOMAIN);
    if is_colleague {
        log::info!("{event}: {} is one of us", user.email);
    }
    is_colleague
}

fn contact(user: &User) -> String {
    format!("{CONTACTS}/{}", http::encode(&user.id))
}

/// One request to the CRM. The event's id lets it see that it has had this one already. What can get better by itself fails, so
/// that the event comes again; anything else is logged and done.
fn send(event: &str, request: http::Request) -> Result<()> {
    let answer = request
        .header("authorization", &secrets::bearer("crm_token")?)
        .header("idempotency-key", event)
        .send()?;
    match answer.status() {
        200..=299 => {}
        429 | 500.. => bail!("the CRM answers {}", answer.status()),
        status => log::error!("{event}: the CRM refuses it with {status}: {}", answer.text()),
    }
    Ok(())
}

#[on("auth.signup")]
fn signed_up(_context: &Context, event: Event<events::Signup>) -> Result<()> {
    let user = &event.data.user;
    if is_colleague(&event.id, user) {
        return Ok(());
    }
    let document = json!({ "email": user.email, "name": user.name, "since": event.time });
    send(&event.id, http::put(&contact(user)).json(&document)?)
}

#[on("auth.user.deleted")]
fn deleted(_context: &Context, event: Event<events::UserDeleted>) -> Result<()> {
    let user = &event.data.user;
    if is_colleague(&event.id, user) {
        return Ok(());
    }
    send(&event.id, http::delete(&contact(user)))
}
