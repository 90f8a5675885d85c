//! Greets new users by mail, an hour after they signed up.

use std::time::Duration;

use aerocall_hooks::{Context, Denial, Event, RequestContext, Result, after_signup, auth, log, on, queue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const HOUR: Duration = Duration::from_secs(3_600);

/// What `afterSignup` puts into the queue.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Welcome {
    user_id: String,
}

/// The key makes two of these jobs one; a sign-up that does not happen leaves none.
#[after_signup]
fn signed_up(_context: &RequestContext, payload: after_signup::Payload) -> Result<()> {
    if payload.provider == "import" {
        return Ok(());
    }
    let user_id = payload.user.id;
    let job = queue::Job::new(
        "welcome",
        &Welcome {
            user_id: user_id.clone(),
        },
    )?;
    job.delay(HOUR).idempotency_key(user_id).enqueue()?;
    Ok(())
}

#[on("queue.welcome")]
fn welcome(_context: &Context, job: Event<Value>) -> Result<()> {
    // Other hooks and older versions may have put in something else. Any other error would bring the same message back, to fail
    // again.
    let message: Welcome =
        serde_json::from_value(job.data).map_err(|_| Denial::new("not_a_welcome", "the message names no user"))?;
    let Some(user) = auth::get_user(&message.user_id)? else {
        log::info!("{} is gone", message.user_id);
        return Ok(());
    };
    let name = user.name.as_deref().unwrap_or("there");
    let text = format!("Hello {name},\n\nwelcome! Just answer this mail if anything is unclear.\n");
    let mail = auth::Email::new(&user.email, "Welcome").text(text).send()?;
    log::info!("{}: mail {mail}", job.id);
    Ok(())
}
