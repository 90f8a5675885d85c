//! Rollouts of hooks: a version beside the live one. Of one hook of an environment at most one goes on, which an index holds.

use super::{DeploymentRow, NewDeployedHook, StoreError, Tx, query::prelude::*, schema::hook_rollouts};
use crate::base::ids::{HookName, Scope};

/// A rollout, kept or to keep.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = hook_rollouts)]
pub(crate) struct RolloutRow {
    pub(crate) id: String,
    pub(crate) hook: String,
    /// `shadow` or `canary`.
    pub(crate) kind: String,
    pub(crate) version_id: String,
    pub(crate) version_number: i32,
    pub(crate) digest: String,
    /// What was live when it began.
    pub(crate) live_version_id: String,
    pub(crate) live_number: i32,
    /// Of the calls, in thousandths of a percent.
    pub(crate) share: i32,
    /// `user` or `ip`.
    pub(crate) sticky_by: String,
    pub(crate) until_ms: i64,
    /// JSON.
    pub(crate) stop_if: String,
    /// `running`, `stopped`, `ended`, `promoted` or `replaced`.
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
    /// JSON.
    pub(crate) figures: String,
    pub(crate) created_by: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    pub(crate) ended_by: Option<String>,
    pub(crate) ended_ms: Option<i64>,
}

/// What can be changed while it goes on.
#[derive(Clone, Debug)]
pub(crate) struct RolloutChange {
    pub(crate) share: i32,
    pub(crate) until_ms: i64,
    /// JSON.
    pub(crate) stop_if: String,
    pub(crate) now_ms: i64,
}

/// How one ends.
#[derive(Clone, Debug)]
pub(crate) struct RolloutEnd {
    /// `stopped`, `ended`, `promoted` or `replaced`.
    pub(crate) state: &'static str,
    pub(crate) reason: String,
    pub(crate) by: String,
    pub(crate) now_ms: i64,
}

/// The state of one whose time is over.
const ENDED: &str = "ended";

impl RolloutEnd {
    /// Its time is over.
    pub(crate) fn by_time(now_ms: i64) -> Self {
        Self {
            state: ENDED,
            reason: "its time is over".to_owned(),
            by: "server".to_owned(),
            now_ms,
        }
    }
}

/// One that a deployment has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndedRollout {
    pub(crate) id: String,
    pub(crate) hook: String,
    /// `promoted`, `replaced` or `ended`.
    pub(crate) state: &'static str,
}

impl Tx<'_> {
    pub(crate) fn insert_rollout(&mut self, scope: &Scope, row: &RolloutRow) -> Result<(), StoreError> {
        diesel::insert_into(hook_rollouts::table)
            .values((
                hook_rollouts::id.eq(&row.id),
                hook_rollouts::project_id.eq(scope.project.as_str()),
                hook_rollouts::environment.eq(scope.environment.as_str()),
                hook_rollouts::hook.eq(&row.hook),
                hook_rollouts::kind.eq(&row.kind),
                hook_rollouts::version_id.eq(&row.version_id),
                hook_rollouts::version_number.eq(row.version_number),
                (
                    hook_rollouts::digest.eq(&row.digest),
                    hook_rollouts::live_version_id.eq(&row.live_version_id),
                    hook_rollouts::live_number.eq(row.live_number),
                    hook_rollouts::share.eq(row.share),
                    hook_rollouts::sticky_by.eq(&row.sticky_by),
                    hook_rollouts::until_ms.eq(row.until_ms),
                    hook_rollouts::stop_if.eq(&row.stop_if),
                    hook_rollouts::state.eq(&row.state),
                ),
                (
                    hook_rollouts::figures.eq(&row.figures),
                    hook_rollouts::created_by.eq(&row.created_by),
                    hook_rollouts::created_ms.eq(row.created_ms),
                    hook_rollouts::updated_ms.eq(row.updated_ms),
                ),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The newest of a hook.
    pub(crate) fn rollout(&mut self, scope: &Scope, hook: &HookName) -> Result<Option<RolloutRow>, StoreError> {
        Ok(hook_rollouts::table
            .filter(hook_rollouts::project_id.eq(scope.project.as_str()))
            .filter(hook_rollouts::environment.eq(scope.environment.as_str()))
            .filter(hook_rollouts::hook.eq(hook.as_str()))
            .order(hook_rollouts::id.desc())
            .select(RolloutRow::columns())
            .first(self)
            .optional()?)
    }

    /// Those of the environment, newest first.
    pub(crate) fn rollouts(&mut self, scope: &Scope) -> Result<Vec<RolloutRow>, StoreError> {
        Ok(hook_rollouts::table
            .filter(hook_rollouts::project_id.eq(scope.project.as_str()))
            .filter(hook_rollouts::environment.eq(scope.environment.as_str()))
            .order(hook_rollouts::id.desc())
            .select(RolloutRow::columns())
            .load(self)?)
    }

    /// Those of the environment that go on, by their ids.
    pub(crate) fn running_rollouts(&mut self, scope: &Scope) -> Result<Vec<RolloutRow>, StoreError> {
        Ok(hook_rollouts::table
            .filter(hook_rollouts::project_id.eq(scope.project.as_str()))
            .filter(hook_rollouts::environment.eq(scope.environment.as_str()))
            .filter(hook_rollouts::state.eq("running"))
            .order(hook_rollouts::id)
            .select(RolloutRow::columns())
            .load(self)?)
    }

    /// One by its id, whose row is this transaction's until it ends.
    pub(crate) fn locked_rollout(&mut self, scope: &Scope, id: &str) -> Result<Option<RolloutRow>, StoreError> {
        Ok(hook_rollouts::table
            .filter(hook_rollouts::project_id.eq(scope.project.as_str()))
            .filter(hook_rollouts::environment.eq(scope.environment.as_str()))
            .filter(hook_rollouts::id.eq(id))
            .order(hook_rollouts::id)
            .select(RolloutRow::columns())
            .lock_in_order()
            .load(self)?
            .pop())
    }

    /// Keeps the figures of both sides. `figures`: JSON.
    pub(crate) fn put_rollout_figures(&mut self, scope: &Scope, id: &str, figures: &str) -> Result<(), StoreError> {
        let own = hook_rollouts::table
            .filter(hook_rollouts::project_id.eq(scope.project.as_str()))
            .filter(hook_rollouts::environment.eq(scope.environment.as_str()))
            .filter(hook_rollouts::id.eq(id));
        diesel::update(own)
            .set(hook_rollouts::figures.eq(figures))
            .execute(self)?;
        Ok(())
    }

    /// Changes one that goes on; whether it does.
    pub(crate) fn change_rollout(
        &mut self,
        scope: &Scope,
        id: &str,
        change: &RolloutChange,
    ) -> Result<bool, StoreError> {
        let running = hook_rollouts::table
            .filter(hook_rollouts::project_id.eq(scope.project.as_str()))
            .filter(hook_rollouts::environment.eq(scope.environment.as_str()))
            .filter(hook_rollouts::id.eq(id))
            .filter(hook_rollouts::state.eq("running"));
        let changed = diesel::update(running)
            .set((
                hook_rollouts::share.eq(change.share),
                hook_rollouts::until_ms.eq(change.until_ms),
                hook_rollouts::stop_if.eq(&change.stop_if),
                hook_rollouts::updated_ms.eq(change.now_ms),
            ))
            .execute(self)?;
        Ok(changed > 0)
    }

    /// Ends one that goes on; whether it did. One whose time is over can only be `ended`.
    pub(crate) fn end_rollout(&mut self, scope: &Scope, id: &str, end: &RolloutEnd) -> Result<bool, StoreError> {
        let running = hook_rollouts::table
            .filter(hook_rollouts::project_id.eq(scope.project.as_str()))
            .filter(hook_rollouts::environment.eq(scope.environment.as_str()))
            .filter(hook_rollouts::id.eq(id))
            .filter(hook_rollouts::state.eq("running"))
            .filter(hook_rollouts::until_ms.gt(if end.state == ENDED { i64::MIN } else { end.now_ms }));
        let changed = diesel::update(running)
            .set((
                hook_rollouts::state.eq(end.state),
                hook_rollouts::reason.eq(Some(&end.reason)),
                hook_rollouts::ended_by.eq(Some(&end.by)),
                hook_rollouts::ended_ms.eq(Some(end.now_ms)),
            ))
            .execute(self)?;
        Ok(changed > 0)
    }

    /// Ends those whose hook a new deployment changes: its version is live now, or what it was compared with is not any more.
    pub(super) fn end_rollouts_for(
        &mut self,
        scope: &Scope,
        deployment: &DeploymentRow,
        hooks: &[NewDeployedHook],
    ) -> Result<Vec<EndedRollout>, StoreError> {
        let mut ended = Vec::new();
        for row in self.running_rollouts(scope)? {
            let line = |version: &str| hooks.iter().find(|line| line.version_id == version);
            let state = match (line(&row.version_id), line(&row.live_version_id)) {
                (Some(_), _) => "promoted",
                (None, Some(line)) if line.state == "enabled" => continue,
                (None, _) => "replaced",
            };
            let now_ms = deployment.created_ms;
            let (state, end) = match row.until_ms <= now_ms {
                true => (ENDED, RolloutEnd::by_time(now_ms)),
                false => (
                    state,
                    RolloutEnd {
                        state,
                        reason: format!("deployment {}", deployment.number),
                        by: deployment.created_by.clone(),
                        now_ms,
                    },
                ),
            };
            if self.end_rollout(scope, &row.id, &end)? {
                ended.push(EndedRollout {
                    id: row.id,
                    hook: row.hook,
                    state,
                });
            }
        }
        Ok(ended)
    }

    /// Whether there was one.
    pub(crate) fn delete_rollout(&mut self, scope: &Scope, id: &str) -> Result<bool, StoreError> {
        let own = hook_rollouts::table
            .filter(hook_rollouts::project_id.eq(scope.project.as_str()))
            .filter(hook_rollouts::environment.eq(scope.environment.as_str()))
            .filter(hook_rollouts::id.eq(id));
        Ok(diesel::delete(own).execute(self)? > 0)
    }
}
