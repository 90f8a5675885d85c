//! What somebody shows as their second factor: judged before the flow's transaction, used up in it. Guesses are counted by
//! account, whatever they are made for, so that new challenges bring no new guesses. An address from which the account has
//! had a session has guesses of its own: who knows the password alone does not keep the owner out.

use serde_json::Value;

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::Scope,
        input::Fields,
    },
    domain::project::AuthSettings,
    flows::{
        auth::otp,
        steps::{
            endpoint::{Caller, Who},
            one_time::{self, TokenPurpose},
            one_time_mail, recovery_codes as recovery, totp,
        },
    },
    security::limits,
    storage::store::{NewOneTimeToken, StoreError, Tx, UserRow},
};

/// What is shown.
#[derive(Clone, Debug)]
pub(crate) enum Shown {
    Code(String),
    Recovery(String),
}

/// What was shown and is right, to be used up.
#[derive(Clone, Debug)]
pub(super) enum Right {
    Totp { factor_id: String, step: i64 },
    Recovery { hash: String },
}

impl Shown {
    /// `code` or `recovery_code`: one of them.
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        match (fields.has("code"), fields.has("recovery_code")) {
            (true, false) => fields.required("code", otp::code).map(Self::Code),
            (false, true) => fields.required("recovery_code", recovery::read).map(Self::Recovery),
            (true, true) => {
                fields.problem("recovery_code", "cannot be sent together with code");
                fields.optional("code", otp::code);
                fields.optional("recovery_code", recovery::read);
                None
            }
            (false, false) => {
                fields.problem("code", "is missing: code or recovery_code is required");
                None
            }
        }
    }

    pub(super) fn method(&self) -> &'static str {
        match self {
            Self::Code(_) => "totp",
            Self::Recovery(_) => "recovery_code",
        }
    }
}

/// What is right of what was shown.
///
/// # Errors
/// `invalid_code`; `rate_limited` once the account's guesses are used up, whether or not this one is right.
pub(super) async fn check<W>(app: &App, caller: &Caller<W>, user: &UserRow, shown: &Shown) -> Result<Right>
where
    W: Who<Scope = Scope, Settings = AuthSettings>,
{
    let (scope, user_id) = (&caller.scope, user.id.as_str());
    let email = one_time_mail::address_of(user)?;
    let guesses = match app.limits.recognizes(caller.claim(email.normal())).await {
        true => format!("{user_id} {}", limits::client(&caller.request.ip)),
        false => user_id.to_owned(),
    };
    spend_guess(app, caller, user_id, &guesses).await?;
    let right = match shown {
        Shown::Code(code) => step(app, scope, user_id, code).await?,
        Shown::Recovery(code) => known(app, user_id, code).await?,
    };
    Ok(right.ok_or_else(Refusal::invalid_code)?)
}

impl Right {
    /// Uses it up: none works twice, not even at the same time. The guesses of the account begin anew.
    pub(super) fn take(&self, tx: &mut Tx<'_>, scope: &Scope, user_id: &str) -> std::result::Result<(), StoreError> {
        let taken = match self {
            Self::Totp { factor_id, step } => tx.use_factor_step(scope, user_id, factor_id, *step)?,
            Self::Recovery { hash } => tx.take_recovery_code(user_id, hash)?,
        };
        match taken {
            true => tx
                .drop_one_time_tokens(scope, TokenPurpose::MfaGuesses.as_str(), user_id)
                .map(drop),
            false => Err(StoreError::CodeSpent),
        }
    }
}

async fn step(app: &App, scope: &Scope, user_id: &str, code: &str) -> Result<Option<Right>> {
    let (owned, id) = (scope.clone(), user_id.to_owned());
    let factors = app.store.read(move |tx| tx.factors(&owned, &id)).await?;
    for factor in factors.iter().filter(|factor| factor.is_verified()) {
        let name = totp::factor_name(scope, user_id, &factor.id);
        if let Some(step) = totp::step(app, &factor.sealed_secret, &name, code)?
            && step > factor.last_step
        {
            return Ok(Some(Right::Totp {
                factor_id: factor.id.clone(),
                step,
            }));
        }
    }
    Ok(None)
}

async fn known(app: &App, user_id: &str, code: &str) -> Result<Option<Right>> {
    let hash = recovery::hash(app, user_id, code);
    let (id, wanted) = (user_id.to_owned(), hash.clone());
    let known = app.store.read(move |tx| tx.has_recovery_code(&id, &wanted)).await?;
    Ok(known.then_some(Right::Recovery { hash }))
}

/// Committed before the code is looked at. `guesses`: whose, the account's or those of the account at an address.
async fn spend_guess<W>(app: &App, caller: &Caller<W>, user_id: &str, guesses: &str) -> Result<()>
where
    W: Who<Scope = Scope, Settings = AuthSettings>,
{
    let (scope, settings) = (&caller.scope, &caller.settings);
    let purpose = TokenPurpose::MfaGuesses;
    let now_ms = app.clock.now_ms();
    let lookup = one_time::lookup(app, scope, purpose, guesses);
    let fresh = NewOneTimeToken {
        purpose: purpose.as_str(),
        lookup: lookup.clone(),
        // Nobody can show this: the row counts and is never taken.
        proof: String::new(),
        user_id: Some(user_id.to_owned()),
        data: Value::Null.to_string(),
        attempts: i32::try_from(settings.limits.failures_per_account).unwrap_or(i32::MAX),
        created_ms: now_ms,
        expires_ms: now_ms + purpose.life_s() * 1_000,
    };
    let owned = scope.clone();
    let spent = app.store.write(move |tx| {
        tx.advisory_lock(&lookup)?;
        if tx.one_time_token(&owned, purpose.as_str(), &lookup, now_ms)?.is_none() {
            tx.put_one_time_token(&owned, &fresh)?;
        }
        tx.try_one_time_token(&owned, purpose.as_str(), &lookup, now_ms)
    });
    match spent.await? {
        true => Ok(()),
        false => Err(Refusal::rate_limited(u32::try_from(purpose.life_s()).unwrap_or(1)).into()),
    }
}
