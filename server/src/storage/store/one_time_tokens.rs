//! What works once: links in mails, codes, challenges. The key is project, environment, purpose and lookup, so a token of
//! one purpose or place is none of another; taking one is one statement. Knows no purpose's meaning.

use super::{StoreError, Tx, query::prelude::*, schema::one_time_tokens};
use crate::base::ids::Scope;

/// A token to keep, instead of the one with the same purpose and lookup.
#[derive(Clone, Debug)]
pub(crate) struct NewOneTimeToken {
    pub(crate) purpose: &'static str,
    /// What it is found by: a hash.
    pub(crate) lookup: String,
    /// What must be shown to take it: a MAC.
    pub(crate) proof: String,
    pub(crate) user_id: Option<String>,
    /// JSON.
    pub(crate) data: String,
    pub(crate) attempts: i32,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
}

/// A token that was taken.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = one_time_tokens)]
pub(crate) struct OneTimeTokenRow {
    pub(crate) user_id: Option<String>,
    pub(crate) data: String,
}

/// The tokens of a purpose in a scope.
macro_rules! of_purpose {
    ($scope:expr, $purpose:expr) => {
        one_time_tokens::table
            .filter(one_time_tokens::project_id.eq($scope.project.as_str()))
            .filter(one_time_tokens::environment.eq($scope.environment.as_str()))
            .filter(one_time_tokens::purpose.eq($purpose))
    };
}

impl Tx<'_> {
    pub(crate) fn put_one_time_token(&mut self, scope: &Scope, token: &NewOneTimeToken) -> Result<(), StoreError> {
        let before = of_purpose!(scope, token.purpose).filter(one_time_tokens::lookup.eq(&token.lookup));
        diesel::delete(before).execute(self)?;
        diesel::insert_into(one_time_tokens::table)
            .values((
                one_time_tokens::project_id.eq(scope.project.as_str()),
                one_time_tokens::environment.eq(scope.environment.as_str()),
                one_time_tokens::purpose.eq(token.purpose),
                one_time_tokens::lookup.eq(&token.lookup),
                one_time_tokens::proof.eq(&token.proof),
                one_time_tokens::user_id.eq(&token.user_id),
                one_time_tokens::data.eq(&token.data),
                (
                    one_time_tokens::attempts_left.eq(token.attempts),
                    one_time_tokens::created_ms.eq(token.created_ms),
                    one_time_tokens::expires_ms.eq(token.expires_ms),
                ),
            ))
            .on_conflict((
                one_time_tokens::project_id,
                one_time_tokens::environment,
                one_time_tokens::purpose,
                one_time_tokens::lookup,
            ))
            .do_nothing()
            .execute(self)?;
        Ok(())
    }

    /// Spends one of the token's attempts. Whether there was one left.
    pub(crate) fn try_one_time_token(
        &mut self,
        scope: &Scope,
        purpose: &str,
        lookup: &str,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let open = of_purpose!(scope, purpose)
            .filter(one_time_tokens::lookup.eq(lookup))
            .filter(one_time_tokens::attempts_left.gt(0))
            .filter(one_time_tokens::expires_ms.gt(now_ms));
        let spent = diesel::update(open)
            .set(one_time_tokens::attempts_left.eq(one_time_tokens::attempts_left - 1))
            .execute(self)?;
        Ok(spent == 1)
    }

    /// Takes the token and its row away, in one statement.
    pub(crate) fn take_one_time_token(
        &mut self,
        scope: &Scope,
        purpose: &str,
        lookup: &str,
        proof: &str,
        now_ms: i64,
    ) -> Result<Option<OneTimeTokenRow>, StoreError> {
        let mine = of_purpose!(scope, purpose)
            .filter(one_time_tokens::lookup.eq(lookup))
            .filter(one_time_tokens::proof.eq(proof))
            .filter(one_time_tokens::expires_ms.gt(now_ms));
        Ok(diesel::delete(mine)
            .returning(OneTimeTokenRow::columns())
            .get_result(self)
            .optional()?)
    }

    /// The token, untaken: for steps that lead to the one that takes it.
    pub(crate) fn one_time_token(
        &mut self,
        scope: &Scope,
        purpose: &str,
        lookup: &str,
        now_ms: i64,
    ) -> Result<Option<OneTimeTokenRow>, StoreError> {
        Ok(of_purpose!(scope, purpose)
            .filter(one_time_tokens::lookup.eq(lookup))
            .filter(one_time_tokens::expires_ms.gt(now_ms))
            .select(OneTimeTokenRow::columns())
            .first(self)
            .optional()?)
    }

    /// The token, untaken, if what must be shown to take it is this.
    pub(crate) fn proved_one_time_token(
        &mut self,
        scope: &Scope,
        purpose: &str,
        lookup: &str,
        proof: &str,
        now_ms: i64,
    ) -> Result<Option<OneTimeTokenRow>, StoreError> {
        Ok(of_purpose!(scope, purpose)
            .filter(one_time_tokens::lookup.eq(lookup))
            .filter(one_time_tokens::proof.eq(proof))
            .filter(one_time_tokens::expires_ms.gt(now_ms))
            .select(OneTimeTokenRow::columns())
            .first(self)
            .optional()?)
    }

    /// Takes away what a user has of a purpose: a new link makes the older ones useless.
    pub(crate) fn drop_one_time_tokens(
        &mut self,
        scope: &Scope,
        purpose: &str,
        user_id: &str,
    ) -> Result<usize, StoreError> {
        let old = of_purpose!(scope, purpose).filter(one_time_tokens::user_id.eq(user_id));
        let lookups: Vec<String> = old
            .order(one_time_tokens::lookup)
            .select(one_time_tokens::lookup)
            .lock_in_order()
            .load(self)?;
        Ok(diesel::delete(old.filter(one_time_tokens::lookup.eq_any(lookups))).execute(self)?)
    }

    /// Deletes tokens that expired before then, at most so many.
    pub(crate) fn delete_old_one_time_tokens(&mut self, before_ms: i64, max_rows: i64) -> Result<usize, StoreError> {
        let old = one_time_tokens::table.filter(one_time_tokens::expires_ms.lt(before_ms));
        let lookups: Vec<String> = old
            .select(one_time_tokens::lookup)
            .limit(max_rows)
            .lock_free()
            .load(self)?;
        Ok(diesel::delete(old.filter(one_time_tokens::lookup.eq_any(lookups))).execute(self)?)
    }
}
