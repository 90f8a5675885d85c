//! `GET /admin/api/v1/accounts`

use aerocall_api_types::{AdminAccountList, Permission};

use crate::{
    app::App,
    base::error::Result,
    flows::{
        admin::account::document,
        steps::endpoint::{Caller, Endpoint, Flow, ServerAdmin},
    },
};

/// Lists the accounts of admins.
pub(crate) struct ListAdminAccounts;

impl Flow for ListAdminAccounts {
    type Who = ServerAdmin;
    type Input = ();
    type Output = AdminAccountList;

    const NEEDS: Option<Permission> = Some(Permission::ServerManage);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/accounts", "List accounts of admins")
        .about("All accounts of people who use the admin API: administrators, members of projects, and those without a role. Requires an admin of the server.")
        .answers(
            200,
            "The accounts.",
            r#"{"accounts": [{"id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "isAdministrator": true, "hasTotp": true, "createdAt": "2026-01-31T12:00:00.000Z"}]}"#,
        );

    async fn run(app: &App, _: &Caller<ServerAdmin>, (): ()) -> Result<AdminAccountList> {
        let rows = app.store.read(|tx| tx.admin_accounts()).await?;
        Ok(AdminAccountList {
            accounts: rows.iter().map(document).collect(),
        })
    }
}
