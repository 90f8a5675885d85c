//! What has happened, for handlers: `#[on("auth.signup")]`, `#[on("queue.mails")]`, `#[on("cron.cleanup")]`.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Something that has happened. `T` is its data: a type of [`events`](crate::events) for an event with a fixed name, whatever was
/// enqueued for a message of a queue, [`ScheduleData`] for a schedule.
///
/// The same event can come twice: its `id` is the same. What the handler returns means nothing; an error makes it run again later,
/// a [`Denial`](crate::Denial) gives it up.
///
/// ```
/// use aerocall_hooks::{Context, Denial, Event, Result, auth, events, on, queue};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Deserialize, Serialize)]
/// struct Greet {
///     user: String,
/// }
///
/// #[on("auth.signup")]
/// fn signed_up(_context: &Context, event: Event<events::Signup>) -> Result<()> {
///     let message = Greet { user: event.data.user.id };
///     queue::Job::new("greet", &message)?.idempotency_key(event.id).enqueue()?;
///     Ok(())
/// }
///
/// #[on("queue.greet")]
/// fn greet(_context: &Context, job: Event<Greet>) -> Result<()> {
///     let user = auth::get_user(&job.data.user)?.ok_or(Denial::new("gone", "the user is gone"))?;
///     auth::Email::new(&user.email, "Welcome").text("Good to have you here.").send()?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Event<T> {
    /// Stays the same when the handler is tried again.
    pub id: String,
    /// The name of the event: `auth.signup`, `queue.mails`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Of the shape of `data`.
    pub version: u32,
    /// When it happened.
    pub time: Timestamp,
    /// The project.
    #[serde(default)]
    pub project: String,
    /// `production`, `development`, …
    #[serde(default)]
    pub environment: String,
    /// Who did it: `user:usr_…`, `hook:beforeSignup`, `anonymous`.
    #[serde(default)]
    pub actor: String,
    /// The user that it is about.
    #[serde(default)]
    pub subject: Option<String>,
    /// What it is about.
    pub data: T,
}

/// A schedule's time has come.
///
/// ```
/// use std::time::Duration;
/// use aerocall_hooks::{Context, Event, Result, ScheduleData, db, log, on, params};
///
/// #[on("cron.cleanup", schedule = "0 3 * * *")]
/// fn clean(_context: &Context, event: Event<ScheduleData>) -> Result<()> {
///     let before = event.data.scheduled_at - Duration::from_secs(90 * 86_400);
///     let gone = db::execute("DELETE FROM carts WHERE touched_at < $1", params![before])?;
///     log::info!("{gone} carts are gone");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ScheduleData {
    /// The time that was due.
    pub scheduled_at: Timestamp,
}
