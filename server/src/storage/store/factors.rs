//! Second factors and recovery codes. Secrets are sealed and codes hashed by somebody else before they get here.

use super::{
    StoreError, Tx,
    query::prelude::*,
    schema::{mfa_factors, recovery_codes},
};
use crate::base::ids::Scope;

/// A factor as kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mfa_factors)]
pub(crate) struct FactorRow {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) kind: String,
    pub(crate) name: Option<String>,
    pub(crate) sealed_secret: Vec<u8>,
    pub(crate) state: String,
    /// The last time step whose code was taken.
    pub(crate) last_step: i64,
    pub(crate) created_ms: i64,
    pub(crate) verified_ms: Option<i64>,
}

impl FactorRow {
    /// A factor counts once a code of it was shown.
    pub(crate) fn is_verified(&self) -> bool {
        self.state == "verified"
    }
}

/// The factors of a scope.
macro_rules! of_scope {
    ($scope:expr) => {
        mfa_factors::table
            .filter(mfa_factors::project_id.eq($scope.project.as_str()))
            .filter(mfa_factors::environment.eq($scope.environment.as_str()))
    };
}

impl Tx<'_> {
    /// Whether the user has a factor that was verified.
    pub(crate) fn has_second_factor(&mut self, scope: &Scope, user_id: &str) -> Result<bool, StoreError> {
        let found: Option<String> = of_scope!(scope)
            .filter(mfa_factors::user_id.eq(user_id))
            .filter(mfa_factors::state.eq("verified"))
            .select(mfa_factors::id)
            .first(self)
            .optional()?;
        Ok(found.is_some())
    }

    /// The factors of a user, verified or not, oldest first.
    pub(crate) fn factors(&mut self, scope: &Scope, user_id: &str) -> Result<Vec<FactorRow>, StoreError> {
        Ok(of_scope!(scope)
            .filter(mfa_factors::user_id.eq(user_id))
            .order(mfa_factors::id)
            .select(FactorRow::columns())
            .load(self)?)
    }

    pub(crate) fn insert_factor(&mut self, scope: &Scope, factor: &FactorRow) -> Result<(), StoreError> {
        diesel::insert_into(mfa_factors::table)
            .values((
                mfa_factors::id.eq(&factor.id),
                mfa_factors::project_id.eq(scope.project.as_str()),
                mfa_factors::environment.eq(scope.environment.as_str()),
                mfa_factors::user_id.eq(&factor.user_id),
                mfa_factors::kind.eq(&factor.kind),
                mfa_factors::name.eq(&factor.name),
                mfa_factors::sealed_secret.eq(&factor.sealed_secret),
                (
                    mfa_factors::state.eq(&factor.state),
                    mfa_factors::last_step.eq(factor.last_step),
                    mfa_factors::created_ms.eq(factor.created_ms),
                    mfa_factors::verified_ms.eq(factor.verified_ms),
                ),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The factor counts from now on. Whether it was there and did not count yet.
    pub(crate) fn confirm_factor(
        &mut self,
        scope: &Scope,
        user_id: &str,
        id: &str,
        step: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let pending = of_scope!(scope)
            .filter(mfa_factors::user_id.eq(user_id))
            .filter(mfa_factors::id.eq(id))
            .filter(mfa_factors::state.eq("pending"));
        let confirmed = diesel::update(pending)
            .set((
                mfa_factors::state.eq("verified"),
                mfa_factors::last_step.eq(step),
                mfa_factors::verified_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(confirmed == 1)
    }

    /// Takes the code of a time step: one statement, so that none is taken twice, nor one before it. Whether it was.
    pub(crate) fn use_factor_step(
        &mut self,
        scope: &Scope,
        user_id: &str,
        id: &str,
        step: i64,
    ) -> Result<bool, StoreError> {
        let unused = of_scope!(scope)
            .filter(mfa_factors::user_id.eq(user_id))
            .filter(mfa_factors::id.eq(id))
            .filter(mfa_factors::state.eq("verified"))
            .filter(mfa_factors::last_step.lt(step));
        Ok(diesel::update(unused)
            .set(mfa_factors::last_step.eq(step))
            .execute(self)?
            == 1)
    }

    /// Whether there was one.
    pub(crate) fn delete_factor(&mut self, scope: &Scope, user_id: &str, id: &str) -> Result<bool, StoreError> {
        let one = of_scope!(scope)
            .filter(mfa_factors::user_id.eq(user_id))
            .filter(mfa_factors::id.eq(id));
        Ok(diesel::delete(one).execute(self)? == 1)
    }

    /// Takes away what was begun and never confirmed.
    pub(crate) fn delete_pending_factors(&mut self, scope: &Scope, user_id: &str) -> Result<usize, StoreError> {
        let pending = of_scope!(scope)
            .filter(mfa_factors::user_id.eq(user_id))
            .filter(mfa_factors::state.eq("pending"));
        let ids: Vec<String> = pending
            .order(mfa_factors::id)
            .select(mfa_factors::id)
            .lock_in_order()
            .load(self)?;
        Ok(diesel::delete(pending.filter(mfa_factors::id.eq_any(ids))).execute(self)?)
    }

    /// These instead of the ones before; the user was found in their scope.
    pub(crate) fn put_recovery_codes(
        &mut self,
        user_id: &str,
        hashes: &[String],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user_id))).execute(self)?;
        for hash in hashes {
            diesel::insert_into(recovery_codes::table)
                .values((
                    recovery_codes::user_id.eq(user_id),
                    recovery_codes::hash.eq(hash),
                    recovery_codes::created_ms.eq(now_ms),
                ))
                .execute(self)?;
        }
        Ok(())
    }

    /// Whether the user has a recovery code with this hash; it stays.
    pub(crate) fn has_recovery_code(&mut self, user_id: &str, hash: &str) -> Result<bool, StoreError> {
        let found: Option<String> = recovery_codes::table
            .filter(recovery_codes::user_id.eq(user_id))
            .filter(recovery_codes::hash.eq(hash))
            .select(recovery_codes::hash)
            .first(self)
            .optional()?;
        Ok(found.is_some())
    }

    /// Takes a recovery code, in one statement. Whether it was there.
    pub(crate) fn take_recovery_code(&mut self, user_id: &str, hash: &str) -> Result<bool, StoreError> {
        let mine = recovery_codes::table
            .filter(recovery_codes::user_id.eq(user_id))
            .filter(recovery_codes::hash.eq(hash));
        Ok(diesel::delete(mine).execute(self)? == 1)
    }

    /// How many are left.
    pub(crate) fn recovery_codes_left(&mut self, user_id: &str) -> Result<usize, StoreError> {
        let left: Vec<String> = recovery_codes::table
            .filter(recovery_codes::user_id.eq(user_id))
            .select(recovery_codes::hash)
            .load(self)?;
        Ok(left.len())
    }
}
