//! `POST /admin/api/v1/session/confirm`

use std::sync::Arc;

use aerocall_api_types::{FreshProof, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{
    FRESH_MS,
    check::{self, Right, Shown},
    sign_in_totp,
};
use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        input::{Email, Fields, Plaintext},
    },
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{AccountSession, Caller, Endpoint, Field, FieldKind, Flow, Method},
    },
};

/// Proves once more who uses a session.
pub(crate) struct ConfirmAdminSession;

/// What proves it.
#[derive(Debug)]
pub(crate) enum Input {
    Password(Arc<Plaintext>),
    Factor(Shown),
}

impl Flow for ConfirmAdminSession {
    type Who = AccountSession;
    type Input = Input;
    type Output = FreshProof;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/session/confirm", "Confirm who uses the session")
        .about("For ten minutes the session can do what needs a fresh proof: delete projects and environments, create keys and tokens, change members, accounts, the password and the second factor. One of the fields is required. Wrong ones are counted like those of a sign-in.")
        .fields(&[
            Field::optional("password", FieldKind::Password, "The account's password."),
            sign_in_totp::FIELDS[0],
            sign_in_totp::FIELDS[1],
        ])
        .example(r#"{"password":"correct horse battery"}"#)
        .answers(200, "Until when.", r#"{"freshUntil": "2026-01-31T12:10:00.000Z"}"#)
        .errors(&[errors::INVALID_CREDENTIALS, errors::INVALID_CODE]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        if !fields.has("password") {
            return Shown::read(fields).map(Input::Factor);
        }
        for other in ["code", "recoveryCode"] {
            if fields.has(other) {
                fields.problem(other, "cannot be sent together with password");
                fields.optional(other, Ok::<serde_json::Value, String>);
            }
        }
        let password = fields.required("password", Plaintext::given)?;
        Some(Input::Password(Arc::new(password)))
    }

    async fn run(app: &App, caller: &Caller<AccountSession>, input: Input) -> Result<FreshProof> {
        let person = caller.who.person()?;
        let (account, session_id) = (&person.account, person.session()?.id.clone());
        let right: Option<Right> = match input {
            Input::Password(password) => {
                let email = Email::stored(&account.email);
                check::verified(app, &caller.request, &email, password).await?;
                None
            }
            Input::Factor(shown) => Some(check::second_factor(app, &caller.request, account, &shown).await?),
        };
        let account_id = account.id.clone();
        let confirmed = caller.change(app, move |tx, now_ms| {
            if let Some(right) = &right
                && !right.take(tx, &account_id)?
            {
                return Ok(Audited::Unchanged(Err(check::wrong_code())));
            }
            let until_ms = now_ms + FRESH_MS;
            if !tx.refresh_admin_session(&session_id, until_ms)? {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            }
            let method = right.as_ref().map_or("password", Right::method);
            let entry = AuditEntry::new(Action::AdminSessionConfirmed, session_id).with(json!({ "method": method }));
            Ok(Audited::Changed(Ok(until_ms), entry))
        });
        Ok(FreshProof {
            fresh_until: clock::iso(confirmed.await??).into(),
        })
    }
}
