//! Re-authentication: a change that could take the account over or away asks for the password or a recent login, so that a
//! stolen access token is not enough.

use std::sync::Arc;

use super::{endpoint::Caller, lockout, one_time_mail, session::SignedIn};
use crate::{
    app::App,
    base::{
        error::{Problem, Refusal, Result},
        input::Plaintext,
    },
    security::password::Match,
};

/// The account's password; or a recent login, of an account that has none.
///
/// # Errors
/// `field` is missing, the password is wrong, or the login was too long ago.
pub(crate) async fn require(
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
pub(crate) async fn check_password(app: &App, caller: &Caller<SignedIn>, password: Arc<Plaintext>) -> Result<()> {
    let user = &caller.who.user;
    let email = one_time_mail::address_of(user)?;
    let look = async {
        let matched = app.passwords.verify(password, user.password_hash.as_deref()).await?;
        Ok((matched == Match::Yes).then_some(()))
    };
    let (guess, id) = (
        app.limits.guess(caller.claim(email.normal()), look).await?,
        user.id.clone(),
    );
    let right = lockout::checked(app, &caller.scope, &caller.request, guess, move |_| Ok(id)).await?;
    Ok(right.ok_or_else(Refusal::invalid_credentials)?)
}
