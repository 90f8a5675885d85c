//! `POST /admin/api/v1/password-reset/confirm`

use std::sync::Arc;

use aerocall_api_types::Done;
use aerocall_contract::errors;
use serde_json::json;

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Refusal, Result},
        input::{Fields, Plaintext, short_text},
    },
    domain::audit::{self, Action, Actor, AuditEntry, Place},
    flows::{
        admin::account,
        steps::{
            account_mail::MAX_TOKEN_CHARS,
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, Stranger},
            examples,
        },
    },
    security::person,
    storage::store::StoreError,
};

/// Chooses a new password with a link.
pub(crate) struct ConfirmPasswordReset;

/// What the client sends.
pub(crate) struct Input {
    token: String,
    password: Arc<Plaintext>,
}

impl Flow for ConfirmPasswordReset {
    type Who = Stranger;
    type Input = Input;
    type Output = Done;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/password-reset/confirm", "Choose a new password with a link")
        .about("The sessions of the account end. Its authenticator app stays, and so do its personal tokens: revoke those that may be in wrong hands. A password has 12 to 1,000 characters and is none of the common ones. Sign in afterwards. Each address can try ten times per minute.")
        .fields(&[
            Field::required("token", FieldKind::Token, "The token from the link."),
            Field::required("password", FieldKind::Password, "The new password."),
        ])
        .example(r#"{"token":"rst_…","password":"another horse battery"}"#)
        .answers(200, "The password was changed.", examples::DONE)
        .errors(&[errors::INVALID_CODE, errors::RATE_LIMITED]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let token = fields.required("token", short_text(MAX_TOKEN_CHARS));
        let password = fields.required("password", account::chosen);
        let (token, password) = token.zip(password)?;
        Some(Input {
            token,
            password: Arc::new(password),
        })
    }

    async fn run(app: &App, caller: &Caller<Stranger>, input: Input) -> Result<Done> {
        let (hash, now_ms) = (secret::fingerprint(&input.token), app.clock.now_ms());
        let wanted = hash.clone();
        let reset = app.store.read(move |tx| tx.password_reset_by(&wanted, now_ms)).await?;
        let reset = reset.ok_or_else(no_good)?;
        let password = app.passwords.hash(input.password).await?;
        let request = caller.request.clone();
        let changed = app.store.write(move |tx| {
            // In one statement, so that of any number who show the link one is taken.
            if !tx.take_password_reset(&hash)? {
                return Err(StoreError::CodeSpent);
            }
            let account = tx.admin_account(&reset.account_id)?.ok_or(StoreError::CodeSpent)?;
            if !tx.set_admin_password(&account.id, &account.password_hash, &password)? {
                return Err(StoreError::CredentialsChanged);
            }
            let ended = tx.end_admin_sessions(&account.id)?;
            let by = Actor::request(person::actor(&account.id), &request).account(&account.email, "password_reset");
            let entry = AuditEntry::new(Action::AdminPasswordReset, &account.id);
            let entry = entry.with(json!({ "endedSessions": ended, "linkCreatedBy": reset.created_by }));
            audit::record_at(tx, &Place::Server, &by, entry, now_ms)
        });
        changed.await?;
        Ok(Done::ANSWER)
    }
}

/// One answer for every way in which a link can be no good.
fn no_good() -> Refusal {
    Refusal::new(
        errors::INVALID_CODE,
        "The link is wrong, was already used, or has expired: ask for a new one",
    )
}
