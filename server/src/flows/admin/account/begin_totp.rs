//! `POST /admin/api/v1/account/totp`

use aerocall_api_types::{Permission, TotpEnrollment};

use super::totp_name;
use crate::{
    app::App,
    base::error::Result,
    flows::steps::{
        endpoint::{AccountSession, Caller, Endpoint, Flow, Method, Proof},
        totp,
    },
};

/// What the app shows beside the account.
const ISSUER: &str = "Aerocall admin";

/// Begins with an authenticator app.
pub(crate) struct BeginAdminTotp;

impl Flow for BeginAdminTotp {
    type Who = AccountSession;
    type Input = ();
    type Output = TotpEnrollment;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/account/totp", "Enroll an authenticator app")
        .about("Creates a secret (TOTP, RFC 6238). Nothing changes until it is confirmed with a code; then it takes the place of the app that there was.")
        .answers(
            201,
            "The secret for the app, returned only here.",
            r#"{"secret": "JBSWY3DPEHPK3PXP…", "otpauthUrl": "otpauth://totp/…"}"#,
        );

    async fn run(app: &App, caller: &Caller<AccountSession>, (): ()) -> Result<TotpEnrollment> {
        let account = &caller.who.person()?.account;
        let enrolled = totp::enroll(app, &totp_name(&account.id), ISSUER, &account.email)?;
        let (id, sealed) = (account.id.clone(), enrolled.sealed);
        app.store.write(move |tx| tx.begin_admin_totp(&id, &sealed)).await?;
        Ok(TotpEnrollment {
            secret: enrolled.secret,
            otpauth_url: enrolled.url,
        })
    }
}
