//! Deletes what is older than the settings keep: finished jobs, mails, invocations, sessions, one-time tokens, signing keys
//! that nobody asks for, entries of the audit log, events and their deliveries, proposals of the assistant.
//!
//! Each kind by itself, so that one that fails holds up no other, and a part at a time, so that SQLite's one writer is never
//! held for long.

use std::time::Duration;

use tokio::sync::watch;

use super::{Phase, stopping};
use crate::{
    app::App,
    base::{
        clock::{self, millis},
        config::Config,
        error::chain,
    },
    storage::store::{Store, StoreError, Tx},
};

const INTERVAL: Duration = Duration::from_secs(60);
/// What is over is kept for a day, for whoever looks into what happened.
const DAY_MS: i64 = 86_400_000;
/// What the assistant used is kept for a quarter of a year, by day.
const USAGE_MS: i64 = 92 * DAY_MS;
/// Summaries of hooks are made again when somebody asks.
const SUMMARIES_MS: i64 = 30 * DAY_MS;
/// Rows of one transaction.
const MAX_ROWS: i64 = 1_000;

/// Until when each kind is kept.
#[derive(Clone, Copy, Debug)]
struct Retention {
    now_ms: i64,
    jobs_ms: i64,
    invocations_ms: i64,
    max_invocations_per_project: i64,
    mails_ms: i64,
    audit_ms: i64,
    events_ms: i64,
    deliveries_ms: i64,
}

impl Retention {
    fn of(config: &Config, now_ms: i64) -> Self {
        Self {
            now_ms,
            jobs_ms: millis(config.queue.keep),
            invocations_ms: millis(config.records.keep),
            max_invocations_per_project: config.records.most_per_project,
            mails_ms: millis(config.mail.keep),
            audit_ms: millis(config.audit.keep),
            events_ms: millis(config.events.keep),
            deliveries_ms: millis(config.webhooks.keep),
        }
    }
}

/// Deletes some rows of a kind; how many, at most about [`MAX_ROWS`].
type Delete = fn(&mut Tx<'_>, &Retention) -> Result<usize, StoreError>;

/// Deliveries before the events that they are of.
const KINDS: &[(&str, Delete)] = &[
    ("jobs", |tx, at| tx.delete_old_jobs(at.now_ms, at.jobs_ms, MAX_ROWS)),
    ("backtests", |tx, at| {
        tx.delete_old_backtests(at.now_ms - at.invocations_ms, MAX_ROWS)
    }),
    ("invocations", |tx, at| {
        let before_ms = at.now_ms - at.invocations_ms;
        tx.delete_old_invocations(before_ms, at.max_invocations_per_project, MAX_ROWS)
    }),
    ("proposals", |tx, at| {
        tx.delete_old_proposals(at.now_ms - DAY_MS, MAX_ROWS)
    }),
    ("usage of the assistant", |tx, at| {
        tx.delete_old_assistant_usage(&clock::day(at.now_ms - USAGE_MS))
    }),
    ("mails", |tx, at| tx.delete_old_mails(at.now_ms - at.mails_ms, MAX_ROWS)),
    ("sessions", |tx, at| {
        tx.delete_old_sessions(at.now_ms - DAY_MS, MAX_ROWS)
    }),
    ("one-time tokens", |tx, at| {
        tx.delete_old_one_time_tokens(at.now_ms, MAX_ROWS)
    }),
    ("signing keys", |tx, at| tx.delete_old_signing_keys(at.now_ms - DAY_MS)),
    ("admin tokens", |tx, at| tx.delete_old_admin_tokens(at.now_ms - DAY_MS)),
    ("sessions of admins", |tx, at| {
        tx.delete_old_admin_sessions(at.now_ms, MAX_ROWS)
    }),
    ("invitations", |tx, at| tx.delete_old_invitations(at.now_ms)),
    ("password resets of admins", |tx, at| {
        tx.delete_old_password_resets(at.now_ms)
    }),
    ("personal tokens", |tx, at| {
        tx.delete_old_personal_tokens(at.now_ms - DAY_MS)
    }),
    ("API keys", |tx, at| tx.delete_old_api_keys(at.now_ms - DAY_MS)),
    ("audit log", |tx, at| {
        tx.delete_old_audit(at.now_ms - at.audit_ms, MAX_ROWS)
    }),
    ("deliveries", |tx, at| {
        tx.delete_old_deliveries(at.now_ms - at.deliveries_ms, MAX_ROWS)
    }),
    ("summaries", |tx, at| tx.delete_old_summaries(at.now_ms - SUMMARIES_MS)),
    ("webhook secrets", |tx, at| tx.delete_old_webhook_secrets(at.now_ms)),
    ("events", |tx, at| {
        tx.delete_old_events(at.now_ms - at.events_ms, MAX_ROWS)
    }),
];

/// Until the worker stops.
pub(super) async fn run(app: &App, mut phase: watch::Receiver<Phase>) {
    loop {
        clean(&app.store, KINDS, Retention::of(&app.config, app.clock.now_ms())).await;
        tokio::select! {
            () = stopping(&mut phase) => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn clean(store: &Store, kinds: &[(&'static str, Delete)], retention: Retention) {
    for &(kind, delete) in kinds {
        match delete_all(store, delete, retention).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(kind, rows, "deleted expired data"),
            Err(error) => tracing::warn!(kind, error = chain(&error), "expired data could not be deleted"),
        }
    }
}

async fn delete_all(store: &Store, delete: Delete, retention: Retention) -> Result<usize, StoreError> {
    let mut rows = 0;
    loop {
        let deleted = store.write_again(move |tx| delete(tx, &retention)).await?;
        rows += deleted;
        if deleted == 0 {
            return Ok(rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::ids::{Kind, new_id},
        storage::store::{MailFate, MailFilter, NewMail},
        testing::World,
    };

    const RETENTION: Retention = Retention {
        now_ms: 100_000,
        jobs_ms: 0,
        invocations_ms: 0,
        max_invocations_per_project: 10,
        mails_ms: 0,
        audit_ms: 0,
        events_ms: 0,
        deliveries_ms: 0,
    };

    async fn ended_mails(world: &World, count: i64) {
        let scope = world.scope.clone();
        let insert = world.store.write(move |tx| {
            for _ in 0..count {
                let mail = NewMail {
                    id: new_id(Kind::Mail),
                    recipient: "x@a.example".to_owned(),
                    template: None,
                    subject: "s".to_owned(),
                    text: None,
                    html: None,
                    created_ms: 1,
                };
                tx.insert_mail(&scope, &mail)?;
                if let Some(row) = tx.mail(&scope, &mail.id)? {
                    tx.mark_mail(&row, &MailFate::Captured, 2)?;
                }
            }
            Ok(())
        });
        insert.await.unwrap();
    }

    async fn mails_left(world: &World) -> usize {
        let scope = world.scope.clone();
        world
            .store
            .read(move |tx| tx.mails(&scope, &MailFilter::default(), 10_000))
            .await
            .unwrap()
            .len()
    }

    #[tokio::test]
    async fn what_expired_is_deleted_in_parts() {
        let world = World::new().await;
        ended_mails(&world, MAX_ROWS * 2 + 1).await;
        let part = world.store.write(|tx| tx.delete_old_mails(100_000, MAX_ROWS));
        assert_eq!(part.await.unwrap(), usize::try_from(MAX_ROWS).unwrap());
        clean(&world.store, KINDS, RETENTION).await;
        assert_eq!(mails_left(&world).await, 0);
    }

    #[tokio::test]
    async fn a_kind_that_fails_holds_up_no_other() {
        const FAILS: Delete = |_, _| Err(StoreError::CodeSpent);
        let world = World::new().await;
        ended_mails(&world, 1).await;
        let mails = KINDS.iter().find(|(kind, _)| *kind == "mails").copied();
        let kinds = [("broken", FAILS), mails.unwrap()];
        clean(&world.store, &kinds, RETENTION).await;
        assert_eq!(mails_left(&world).await, 0);
    }
}
