//! Signing keys: the public half open, the private half sealed by somebody else before it gets here.

use super::{StoreError, Tx, access, query::prelude::*, schema::signing_keys};
use crate::base::ids::Scope;

/// A key to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewSigningKey {
    pub(crate) kid: String,
    pub(crate) public_key: Vec<u8>,
    pub(crate) sealed_private: Vec<u8>,
    pub(crate) created_ms: i64,
    /// It signs from then on.
    pub(crate) active_ms: i64,
}

/// A kept key.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = signing_keys)]
pub(crate) struct SigningKeyRow {
    pub(crate) kid: String,
    pub(crate) sealed_private: Vec<u8>,
    pub(crate) created_ms: i64,
    pub(crate) active_ms: i64,
    /// Not shown any more from then on.
    pub(crate) retired_ms: Option<i64>,
}

impl Tx<'_> {
    pub(crate) fn insert_signing_key(&mut self, scope: &Scope, key: &NewSigningKey) -> Result<(), StoreError> {
        diesel::insert_into(signing_keys::table)
            .values((
                signing_keys::kid.eq(&key.kid),
                signing_keys::project_id.eq(scope.project.as_str()),
                signing_keys::environment.eq(scope.environment.as_str()),
                signing_keys::public_key.eq(&key.public_key),
                signing_keys::sealed_private.eq(&key.sealed_private),
                signing_keys::created_ms.eq(key.created_ms),
                signing_keys::active_ms.eq(key.active_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Keys that nothing was said of yet are not shown from then on.
    pub(crate) fn retire_signing_keys(&mut self, scope: &Scope, at_ms: i64) -> Result<usize, StoreError> {
        let open = signing_keys::table
            .filter(signing_keys::project_id.eq(scope.project.as_str()))
            .filter(signing_keys::environment.eq(scope.environment.as_str()))
            .filter(
                signing_keys::retired_ms
                    .is_null()
                    .or(signing_keys::retired_ms.assume_not_null().gt(at_ms)),
            );
        let kids: Vec<String> = open
            .order(signing_keys::kid)
            .select(signing_keys::kid)
            .lock_in_order()
            .load(self)?;
        Ok(diesel::update(open.filter(signing_keys::kid.eq_any(kids)))
            .set(signing_keys::retired_ms.eq(at_ms))
            .execute(self)?)
    }

    /// Forgets keys that were retired before then. How many.
    pub(crate) fn delete_old_signing_keys(&mut self, before_ms: i64) -> Result<usize, StoreError> {
        let old = signing_keys::table
            .filter(signing_keys::retired_ms.is_not_null())
            .filter(signing_keys::retired_ms.assume_not_null().lt(before_ms));
        let kids: Vec<String> = old.select(signing_keys::kid).lock_free().load(self)?;
        Ok(diesel::delete(old.filter(signing_keys::kid.eq_any(kids))).execute(self)?)
    }

    /// The newest key of all scopes.
    pub(crate) fn newest_signing_key(&mut self) -> Result<Option<(Scope, SigningKeyRow)>, StoreError> {
        let row: Option<(String, String, SigningKeyRow)> = signing_keys::table
            .order(signing_keys::created_ms.desc())
            .select((
                signing_keys::project_id,
                signing_keys::environment,
                SigningKeyRow::columns(),
            ))
            .first(self)
            .optional()?;
        Ok(row.and_then(|(project, environment, key)| Some((access::scope(&project, &environment)?, key))))
    }

    /// The keys of the scope, newest first.
    pub(crate) fn signing_keys(&mut self, scope: &Scope) -> Result<Vec<SigningKeyRow>, StoreError> {
        Ok(signing_keys::table
            .filter(signing_keys::project_id.eq(scope.project.as_str()))
            .filter(signing_keys::environment.eq(scope.environment.as_str()))
            .order((signing_keys::created_ms.desc(), signing_keys::kid.desc()))
            .select(SigningKeyRow::columns())
            .load(self)?)
    }
}
