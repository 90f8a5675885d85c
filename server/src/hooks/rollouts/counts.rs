//! What this node has counted and not written yet. Calls only add to sums in memory; a task writes them, and in the same
//! transaction a rollout stops that has to.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aerocall_api_types::RolloutStop;
use serde_json::json;

use super::{Counted, Figures, Plan, Side, rule};
use crate::{
    base::{error::Result, ids::Scope, stored},
    domain::audit::{self, Action, Actor, AuditEntry},
    storage::store::{RolloutEnd, RolloutRow, Store, StoreError, Tx},
};

/// Sums by rollout.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pending: Arc<Mutex<HashMap<String, (Scope, Figures)>>>,
    /// Held while sums are written: whoever wants to see them waits for those that are on their way.
    writing: Arc<tokio::sync::Mutex<()>>,
}

impl Counts {
    pub(crate) fn count(&self, scope: &Scope, plan: &Plan, side: Side, call: Counted) {
        self.with(scope, plan, |figures| figures.side(side).count(call));
    }

    pub(super) fn with(&self, scope: &Scope, plan: &Plan, change: impl FnOnce(&mut Figures)) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        match pending.get_mut(&plan.id) {
            Some((_, figures)) => change(figures),
            None => {
                let mut figures = Figures::default();
                change(&mut figures);
                pending.insert(plan.id.clone(), (scope.clone(), figures));
            }
        }
    }

    /// Writes what was counted. The environments whose rollouts have stopped by it.
    pub(crate) async fn write(&self, store: &Store, now_ms: i64) -> Result<Vec<Scope>> {
        let _writing = self.writing.lock().await;
        let pending = std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        let mut stopped = Vec::new();
        let mut failed = Ok(());
        for (id, (scope, figures)) in pending {
            let (owned, name, more) = (scope.clone(), id.clone(), figures.clone());
            let written = store.write_again(move |tx| add(tx, &owned, &name, &more, now_ms));
            match written.await {
                Ok(Some(())) => stopped.push(scope),
                Ok(None) => {}
                Err(error) => {
                    self.put_back(id, scope, &figures);
                    failed = Err(error.into());
                }
            }
        }
        failed.map(|()| stopped)
    }

    fn put_back(&self, id: String, scope: Scope, figures: &Figures) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending
            .entry(id)
            .or_insert_with(|| (scope, Figures::default()))
            .1
            .add(figures);
    }
}

/// Adds to the figures of a rollout; `Some`: it stopped.
fn add(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: &str,
    more: &Figures,
    now_ms: i64,
) -> std::result::Result<Option<()>, StoreError> {
    const DAMAGED: StoreError = StoreError::Inconsistent("a rollout cannot be read back");
    // Deleted with its figures.
    let Some(row) = tx.locked_rollout(scope, id)? else {
        return Ok(None);
    };
    let mut figures: Figures = stored::json(&row.figures).map_err(|_| DAMAGED)?;
    let stop: RolloutStop = stored::json(&row.stop_if).map_err(|_| DAMAGED)?;
    figures.add(more);
    let text = serde_json::to_string(&figures).map_err(|_| DAMAGED)?;
    tx.put_rollout_figures(scope, id, &text)?;
    let why = rule::breach(&stop, &figures).filter(|_| row.state == "running");
    let Some(reason) = why else { return Ok(None) };
    let by = Actor::server();
    let stop = RolloutEnd {
        state: "stopped",
        reason,
        by: by.author(),
        now_ms,
    };
    match end(tx, scope, &row, stop)? {
        true => tx.changed(scope).map(Some),
        false => Ok(None),
    }
}

/// Ends a rollout by itself; whether it went on. The caller notifies the other nodes, last.
fn end(tx: &mut Tx<'_>, scope: &Scope, row: &RolloutRow, end: RolloutEnd) -> std::result::Result<bool, StoreError> {
    let is_ended = tx.end_rollout(scope, &row.id, &end)?;
    if is_ended {
        let action = match end.state {
            "ended" => Action::RolloutEnded,
            _ => Action::RolloutStopped,
        };
        let about = json!({ "hook": row.hook, "kind": row.kind, "version": row.version_number, "reason": end.reason });
        let entry = AuditEntry::new(action, row.id.as_str()).with(about);
        audit::record(tx, Some(scope), &Actor::server(), entry, end.now_ms)?;
    }
    Ok(is_ended)
}

/// Ends the rollouts of the environment whose time is over.
pub(crate) fn end_overdue(tx: &mut Tx<'_>, scope: &Scope, now_ms: i64) -> std::result::Result<(), StoreError> {
    let mut overdue = tx.running_rollouts(scope)?;
    overdue.retain(|row| row.until_ms <= now_ms);
    for row in &overdue {
        end(tx, scope, row, RolloutEnd::by_time(now_ms))?;
    }
    match overdue.is_empty() {
        true => Ok(()),
        false => tx.changed(scope),
    }
}
