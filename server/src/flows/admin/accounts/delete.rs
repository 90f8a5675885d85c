//! `DELETE /admin/api/v1/accounts/{account}`

use aerocall_api_types::{Deleted, Permission, Role};
use aerocall_contract::errors;
use serde_json::json;

use super::{LOCK, last_administrator};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::members::is_last_owner,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Flow, Method, Proof, ServerAdmin},
        },
    },
};

/// Deletes an account of an admin.
pub(crate) struct DeleteAdminAccount;

impl Flow for DeleteAdminAccount {
    type Who = ServerAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::ServerManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, "/admin/api/v1/accounts/{account}", "Delete an account of an admin")
        .about("Its sessions and personal tokens end at once, on all nodes, and it is no longer a member of any project. Keys and tokens of projects that it created stay. The last administrator and the last owner of a project cannot be deleted. Requires an admin of the server.")
        .answers(200, "The id of the account.", r#"{"deleted": "acc_…"}"#)
        .errors(&[errors::LAST_ADMINISTRATOR, errors::LAST_OWNER]);

    async fn run(app: &App, caller: &Caller<ServerAdmin>, (): ()) -> Result<Deleted> {
        let id = caller.part("account")?.to_owned();
        let deleted = caller.change(app, move |tx, _| {
            tx.advisory_lock(LOCK)?;
            let Some(account) = tx.admin_account(&id)? else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            if account.is_administrator() && tx.administrators()? == 1 {
                return Ok(Audited::Unchanged(Err(last_administrator())));
            }
            let roles = tx.admin_roles(&id)?;
            for (project, _) in roles.iter().filter(|(_, role)| *role == Role::Owner) {
                if let Some(refusal) = is_last_owner(tx, project, &id)? {
                    return Ok(Audited::Unchanged(Err(refusal)));
                }
            }
            tx.delete_admin_account(&id)?;
            let roles: Vec<_> = roles
                .iter()
                .map(|(project, role)| json!({ "project": project, "role": role }))
                .collect();
            let entry = AuditEntry::new(Action::AdminAccountDeleted, &id);
            let before =
                json!({ "email": account.email, "isAdministrator": account.is_administrator(), "roles": roles });
            Ok(Audited::Changed(Ok(id), entry.with(json!({ "before": before }))))
        });
        Ok(Deleted {
            deleted: deleted.await??,
        })
    }
}
