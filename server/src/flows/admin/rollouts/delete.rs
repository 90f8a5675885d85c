//! `DELETE …/hooks/{hook}/rollout`

use aerocall_api_types::{Deleted, Permission};
use serde_json::json;

use super::{ONE, RUNNING, apply, find};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::hooks::hook_name,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method},
        },
    },
    hooks::Stored,
};

/// Deletes the newest rollout of a hook.
pub(crate) struct DeleteRollout;

impl Flow for DeleteRollout {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, ONE, "Delete the rollout of a hook")
        .about("Deletes the newest rollout with its figures; one that goes on ends. Recorded invocations stay.")
        .answers(200, "The rollout was deleted.", r#"{"deleted": "rol_…"}"#);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let hook = hook_name(caller.part("hook")?)?;
        let found = find(app, &caller.scope, &hook).await?;
        let (scope, id) = (caller.scope.clone(), found.id.clone());
        let deleted = caller.change(app, move |tx, _| {
            let Some(row) = tx.locked_rollout(&scope, &id)? else {
                return Ok(Audited::Unchanged(None));
            };
            tx.delete_rollout(&scope, &id)?;
            if row.state == RUNNING {
                tx.changed(&scope)?;
            }
            let about =
                json!({ "hook": row.hook, "kind": row.kind, "version": row.version_number, "state": row.state });
            let entry = AuditEntry::new(Action::RolloutDeleted, id).with(about);
            Ok(Audited::Changed(Some(Stored::newest(tx, &scope)?), entry))
        });
        let stored = deleted.await?.ok_or_else(Refusal::not_found)?;
        apply(app, &caller.scope, stored).await?;
        Ok(Deleted { deleted: found.id })
    }
}
