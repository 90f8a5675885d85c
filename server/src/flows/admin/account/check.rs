//! Passwords and codes of accounts: judged before a transaction, codes used up in it. Wrong ones are counted and lock out as
//! those of users do; an account that is not there is answered like one whose password is wrong, after the same work.

use std::sync::Arc;

use aerocall_contract::errors;

use super::totp_name;
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::Scope,
        input::{Email, Fields, Plaintext},
        request::RequestMeta,
    },
    domain::{audit::Place, project::RateRules},
    flows::{
        auth::otp,
        steps::{lockout, recovery_codes, totp},
    },
    security::{limits::Claim, password::Match},
    storage::store::{AdminAccountRow, StoreError, Tx},
};

/// The account, if the password is its own.
///
/// # Errors
/// `invalid_credentials`, whether the password is wrong, whoever guesses has to wait, or there is no such account.
pub(in crate::flows::admin) async fn verified(
    app: &App,
    request: &RequestMeta,
    email: &Email,
    password: Arc<Plaintext>,
) -> Result<AdminAccountRow> {
    let wanted = email.clone();
    let look = async {
        let account = app.store.read(move |tx| tx.admin_account_by_email(&wanted)).await?;
        let stored = account.as_ref().map(|account| account.password_hash.as_str());
        let matched = app.passwords.verify(password, stored).await?;
        Ok(account.filter(|_| matched == Match::Yes))
    };
    let guess = app
        .limits
        .guess(claim(&Scope::server(), email.normal(), request), look)
        .await?;
    let typed = email.clone();
    let who = move |tx: &mut Tx<'_>| {
        let account = tx.admin_account_by_email(&typed)?;
        Ok(account.map_or_else(|| typed.normal().to_owned(), |account| account.id))
    };
    let right = lockout::checked_at(app, Place::Server, request, guess, who).await?;
    Ok(right.ok_or_else(Refusal::invalid_credentials)?)
}

fn claim<'c>(scope: &'c Scope, account: &'c str, request: &'c RequestMeta) -> Claim<'c> {
    Claim {
        scope,
        rules: &RateRules::DEFAULT,
        account,
        ip: &request.ip,
    }
}

/// What is shown as a second factor.
#[derive(Debug)]
pub(crate) enum Shown {
    Code(String),
    Recovery(String),
}

/// What was shown and is right, to be used up.
#[derive(Debug)]
pub(super) enum Right {
    Totp { step: i64 },
    Recovery { hash: String },
}

impl Shown {
    /// `code` or `recoveryCode`: one of them.
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        match (fields.has("code"), fields.has("recoveryCode")) {
            (true, false) => fields.required("code", otp::code).map(Self::Code),
            (false, true) => fields
                .required("recoveryCode", recovery_codes::read)
                .map(Self::Recovery),
            (true, true) => {
                fields.problem("recoveryCode", "cannot be sent together with code");
                fields.optional("code", otp::code);
                fields.optional("recoveryCode", recovery_codes::read);
                None
            }
            (false, false) => {
                fields.problem("code", "is missing: code or recoveryCode is required");
                None
            }
        }
    }
}

/// What is right of what was shown.
///
/// # Errors
/// `invalid_code`, whether it is wrong or whoever guesses has to wait.
pub(super) async fn second_factor(
    app: &App,
    request: &RequestMeta,
    account: &AdminAccountRow,
    shown: &Shown,
) -> Result<Right> {
    let look = async {
        Ok(match shown {
            Shown::Code(code) => step(app, account, code)?.map(|step| Right::Totp { step }),
            Shown::Recovery(code) => known(app, &account.id, code).await?,
        })
    };
    // Apart from those of the password, whose owner starts anew when it was right.
    let counted = format!("code {}", account.id);
    let guess = app
        .limits
        .guess(claim(&Scope::server(), &counted, request), look)
        .await?;
    let id = account.id.clone();
    let right = lockout::checked_at(app, Place::Server, request, guess, move |_| Ok(id)).await?;
    Ok(right.ok_or_else(wrong_code)?)
}

/// One answer for every way in which a code can be no good.
pub(super) fn wrong_code() -> Refusal {
    Refusal::new(
        errors::INVALID_CODE,
        "The code is wrong, was already used, or has expired",
    )
}

fn step(app: &App, account: &AdminAccountRow, code: &str) -> Result<Option<i64>> {
    let Some(sealed) = &account.totp_sealed else {
        return Ok(None);
    };
    let step = totp::step(app, sealed, &totp_name(&account.id), code)?;
    Ok(step.filter(|step| *step > account.totp_last_step))
}

async fn known(app: &App, account_id: &str, code: &str) -> Result<Option<Right>> {
    let hash = recovery_codes::hash(app, account_id, code);
    let (id, wanted) = (account_id.to_owned(), hash.clone());
    let known = app
        .store
        .read(move |tx| tx.has_admin_recovery_code(&id, &wanted))
        .await?;
    Ok(known.then_some(Right::Recovery { hash }))
}

impl Right {
    /// Uses it up: none works twice, not even at the same time.
    pub(super) fn take(&self, tx: &mut Tx<'_>, account_id: &str) -> std::result::Result<bool, StoreError> {
        match self {
            Self::Totp { step } => tx.use_admin_totp_step(account_id, *step),
            Self::Recovery { hash } => tx.take_admin_recovery_code(account_id, hash),
        }
    }

    pub(super) fn method(&self) -> &'static str {
        match self {
            Self::Totp { .. } => "totp",
            Self::Recovery { .. } => "recovery_code",
        }
    }
}
