//! Accounts at identity providers and whose they are here. Knows no provider.

use super::{StoreError, Tx, query::prelude::*, schema::identities};
use crate::base::ids::Scope;

/// An identity to keep, and as kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = identities)]
pub(crate) struct IdentityRow {
    pub(crate) provider: String,
    /// Of the account there.
    pub(crate) subject: String,
    pub(crate) user_id: String,
    /// As the provider said it when it was first used.
    pub(crate) email: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) last_used_ms: i64,
}

/// The identities of a scope.
macro_rules! of_scope {
    ($scope:expr) => {
        identities::table
            .filter(identities::project_id.eq($scope.project.as_str()))
            .filter(identities::environment.eq($scope.environment.as_str()))
    };
}

impl Tx<'_> {
    pub(crate) fn identity(
        &mut self,
        scope: &Scope,
        provider: &str,
        subject: &str,
    ) -> Result<Option<IdentityRow>, StoreError> {
        Ok(of_scope!(scope)
            .filter(identities::provider.eq(provider))
            .filter(identities::subject.eq(subject))
            .select(IdentityRow::columns())
            .first(self)
            .optional()?)
    }

    /// Whether it was nobody's. One that is somebody's stays theirs.
    pub(crate) fn insert_identity(&mut self, scope: &Scope, identity: &IdentityRow) -> Result<bool, StoreError> {
        let made = diesel::insert_into(identities::table)
            .values((
                identities::project_id.eq(scope.project.as_str()),
                identities::environment.eq(scope.environment.as_str()),
                identities::provider.eq(&identity.provider),
                identities::subject.eq(&identity.subject),
                identities::user_id.eq(&identity.user_id),
                identities::email.eq(&identity.email),
                identities::created_ms.eq(identity.created_ms),
                identities::last_used_ms.eq(identity.last_used_ms),
            ))
            .on_conflict((
                identities::project_id,
                identities::environment,
                identities::provider,
                identities::subject,
            ))
            .do_nothing()
            .execute(self)?;
        Ok(made == 1)
    }

    /// Whether it is still this user's.
    pub(crate) fn identity_used(
        &mut self,
        scope: &Scope,
        provider: &str,
        subject: &str,
        user_id: &str,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let mine = of_scope!(scope)
            .filter(identities::provider.eq(provider))
            .filter(identities::subject.eq(subject))
            .filter(identities::user_id.eq(user_id));
        Ok(diesel::update(mine)
            .set(identities::last_used_ms.eq(now_ms))
            .execute(self)?
            == 1)
    }

    /// Oldest first.
    pub(crate) fn identities(&mut self, scope: &Scope, user_id: &str) -> Result<Vec<IdentityRow>, StoreError> {
        Ok(of_scope!(scope)
            .filter(identities::user_id.eq(user_id))
            .order((identities::created_ms, identities::provider))
            .select(IdentityRow::columns())
            .load(self)?)
    }

    /// How many of the provider's the user had.
    pub(crate) fn delete_identities(
        &mut self,
        scope: &Scope,
        user_id: &str,
        provider: &str,
    ) -> Result<usize, StoreError> {
        let mine = of_scope!(scope)
            .filter(identities::user_id.eq(user_id))
            .filter(identities::provider.eq(provider));
        Ok(diesel::delete(mine).execute(self)?)
    }
}
