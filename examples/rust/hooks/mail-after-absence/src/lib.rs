//! Tells users by mail when somebody logs in to an account that nobody has used for a long time.

use std::time::Duration;

use aerocall_hooks::{Context, Event, Result, Timestamp, UserPatch, auth, events, log, on};
use serde_json::{Value, json};

const ABSENCE: Duration = Duration::from_secs(90 * 86_400);

#[on("auth.login")]
fn logged_in(_context: &Context, event: Event<events::Login>) -> Result<()> {
    // As the user is now: the event has them as they were.
    let Some(user) = auth::get_user(&event.data.user.id)? else {
        return Ok(());
    };
    let last = user.metadata.get("lastLoginAt").and_then(Value::as_str);
    let last: Option<Timestamp> = last.and_then(|last| last.parse().ok());
    if last.is_some_and(|last| last >= event.time) {
        return Ok(());
    }
    auth::update_user(
        &user.id,
        &UserPatch::new().metadata(json!({ "lastLoginAt": event.time })),
    )?;
    if last.is_none_or(|last| event.time.since(last) < ABSENCE) {
        return Ok(());
    }
    let name = user.name.as_deref().unwrap_or("there");
    let text = format!(
        "Hello {name},\n\nsomebody logged in to your account. If that was not you, please change your password.\n"
    );
    let id = auth::Email::new(&user.email, "A login after a long time")
        .text(text)
        .send()?;
    log::info!("{}: mail {id}", event.id);
    Ok(())
}
