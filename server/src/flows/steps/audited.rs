//! Changes by admins: each is recorded in the audit log, in the transaction of the change. The type of what a change answers
//! makes it impossible to forget.

use super::endpoint::{AdminWho, Caller};
use crate::{
    app::App,
    base::error::Result,
    domain::audit::{self, Actor, AuditEntry, Place},
    storage::store::{StoreError, Tx},
};

/// What a change came to.
pub(crate) enum Audited<T> {
    /// Something changed, and the audit log says what.
    Changed(T, AuditEntry),
    /// Everything is as it was.
    Unchanged(T),
}

impl<W: AdminWho> Caller<W> {
    /// Runs a change in one transaction together with its line of the audit log. The closure gets the time of the change.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        app: &App,
        change: impl FnOnce(&mut Tx<'_>, i64) -> std::result::Result<Audited<T>, StoreError> + Send + 'static,
    ) -> Result<T> {
        self::change(app, W::audit_place(&self.scope), self.actor(), change).await
    }

    /// Who it is to the audit log.
    pub(crate) fn actor(&self) -> Actor {
        Actor::request(self.who.name(), &self.request)
    }
}

/// A change by somebody who sends no request, or about something else than the request: as [`Caller::change`].
pub(crate) async fn change<T: Send + 'static>(
    app: &App,
    place: Place,
    actor: Actor,
    change: impl FnOnce(&mut Tx<'_>, i64) -> std::result::Result<Audited<T>, StoreError> + Send + 'static,
) -> Result<T> {
    let now_ms = app.clock.now_ms();
    let changed = app.store.write(move |tx| match change(tx, now_ms)? {
        Audited::Changed(value, entry) => {
            audit::record_at(tx, &place, &actor, entry, now_ms)?;
            Ok(value)
        }
        Audited::Unchanged(value) => Ok(value),
    });
    Ok(changed.await?)
}
