//! The line of the audit log about an account that too many have guessed at. Knows nothing of who waits how long.

use crate::{
    app::App,
    base::{error::Result, ids::Scope, request::RequestMeta},
    domain::audit::{self, Action, Actor, AuditEntry},
    security::limits::Guess,
    storage::store::{StoreError, Tx},
};

/// What was right, if it was; the last wrong guess before somebody waits is a line. `account` names what was guessed at, in the
/// line's transaction; it does the same work whether or not there is such an account, or the time of the answer tells.
pub(crate) async fn checked<T>(
    app: &App,
    scope: &Scope,
    request: &RequestMeta,
    guess: Guess<T>,
    account: impl FnOnce(&mut Tx<'_>) -> std::result::Result<String, StoreError> + Send + 'static,
) -> Result<Option<T>> {
    match guess {
        Guess::Right(right) => Ok(Some(right)),
        Guess::Wrong => Ok(None),
        Guess::LockedOut => {
            let (scope, by) = (scope.clone(), Actor::request("anonymous".to_owned(), request));
            let now_ms = app.clock.now_ms();
            let noted = app.store.write(move |tx| {
                let entry = AuditEntry::new(Action::AccountLocked, account(tx)?);
                audit::record(tx, Some(&scope), &by, entry, now_ms)
            });
            noted.await?;
            Ok(None)
        }
    }
}
