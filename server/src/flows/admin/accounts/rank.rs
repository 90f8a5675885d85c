//! `PATCH /admin/api/v1/accounts/{account}`

use aerocall_api_types::{AdminAccount, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{LOCK, create::rank, last_administrator};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Fields, Toggle},
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::account::{self, ACCOUNT},
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, Proof, ServerAdmin},
        },
    },
    storage::store::Rank,
};

/// Makes an account an administrator of the server, or no longer one.
pub(crate) struct RankAdminAccount;

impl Flow for RankAdminAccount {
    type Who = ServerAdmin;
    type Input = Rank;
    type Output = AdminAccount;

    const NEEDS: Option<Permission> = Some(Permission::ServerManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Patch, "/admin/api/v1/accounts/{account}", "Change an account of an admin")
        .about("Holds from the next request of the account on, on all nodes. The last administrator stays one. Requires an admin of the server.")
        .fields(&[Field::required(
            "isAdministrator",
            FieldKind::Flag,
            "Whether the account may do everything on the server.",
        )])
        .example(r#"{"isAdministrator":true}"#)
        .answers(200, "The account.", ACCOUNT)
        .errors(&[errors::LAST_ADMINISTRATOR]);

    fn read(fields: &mut Fields, (): &()) -> Option<Rank> {
        fields.required("isAdministrator", Toggle::parse).map(rank)
    }

    async fn run(app: &App, caller: &Caller<ServerAdmin>, rank: Rank) -> Result<AdminAccount> {
        let id = caller.part("account")?.to_owned();
        let ranked = caller.change(app, move |tx, _| {
            tx.advisory_lock(LOCK)?;
            let Some(account) = tx.admin_account(&id)? else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            let (before, after) = (account.is_administrator(), rank == Rank::Administrator);
            if before == after {
                return Ok(Audited::Unchanged(Ok(account)));
            }
            if before && tx.administrators()? == 1 {
                return Ok(Audited::Unchanged(Err(last_administrator())));
            }
            tx.rank_admin_account(&id, rank)?;
            let entry = AuditEntry::new(Action::AdminAccountUpdated, &id);
            let entry = entry.with(json!({
                "email": account.email,
                "before": { "isAdministrator": before },
                "after": { "isAdministrator": after },
            }));
            let ranked = tx.admin_account(&id)?.ok_or_else(Refusal::not_found);
            Ok(Audited::Changed(ranked, entry))
        });
        Ok(account::document(&ranked.await??))
    }
}
