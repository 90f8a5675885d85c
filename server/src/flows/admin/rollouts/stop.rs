//! `POST …/hooks/{hook}/rollout/stop`

use aerocall_api_types::{Permission, Rollout};
use serde_json::json;

use super::{apply, example, find, rollout};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::hooks::hook_name,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
        },
    },
    hooks::{Stored, rollouts::end_overdue},
    storage::store::RolloutEnd,
};

/// Stops a rollout.
pub(crate) struct StopRollout;

impl Flow for StopRollout {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Rollout;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/hooks/{hook}/rollout/stop"),
        "Stop the rollout of a hook",
    )
    .about("Requests that start after the response are decided by the live version alone; other nodes follow within a second. Calls of a shadow that wait are not run any more. A rollout that has ended stays as it is.")
    .answers(200, "The rollout.", example!());

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Rollout> {
        let hook = hook_name(caller.part("hook")?)?;
        let row = find(app, &caller.scope, &hook).await?;
        let (scope, by) = (caller.scope.clone(), caller.actor().actor);
        let stopped = caller.change(app, move |tx, now_ms| {
            let end = RolloutEnd {
                state: "stopped",
                reason: format!("stopped by {by}"),
                by,
                now_ms,
            };
            end_overdue(tx, &scope, now_ms)?;
            if !tx.end_rollout(&scope, &row.id, &end)? {
                return Ok(Audited::Unchanged((tx.rollout(&scope, &hook)?, None)));
            }
            tx.changed(&scope)?;
            let about = json!({ "hook": row.hook, "kind": row.kind, "version": row.version_number });
            let entry = AuditEntry::new(Action::RolloutStopped, row.id).with(about);
            let row = tx.rollout(&scope, &hook)?;
            Ok(Audited::Changed((row, Stored::newest(tx, &scope)?), entry))
        });
        let (row, stored) = stopped.await?;
        apply(app, &caller.scope, stored).await?;
        rollout(app, row.ok_or_else(Refusal::not_found)?)
    }
}
