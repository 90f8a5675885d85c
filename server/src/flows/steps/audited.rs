//! Changes by admins: each is recorded in the audit log, in the transaction of the change. The type of what a change answers
//! makes it impossible to forget.

use aerocall_api_types::Deleted;

use super::endpoint::{AdminWho, Caller};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{self, Action, Actor, AuditEntry, Place},
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

    /// Deletes what the path names, with its line of the audit log. `delete`: whether it was there.
    ///
    /// # Errors
    /// `not_found` if it was not.
    pub(crate) async fn delete(
        &self,
        app: &App,
        name: String,
        action: Action,
        delete: impl FnOnce(&mut Tx<'_>, &W::Scope, &str) -> std::result::Result<bool, StoreError> + Send + 'static,
    ) -> Result<Deleted>
    where
        W::Scope: Clone + 'static,
    {
        let (scope, deleted) = (self.scope.clone(), name.clone());
        let was_there = self.change(app, move |tx, _| {
            Ok(match delete(tx, &scope, &name)? {
                true => Audited::Changed(true, AuditEntry::new(action, name)),
                false => Audited::Unchanged(false),
            })
        });
        match was_there.await? {
            true => Ok(Deleted { deleted }),
            false => Err(Refusal::not_found().into()),
        }
    }

    /// Who it is to the audit log.
    pub(crate) fn actor(&self) -> Actor {
        self.who.actor(&self.request)
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
