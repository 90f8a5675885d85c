//! `POST /admin/api/v1/accounts/{account}/password-reset`

use aerocall_api_types::{NewPasswordReset, Permission};
use serde_json::json;

use super::{Drawn, LIFE_MS};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{AdminWho as _, Caller, Endpoint, Flow, Method, Proof, ServerAdmin},
    },
};

/// Creates a link with which the holder of an account chooses a new password.
pub(crate) struct CreatePasswordReset;

impl Flow for CreatePasswordReset {
    type Who = ServerAdmin;
    type Input = ();
    type Output = NewPasswordReset;

    const NEEDS: Option<Permission> = Some(Permission::ServerManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/accounts/{account}/password-reset", "Create a password reset link for an account")
        .about("For somebody who has forgotten their password: hand the link over yourself. It is good for 24 hours and once, and ends an earlier one of the account. Nothing changes until it is used: then the sessions of the account end; its authenticator app and its personal tokens stay. Requires an admin of the server.")
        .answers(
            201,
            "The link, returned only here.",
            r#"{"email": "ada@example.com", "link": "https://auth.example.com/admin/reset#rst_…", "token": "rst_…", "expiresAt": "2026-02-01T12:00:00.000Z"}"#,
        );

    async fn run(app: &App, caller: &Caller<ServerAdmin>, (): ()) -> Result<NewPasswordReset> {
        let id = caller.part("account")?.to_owned();
        let created_by = caller.who.actor(&caller.request).actor;
        let drawn = Drawn::new(created_by, app.clock.now_ms() + LIFE_MS)?;
        let public_url = app.config.public_url.clone();
        let created = caller.change(app, move |tx, _| {
            let Some(account) = tx.admin_account(&id)? else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            let entry = AuditEntry::new(Action::AdminPasswordResetCreated, &id);
            let made = drawn.keep(tx, &account, &public_url)?;
            let entry = entry.with(json!({ "email": made.email, "expiresAt": made.expires_at }));
            Ok(Audited::Changed(Ok(made), entry))
        });
        Ok(created.await??)
    }
}
