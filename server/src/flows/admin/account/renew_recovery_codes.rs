//! `POST /admin/api/v1/account/recovery-codes`

use aerocall_api_types::{AdminRecoveryCodes, Permission};

use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{AccountSession, Caller, Endpoint, Flow, Method, Proof},
        recovery_codes::RecoveryCodeSet,
    },
};

/// Gives an account new recovery codes.
pub(crate) struct RenewAdminRecoveryCodes;

impl Flow for RenewAdminRecoveryCodes {
    type Who = AccountSession;
    type Input = ();
    type Output = AdminRecoveryCodes;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        "/admin/api/v1/account/recovery-codes",
        "Regenerate your recovery codes",
    )
    .about("The previous ones stop working. `not_found` if the account has no authenticator app.")
    .answers(
        201,
        "Ten recovery codes, returned only here.",
        r#"{"recoveryCodes": ["x3k9-0abc-7def"]}"#,
    );

    async fn run(app: &App, caller: &Caller<AccountSession>, (): ()) -> Result<AdminRecoveryCodes> {
        let id = caller.who.person()?.account.id.clone();
        let set = RecoveryCodeSet::new(app, &id)?;
        let hashes = set.hashes;
        let renewed = caller.change(app, move |tx, now_ms| {
            let account = tx.admin_account(&id)?;
            if account.is_none_or(|account| account.totp_sealed.is_none()) {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            }
            tx.put_admin_recovery_codes(&id, &hashes, now_ms)?;
            Ok(Audited::Changed(
                Ok(()),
                AuditEntry::new(Action::AdminRecoveryCodesRenewed, id),
            ))
        });
        renewed.await??;
        Ok(AdminRecoveryCodes {
            recovery_codes: set.codes,
        })
    }
}
