//! `POST /admin/api/v1/account/totp/confirm`

use aerocall_api_types::{AdminRecoveryCodes, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{check, totp_name};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    domain::audit::{Action, AuditEntry},
    flows::{
        auth::otp,
        steps::{
            audited::Audited,
            endpoint::{AccountSession, Caller, Endpoint, Field, FieldKind, Flow, Method, Proof},
            recovery_codes::RecoveryCodeSet,
            totp,
        },
    },
};

/// Finishes with an authenticator app.
pub(crate) struct ConfirmAdminTotp;

impl Flow for ConfirmAdminTotp {
    type Who = AccountSession;
    /// The code.
    type Input = String;
    type Output = AdminRecoveryCodes;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/account/totp/confirm", "Confirm an authenticator app")
        .about("From now on every sign-in asks for a code. The other sessions of your account end, and earlier recovery codes stop working.")
        .fields(&[Field::required(
            "code",
            FieldKind::Code,
            "The current six-digit code from the app.",
        )])
        .example(r#"{"code":"123456"}"#)
        .answers(
            200,
            "Ten recovery codes, returned only here.",
            r#"{"recoveryCodes": ["x3k9-0abc-7def"]}"#,
        )
        .errors(&[errors::INVALID_CODE]);

    fn read(fields: &mut Fields, (): &()) -> Option<String> {
        fields.required("code", otp::code)
    }

    async fn run(app: &App, caller: &Caller<AccountSession>, code: String) -> Result<AdminRecoveryCodes> {
        let person = caller.who.person()?;
        let account = &person.account;
        let sealed = account.totp_pending.clone().ok_or_else(check::wrong_code)?;
        let step = totp::step(app, &sealed, &totp_name(&account.id), &code)?.ok_or_else(check::wrong_code)?;
        let set = RecoveryCodeSet::new(app, &account.id)?;
        let (id, kept, hashes) = (account.id.clone(), person.via().to_owned(), set.hashes);
        let before = account.totp_sealed.is_some();
        let confirmed = caller.change(app, move |tx, now_ms| {
            if !tx.confirm_admin_totp(&id, &sealed, step)? {
                return Ok(Audited::Unchanged(Err(check::wrong_code())));
            }
            tx.put_admin_recovery_codes(&id, &hashes, now_ms)?;
            let ended = tx.end_other_admin_sessions(&id, &kept)?;
            let entry = AuditEntry::new(Action::AdminTotpEnabled, id);
            let entry = entry.with(json!({ "before": before, "after": true, "endedSessions": ended }));
            Ok(Audited::Changed(Ok(()), entry))
        });
        confirmed.await??;
        Ok(AdminRecoveryCodes {
            recovery_codes: set.codes,
        })
    }
}
