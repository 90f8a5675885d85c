//! Keeps which invitation a user signed up with, and forgets it after 90 days.

use std::time::Duration;

use aerocall_hooks::{Context, Event, Result, ScheduleData, db, events, log, on, params};

const KEPT: Duration = Duration::from_secs(90 * 86_400);

#[on("auth.signup")]
fn signed_up(_context: &Context, event: Event<events::Signup>) -> Result<()> {
    let user = &event.data.user;
    let Some(code) = user.metadata.get("invitation").and_then(|code| code.as_str()) else {
        return Ok(());
    };
    db::execute(
        "INSERT INTO invitations (user_id, code, used_at) VALUES ($1, $2, $3) ON CONFLICT (user_id) DO NOTHING",
        params![&user.id, code, event.time],
    )?;
    Ok(())
}

#[on("cron.cleanup", schedule = "0 3 * * *")]
fn clean_up(_context: &Context, event: Event<ScheduleData>) -> Result<()> {
    let before = event.data.scheduled_at - KEPT;
    let rows = db::execute("DELETE FROM invitations WHERE used_at < $1", params![before])?;
    log::info!("{rows} invitations from before {before} are gone");
    Ok(())
}
