//! Deployments: which versions run in a scope, in which order and under which rules. The highest number is live.

use diesel::dsl::max;

use super::{
    EndedRollout, StoreError, Tx, VersionRow,
    query::prelude::*,
    schema::{deployment_hooks, deployments, hook_versions},
};
use crate::base::ids::Scope;

/// A deployment to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewDeployment {
    pub(crate) id: String,
    pub(crate) created_by: String,
    pub(crate) created_ms: i64,
    /// What whoever made it said of it.
    pub(crate) message: Option<String>,
    /// Why it was made although checks had refused it.
    pub(crate) forced_reason: Option<String>,
    /// In the order in which they run.
    pub(crate) hooks: Vec<NewDeployedHook>,
}

/// A line of a deployment to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewDeployedHook {
    pub(crate) version_id: String,
    /// `open`, `closed` or the default of the point.
    pub(crate) failure_policy: Option<String>,
    /// `enabled` or `disabled`.
    pub(crate) state: String,
    /// `on` or `off`.
    pub(crate) breaker: String,
    /// Requested limits, JSON.
    pub(crate) limits: String,
}

/// A kept deployment.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = deployments)]
pub(crate) struct DeploymentRow {
    pub(crate) id: String,
    pub(crate) number: i32,
    pub(crate) created_by: String,
    pub(crate) created_ms: i64,
    pub(crate) message: Option<String>,
    pub(crate) forced_reason: Option<String>,
    /// How many hooks it had when it was made.
    pub(crate) hook_count: Option<i32>,
}

/// A deployment that was just made.
#[derive(Clone, Debug)]
pub(crate) struct MadeDeployment {
    pub(crate) row: DeploymentRow,
    /// The rollouts that ended with it.
    pub(crate) ended: Vec<EndedRollout>,
}

/// A line of a kept deployment, with the version it points at.
#[derive(Clone, Debug)]
pub(crate) struct DeployedHook {
    pub(crate) version: VersionRow,
    pub(crate) failure_policy: Option<String>,
    pub(crate) state: String,
    pub(crate) breaker: String,
    pub(crate) limits: String,
}

impl NewDeployedHook {
    /// The same line again.
    pub(crate) fn of(kept: &DeployedHook) -> Self {
        Self {
            version_id: kept.version.id.clone(),
            failure_policy: kept.failure_policy.clone(),
            state: kept.state.clone(),
            breaker: kept.breaker.clone(),
            limits: kept.limits.clone(),
        }
    }
}

impl Tx<'_> {
    /// Until the transaction ends, nobody else makes a deployment of the scope.
    pub(crate) fn lock_deployments(&mut self, scope: &Scope) -> Result<(), StoreError> {
        self.advisory_lock(&format!("deployments {scope}"))
    }

    /// Keeps the deployment under the next number, and notifies the other nodes. Rollouts of hooks that it changes end with it.
    pub(crate) fn insert_deployment(
        &mut self,
        scope: &Scope,
        new: &NewDeployment,
    ) -> Result<MadeDeployment, StoreError> {
        self.lock_deployments(scope)?;
        let last: Option<i32> = deployments::table
            .filter(deployments::project_id.eq(scope.project.as_str()))
            .filter(deployments::environment.eq(scope.environment.as_str()))
            .select(max(deployments::number))
            .first(self)?;
        let kept: DeploymentRow = diesel::insert_into(deployments::table)
            .values((
                deployments::id.eq(&new.id),
                deployments::project_id.eq(scope.project.as_str()),
                deployments::environment.eq(scope.environment.as_str()),
                deployments::number.eq(last.unwrap_or(0) + 1),
                deployments::created_by.eq(&new.created_by),
                deployments::created_ms.eq(new.created_ms),
                deployments::message.eq(new.message.as_deref()),
                (
                    deployments::forced_reason.eq(new.forced_reason.as_deref()),
                    deployments::hook_count.eq(i32::try_from(new.hooks.len()).unwrap_or(i32::MAX)),
                ),
            ))
            .returning(DeploymentRow::columns())
            .get_result(self)?;
        for (position, hook) in (0..).zip(&new.hooks) {
            self.insert_deployed_hook(&new.id, position, hook)?;
        }
        let ended = self.end_rollouts_for(scope, &kept, &new.hooks)?;
        self.changed(scope)?;
        Ok(MadeDeployment { row: kept, ended })
    }

    fn insert_deployed_hook(
        &mut self,
        deployment_id: &str,
        position: i32,
        hook: &NewDeployedHook,
    ) -> Result<(), StoreError> {
        diesel::insert_into(deployment_hooks::table)
            .values((
                deployment_hooks::deployment_id.eq(deployment_id),
                deployment_hooks::position.eq(position),
                deployment_hooks::version_id.eq(&hook.version_id),
                deployment_hooks::failure_policy.eq(hook.failure_policy.as_deref()),
                deployment_hooks::state.eq(&hook.state),
                deployment_hooks::limits.eq(&hook.limits),
                deployment_hooks::breaker.eq(&hook.breaker),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The last deployments of the scope, newest first.
    pub(crate) fn deployments(&mut self, scope: &Scope, most: i64) -> Result<Vec<DeploymentRow>, StoreError> {
        Ok(deployments::table
            .filter(deployments::project_id.eq(scope.project.as_str()))
            .filter(deployments::environment.eq(scope.environment.as_str()))
            .order(deployments::number.desc())
            .limit(most)
            .select(DeploymentRow::columns())
            .load(self)?)
    }

    /// The deployment of the scope with this number.
    pub(crate) fn deployment(&mut self, scope: &Scope, number: i32) -> Result<Option<DeploymentRow>, StoreError> {
        Ok(deployments::table
            .filter(deployments::project_id.eq(scope.project.as_str()))
            .filter(deployments::environment.eq(scope.environment.as_str()))
            .filter(deployments::number.eq(number))
            .select(DeploymentRow::columns())
            .first(self)
            .optional()?)
    }

    /// The lines of a deployment, in the order in which they run.
    pub(crate) fn deployed_hooks(&mut self, deployment_id: &str) -> Result<Vec<DeployedHook>, StoreError> {
        let rows: Vec<(VersionRow, Option<String>, String, String, String)> = deployment_hooks::table
            .inner_join(hook_versions::table)
            .filter(deployment_hooks::deployment_id.eq(deployment_id))
            .order(deployment_hooks::position)
            .select((
                VersionRow::columns(),
                deployment_hooks::failure_policy,
                deployment_hooks::state,
                deployment_hooks::limits,
                deployment_hooks::breaker,
            ))
            .load(self)?;
        let line = |(version, failure_policy, state, limits, breaker)| DeployedHook {
            version,
            failure_policy,
            state,
            limits,
            breaker,
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
