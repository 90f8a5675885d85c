//! What hooks have done that must wait for the outcome: of the flow (`before*` hooks), or of the hook itself (`after*` and
//! script hooks). Messages, mails and changes of users become rows in one transaction of the core store; writes to the
//! project's own tables are one transaction of its own database, committed right after. A crash between the two can lose
//! the latter, never the former.

use std::sync::{Arc, Mutex, PoisonError};

use aerocall_runtime::host::{ErrorCode, SdkError};
use serde_json::{Map, Value};

use super::tables::Tables;
use crate::{
    base::{
        event::{Event, EventKind},
        ids::Scope,
    },
    domain::user::{self, ProfilePatch},
    storage::{
        store::{NewJob, NewMail, StoreError, Tx},
        tenant::TenantDatabases,
    },
};

/// One effect that waits.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// A message for a queue.
    Job(NewJob),
    /// A mail.
    Mail(NewMail),
    /// A change of a user's name or metadata.
    User { id: String, patch: ProfilePatch },
    /// The end of a user's sessions.
    Revoke { user_id: String },
}

/// The most that the effects of one request may take while they wait; they are in memory until then.
const MAX_STAGED_BYTES: usize = 8 << 20;
/// What an effect takes besides its texts.
const EFFECT_BYTES: usize = 256;
/// What a value of a JSON document takes besides its text.
const JSON_VALUE_BYTES: usize = 80;

/// The effects of one request, or of one call.
pub(crate) struct Effects {
    staged: Mutex<List>,
    pub(super) tables: Tables,
    /// How many jobs led here.
    pub(super) hops: i32,
}

/// Effects that wait, and what they take.
#[derive(Default)]
struct List {
    effects: Vec<Effect>,
    bytes: usize,
}

/// Where the effects stood when a call began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    staged: usize,
    tables: Option<u32>,
}

/// Effects on their way into a transaction.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    effects: Vec<Effect>,
    /// How many jobs led to them.
    hops: i32,
}

impl Effects {
    pub(crate) fn new(tenants: Arc<dyn TenantDatabases>, scope: &Scope, hops: i32) -> Arc<Self> {
        Arc::new(Self {
            staged: Mutex::default(),
            tables: Tables::new(tenants, scope.clone()),
            hops,
        })
    }

    /// Holds an effect back.
    ///
    /// # Errors
    /// The effects of the request would take more than they may.
    pub(crate) fn stage(&self, effect: Effect) -> Result<(), SdkError> {
        let mut list = self.list();
        let bytes = list.bytes + effect.bytes();
        if bytes > MAX_STAGED_BYTES {
            let message = format!(
                "the messages, mails and changes of users of one request can take at most {MAX_STAGED_BYTES} bytes together"
            );
            return Err(SdkError::new(ErrorCode::LimitExceeded, message));
        }
        list.bytes = bytes;
        list.effects.push(effect);
        Ok(())
    }

    /// What is staged, for reading one's own writes.
    pub(crate) fn seen<T>(&self, look: impl FnOnce(&[Effect]) -> T) -> T {
        look(&self.list().effects)
    }

    /// Where things stand, before a call.
    pub(crate) async fn mark(&self) -> Result<Mark, SdkError> {
        let staged = self.list().effects.len();
        let tables = self.tables.mark().await?;
        Ok(Mark { staged, tables })
    }

    /// The call succeeded: whether what it and those before it did can be committed with the flow.
    pub(crate) async fn check(&self, mark: Mark) -> Result<(), SdkError> {
        self.tables.check(mark.tables).await
    }

    /// Whether writes of calls that succeeded are gone, so that the flow would happen without them.
    pub(crate) async fn are_lost(&self) -> bool {
        self.tables.is_lost().await
    }

    /// The call succeeded: what it did stays with what was there.
    pub(crate) async fn keep(&self, mark: Mark) -> Result<(), SdkError> {
        self.tables.keep(mark.tables).await
    }

    /// The call failed: it did nothing.
    pub(crate) async fn undo(&self, mark: Mark) -> Result<(), SdkError> {
        self.list().truncate(mark.staged);
        self.tables.undo(mark.tables).await
    }

    /// Nothing of it happens.
    pub(crate) async fn discard(&self) {
        self.list().truncate(0);
        // What cannot be rolled back now is, when the connection is dropped.
        self.tables.undo(None).await.ok();
    }

    /// For the transaction that makes them real.
    pub(crate) fn take(&self) -> Staged {
        Staged {
            effects: std::mem::take(&mut *self.list()).effects,
            hops: self.hops,
        }
    }

    /// Commits the writes to the project's own tables. To be called right after the transaction of the core store.
    pub(crate) async fn commit_tables(&self) -> Result<(), SdkError> {
        self.tables.commit().await
    }

    fn list(&self) -> std::sync::MutexGuard<'_, List> {
        self.staged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl List {
    fn truncate(&mut self, count: usize) {
        self.effects.truncate(count);
        self.bytes = self.effects.iter().map(Effect::bytes).sum();
    }
}

impl Effect {
    /// About what it takes in memory.
    fn bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        EFFECT_BYTES
            + match self {
                Self::Job(job) => job.message.len() + text(&job.idempotency_key),
                Self::Mail(mail) => mail.subject.len() + text(&mail.text) + text(&mail.html),
                Self::User { patch, .. } => members_bytes(&patch.metadata) + members_bytes(&patch.public_metadata),
                Self::Revoke { user_id } => user_id.len(),
            }
    }
}

fn members_bytes(members: &Map<String, Value>) -> usize {
    let member = |(name, value): (&String, &Value)| JSON_VALUE_BYTES + name.len() + value_bytes(value);
    members.iter().map(member).sum()
}

fn value_bytes(value: &Value) -> usize {
    JSON_VALUE_BYTES
        + match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(value_bytes).sum(),
            Value::Object(members) => members_bytes(members),
        }
}

/// Whom staged effects are work for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wakes {
    /// Jobs and mails.
    pub(crate) worker: bool,
    /// Events may come of them.
    pub(crate) events: bool,
}

impl Staged {
    pub(crate) fn is_empty(&self) -> bool {
        self.effects.is_empty()
    }

    /// Who has something to do once they are rows.
    pub(crate) fn wakes(&self) -> Wakes {
        let any = |is: fn(&Effect) -> bool| self.effects.iter().any(is);
        Wakes {
            worker: any(|effect| matches!(effect, Effect::Job(_) | Effect::Mail(_))),
            events: any(|effect| matches!(effect, Effect::User { .. })),
        }
    }

    /// Makes them rows, in the order in which they were asked for.
    pub(crate) fn apply(&self, tx: &mut Tx<'_>, scope: &Scope, actor: &str, now_ms: i64) -> Result<(), StoreError> {
        let by = Cause { actor, hops: self.hops };
        for effect in &self.effects {
            match effect {
                Effect::Job(job) => tx.insert_job(scope, job)?,
                Effect::Mail(mail) => tx.insert_mail(scope, mail)?,
                Effect::User { id, patch } => change_user(tx, scope, id, patch, by, now_ms)?,
                Effect::Revoke { user_id } => drop(tx.revoke_sessions(scope, user_id, now_ms)?),
            }
        }
        Ok(())
    }
}

/// Who did it, and how many jobs led to it.
#[derive(Clone, Copy)]
struct Cause<'a> {
    actor: &'a str,
    hops: i32,
}

/// The patch is merged into the user as they are now: two hooks that change different names of the metadata both win.
fn change_user(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: &str,
    patch: &ProfilePatch,
    by: Cause<'_>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let damaged = |_| StoreError::Inconsistent("the user cannot be read back");
    let Some(row) = tx.user(scope, id)? else { return Ok(()) };
    let before = user::Profile::of(&row).map_err(damaged)?;
    // Checked when it was asked for; somebody else may have filled the metadata since.
    let after = match patch.applied_to(&before) {
        Ok(after) => after,
        Err(problem) => {
            tracing::warn!(user = id, problem, "a hook's change of a user does not fit any more");
            return Ok(());
        }
    };
    let Some(change) = before.change_to(&after) else {
        return Ok(());
    };
    if let Some(changed) = tx.update_user(scope, id, &change, now_ms)? {
        let document = user::document(&changed).map_err(damaged)?;
        let event = Event::of_user(EventKind::UserUpdated, by.actor.to_owned(), &document, None, now_ms);
        tx.insert_event(scope, &event.after(by.hops))?;
    }
    Ok(())
}
