//! Deployments: sets of versions that are live as a whole.

mod backtest_gate;
mod cases_gate;
mod deploy;
mod expected;
mod gates;
mod get;
mod input;
mod list;
mod merged;
mod plan;
mod rollback;
mod types_gate;

use aerocall_api_types::{DeployedHook, Deployment, DeploymentDetail};

pub(crate) use deploy::{Deploy, deploy};
pub(super) use deploy::{FORCE, pass_gates};
pub(super) use expected::live as expected_live;
pub(crate) use get::GetDeployment;
pub(crate) use input::Input;
pub(super) use input::{Promotion, expect, read_force};
pub(crate) use list::ListDeployments;
pub(crate) use plan::PlanDeployment;
pub(crate) use rollback::RollBack;

pub(super) use input::read_state;

use crate::{
    base::{
        clock,
        error::{Refusal, Result},
        stored,
    },
    flows::steps::endpoint::{Caller, EnvironmentAdmin, environment},
    storage::store::{self, DeploymentRow, RECENT_DEPLOYMENTS},
};

/// One deployment.
const ONE: &str = environment!("/deployments/{number}");
/// What goes back to it.
const ONE_ROLLBACK: &str = environment!("/deployments/{number}/rollback");

/// The number in the path.
fn number(caller: &Caller<EnvironmentAdmin>) -> Result<i32> {
    let number = caller.part("number")?.parse().map_err(|_| Refusal::not_found());
    Ok(number?)
}

/// Whether all hooks are there that a deployment had, of an environment whose newest is `newest`. Of one from before their
/// number was kept it is known while versions of it cannot have been deleted.
fn is_complete(row: &DeploymentRow, hooks: usize, newest: i32) -> bool {
    match row.hook_count {
        Some(count) => usize::try_from(count) == Ok(hooks),
        None => usize::try_from(newest - row.number).is_ok_and(|back| back < RECENT_DEPLOYMENTS),
    }
}

/// A deployment with its hooks.
fn detail(row: DeploymentRow, hooks: &[store::DeployedHook], newest: i32) -> Result<DeploymentDetail> {
    let shown = |hook: &store::DeployedHook| {
        Ok(DeployedHook {
            name: hook.version.name.clone(),
            number: hook.version.number,
            digest: hook.version.digest.clone(),
            state: stored::word(&hook.state)?,
            failure_policy: plan::policy(hook.failure_policy.as_deref())?,
        })
    };
    Ok(DeploymentDetail {
        complete: is_complete(&row, hooks.len(), newest),
        hooks: hooks.iter().map(shown).collect::<Result<_>>()?,
        deployment: deployment(row),
    })
}

pub(super) fn deployment(row: DeploymentRow) -> Deployment {
    Deployment {
        id: row.id,
        number: row.number,
        created_at: clock::iso(row.created_ms).into(),
        created_by: row.created_by,
        message: row.message,
        forced_reason: row.forced_reason,
    }
}
