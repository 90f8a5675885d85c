//! Links with which admins choose a new password. Knows no token of a link, only its fingerprint.

use super::{StoreError, Tx, query::prelude::*, schema::admin_password_resets};

/// A link as kept. An account has one at most.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = admin_password_resets)]
pub(crate) struct PasswordResetRow {
    pub(crate) hash: String,
    pub(crate) account_id: String,
    pub(crate) created_by: String,
    pub(crate) expires_ms: i64,
}

impl Tx<'_> {
    /// In place of the one that the account has.
    pub(crate) fn insert_password_reset(&mut self, reset: &PasswordResetRow) -> Result<(), StoreError> {
        self.delete_password_resets(&reset.account_id)?;
        diesel::insert_into(admin_password_resets::table)
            .values((
                admin_password_resets::hash.eq(&reset.hash),
                admin_password_resets::account_id.eq(&reset.account_id),
                admin_password_resets::created_by.eq(&reset.created_by),
                admin_password_resets::expires_ms.eq(reset.expires_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The link with this fingerprint, if it has not ended.
    pub(crate) fn password_reset_by(
        &mut self,
        hash: &str,
        now_ms: i64,
    ) -> Result<Option<PasswordResetRow>, StoreError> {
        Ok(admin_password_resets::table
            .filter(admin_password_resets::hash.eq(hash))
            .filter(admin_password_resets::expires_ms.gt(now_ms))
            .select(PasswordResetRow::columns())
            .first(self)
            .optional()?)
    }

    /// Takes a link, in one statement. Whether it was there.
    pub(crate) fn take_password_reset(&mut self, hash: &str) -> Result<bool, StoreError> {
        let one = admin_password_resets::table.filter(admin_password_resets::hash.eq(hash));
        Ok(diesel::delete(one).execute(self)? == 1)
    }

    /// Those of an account.
    pub(super) fn delete_password_resets(&mut self, account_id: &str) -> Result<(), StoreError> {
        let those = admin_password_resets::table.filter(admin_password_resets::account_id.eq(account_id));
        diesel::delete(those).execute(self)?;
        Ok(())
    }

    /// Deletes links that have ended.
    pub(crate) fn delete_old_password_resets(&mut self, now_ms: i64) -> Result<usize, StoreError> {
        let ended = admin_password_resets::table.filter(admin_password_resets::expires_ms.le(now_ms));
        let hashes: Vec<String> = ended.select(admin_password_resets::hash).lock_free().load(self)?;
        let those = admin_password_resets::table.filter(admin_password_resets::hash.eq_any(hashes));
        Ok(diesel::delete(those).execute(self)?)
    }
}
