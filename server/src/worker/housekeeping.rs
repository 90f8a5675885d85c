//! Forgets what is older than the settings keep: finished jobs, mails, records of calls, sessions, one-time
//! tokens, signing keys that nobody asks for, lines of the audit log, events and their deliveries.

use std::time::Duration;

use tokio::sync::watch;

use super::{Phase, stopping};
use crate::{app::App, base::clock::millis};

const INTERVAL: Duration = Duration::from_secs(60);
/// What is over is kept for a day, for whoever looks into what happened.
const DAY_MS: i64 = 86_400_000;

/// Until the worker stops.
pub(super) async fn run(app: &App, mut phase: watch::Receiver<Phase>) {
    loop {
        clean(app).await;
        tokio::select! {
            () = stopping(&mut phase) => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn clean(app: &App) {
    let now_ms = app.clock.now_ms();
    let (jobs_ms, records_ms) = (millis(app.config.queue.keep), millis(app.config.records.keep));
    let (mails_ms, audit_ms) = (millis(app.config.mail.keep), millis(app.config.audit.keep));
    let (events_ms, deliveries_ms) = (millis(app.config.events.keep), millis(app.config.webhooks.keep));
    let most = app.config.records.most_per_project;
    let gone = app.store.write(move |tx| {
        Ok((
            tx.forget_jobs(now_ms, jobs_ms)?,
            tx.forget_invocations(now_ms - records_ms, most)?,
            tx.forget_mails(now_ms - mails_ms)?,
            tx.forget_sessions(now_ms - DAY_MS)?,
            tx.forget_one_time_tokens(now_ms)?,
            tx.forget_signing_keys(now_ms - DAY_MS)?,
            tx.forget_audit(now_ms - audit_ms)?,
            tx.forget_deliveries(now_ms - deliveries_ms)?,
            tx.forget_webhook_secrets(now_ms)?,
            tx.forget_events(now_ms - events_ms)?,
        ))
    });
    match gone.await {
        Ok((jobs, records, mails, sessions, tokens, keys, audit, deliveries, webhook_secrets, events)) => {
            tracing::debug!(
                jobs,
                records,
                mails,
                sessions,
                tokens,
                keys,
                audit,
                deliveries,
                webhook_secrets,
                events,
                "deleted expired data"
            )
        }
        Err(error) => tracing::warn!(
            error = crate::base::error::chain(&error),
            "expired data could not be deleted"
        ),
    }
}
