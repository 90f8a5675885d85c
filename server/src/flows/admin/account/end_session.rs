//! `DELETE /admin/api/v1/account/sessions/{session}`

use aerocall_api_types::{Deleted, Permission};

use crate::{
    app::App,
    base::error::Result,
    domain::audit::Action,
    flows::steps::endpoint::{AccountSession, Caller, Endpoint, Flow, Method},
};

/// Ends a session of an account.
pub(crate) struct EndAdminSession;

impl Flow for EndAdminSession {
    type Who = AccountSession;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        "/admin/api/v1/account/sessions/{session}",
        "End one of your sessions",
    )
    .about("At once, on all nodes.")
    .answers(200, "The id of the session.", r#"{"deleted": "ads_…"}"#);

    async fn run(app: &App, caller: &Caller<AccountSession>, (): ()) -> Result<Deleted> {
        let account_id = caller.who.person()?.account.id.clone();
        let id = caller.part("session")?.to_owned();
        caller
            .delete(app, id, Action::AdminSessionEnded, move |tx, (), id| {
                tx.end_admin_session(&account_id, id)
            })
            .await
    }
}
