//! The entry of the audit log about an account that was locked after too many failed attempts. How long it is locked is not
//! decided here.

use crate::{
    app::App,
    base::{error::Result, ids::Scope, request::RequestMeta},
    domain::audit::{self, Action, Actor, AuditEntry, Place},
    security::limits::Guess,
    storage::store::{StoreError, Tx},
};

/// The result of a guess; the wrong guess that locks the account is recorded. `account` names what was guessed at, in the
/// line's transaction; it does the same work whether or not there is such an account, or the time of the answer would reveal it.
pub(crate) async fn checked<T>(
    app: &App,
    scope: &Scope,
    request: &RequestMeta,
    guess: Guess<T>,
    account: impl FnOnce(&mut Tx<'_>) -> std::result::Result<String, StoreError> + Send + 'static,
) -> Result<Option<T>> {
    checked_at(app, Place::Environment(scope.clone()), request, guess, account).await
}

/// The same where the account is not one of a project.
pub(crate) async fn checked_at<T>(
    app: &App,
    place: Place,
    request: &RequestMeta,
    guess: Guess<T>,
    account: impl FnOnce(&mut Tx<'_>) -> std::result::Result<String, StoreError> + Send + 'static,
) -> Result<Option<T>> {
    match guess {
        Guess::Right(right) => Ok(Some(right)),
        Guess::Wrong => Ok(None),
        Guess::LockedOut => {
            let by = Actor::request("anonymous".to_owned(), request);
            let now_ms = app.clock.now_ms();
            let noted = app.store.write(move |tx| {
                let entry = AuditEntry::new(Action::AccountLocked, account(tx)?);
                audit::record_at(tx, &place, &by, entry, now_ms)
            });
            noted.await?;
            Ok(None)
        }
    }
}
