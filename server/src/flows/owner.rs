//! Whether the one who is signed in is the account's owner: whoever holds an access token for a moment must not be able to
//! take the account over or away.

use std::sync::Arc;

use super::{endpoint::Caller, session::SignedIn};
use crate::{
    app::App,
    error::{Problem, Refusal, Result},
    input::{Email, Plaintext},
    limits::{Attempt, Turn},
    password::Match,
};

/// The account's password; or a recent login, of an account that has none.
///
/// # Errors
/// `field` is missing, the password is wrong, or the login was too long ago.
pub(super) async fn prove(
    app: &App,
    caller: &Caller<SignedIn>,
    field: &str,
    password: Option<Arc<Plaintext>>,
) -> Result<()> {
    if caller.who.user.password_hash.is_none() {
        return caller.who.require_recent(&caller.settings, app.clock.now_ms());
    }
    let missing = || {
        Refusal::invalid_input(vec![Problem {
            field: field.to_owned(),
            problem: "is missing".to_owned(),
        }])
    };
    check_password(app, caller, password.ok_or_else(missing)?).await
}

/// The account's password. Wrong ones count like those of a login: a stolen token is no way around the limit.
pub(super) async fn check_password(app: &App, caller: &Caller<SignedIn>, password: Arc<Plaintext>) -> Result<()> {
    let (scope, ip) = (&caller.scope, caller.request.ip.as_str());
    let user = &caller.who.user;
    let email = Email::parse(user.email.as_str().into());
    let attempt = Attempt {
        scope,
        rules: &caller.settings.limits,
        account: email.as_ref().map_or(user.email.as_str(), Email::normal),
        ip,
    };
    let turn = app.limits.attempt(attempt).await;
    let matched = app.passwords.verify(password, user.password_hash.as_deref()).await;
    match (turn, matched) {
        (Turn::Granted(ticket), Ok(Match::Yes)) => {
            app.limits.succeeded(scope, ticket, ip).await;
            Ok(())
        }
        (Turn::Granted(ticket), Err(error)) => {
            app.limits.undecided(scope, ticket).await;
            Err(error)
        }
        (Turn::Locked, Err(error)) => Err(error),
        (_, Ok(_)) => Err(Refusal::invalid_credentials().into()),
    }
}
