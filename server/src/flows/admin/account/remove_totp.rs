//! `DELETE /admin/api/v1/account/totp`

use aerocall_api_types::{Deleted, Permission};

use crate::{
    app::App,
    base::error::Result,
    domain::audit::Action,
    flows::steps::endpoint::{AccountSession, Caller, Endpoint, Flow, Method, Proof},
};

/// Takes the authenticator app of an account away.
pub(crate) struct RemoveAdminTotp;

impl Flow for RemoveAdminTotp {
    type Who = AccountSession;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        "/admin/api/v1/account/totp",
        "Remove your authenticator app",
    )
    .about("Sign-ins ask for the password alone from now on. The recovery codes are deleted, too.")
    .answers(200, "The id of the account.", r#"{"deleted": "acc_…"}"#);

    async fn run(app: &App, caller: &Caller<AccountSession>, (): ()) -> Result<Deleted> {
        let id = caller.who.person()?.account.id.clone();
        caller
            .delete(app, id, Action::AdminTotpRemoved, |tx, (), id| tx.remove_admin_totp(id))
            .await
    }
}
