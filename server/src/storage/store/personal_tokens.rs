//! Personal tokens: what an account may do, or less, by a token. Knows no token, only its fingerprint.

use super::{AdminAccountRow, StoreError, Tx, credentials, query::prelude::*, schema::personal_tokens};
use crate::base::{
    ids::{Kind, Slug, new_id},
    permissions::Permissions,
};

/// A token to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewPersonalToken {
    pub(crate) account_id: String,
    pub(crate) name: String,
    pub(crate) fingerprint: String,
    pub(crate) permissions: Option<Permissions>,
    pub(crate) project: Option<Slug>,
    pub(crate) environment: Option<Slug>,
    pub(crate) expires_ms: Option<i64>,
}

/// A token that is valid.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = personal_tokens)]
pub(crate) struct PersonalTokenRow {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) name: String,
    scopes: Option<String>,
    pub(crate) project_id: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) last_used_ms: Option<i64>,
    pub(crate) expires_ms: Option<i64>,
}

impl PersonalTokenRow {
    /// What it is limited to.
    pub(crate) fn permissions(&self) -> Option<Permissions> {
        self.scopes.as_deref().map(Permissions::read)
    }
}

impl Tx<'_> {
    /// Answers its id.
    pub(crate) fn insert_personal_token(
        &mut self,
        token: &NewPersonalToken,
        now_ms: i64,
    ) -> Result<String, StoreError> {
        let id = new_id(Kind::PersonalToken);
        diesel::insert_into(personal_tokens::table)
            .values((
                personal_tokens::id.eq(&id),
                personal_tokens::hash.eq(&token.fingerprint),
                personal_tokens::account_id.eq(&token.account_id),
                personal_tokens::name.eq(&token.name),
                personal_tokens::scopes.eq(token.permissions.map(Permissions::stored)),
                personal_tokens::project_id.eq(token.project.as_ref().map(Slug::as_str)),
                personal_tokens::environment.eq(token.environment.as_ref().map(Slug::as_str)),
                (
                    personal_tokens::created_ms.eq(now_ms),
                    personal_tokens::expires_ms.eq(token.expires_ms),
                ),
            ))
            .execute(self)?;
        Ok(id)
    }

    /// The valid token with this fingerprint, and whose it is.
    pub(crate) fn personal_token_by(
        &mut self,
        fingerprint: &str,
        now_ms: i64,
    ) -> Result<Option<(PersonalTokenRow, AdminAccountRow)>, StoreError> {
        let token: Option<PersonalTokenRow> = credentials::valid!(personal_tokens, now_ms)
            .filter(personal_tokens::hash.eq(fingerprint))
            .select(PersonalTokenRow::columns())
            .first(self)
            .optional()?;
        let Some(token) = token else { return Ok(None) };
        let account = self.admin_account(&token.account_id)?;
        Ok(account.map(|account| (token, account)))
    }

    /// The valid tokens of an account, newest first.
    pub(crate) fn personal_tokens(
        &mut self,
        account_id: &str,
        now_ms: i64,
    ) -> Result<Vec<PersonalTokenRow>, StoreError> {
        Ok(credentials::valid!(personal_tokens, now_ms)
            .filter(personal_tokens::account_id.eq(account_id))
            .order(personal_tokens::id.desc())
            .select(PersonalTokenRow::columns())
            .load(self)?)
    }

    /// Ends a token, now.
    pub(crate) fn end_personal_token(&mut self, token: &PersonalTokenRow, now_ms: i64) -> Result<(), StoreError> {
        credentials::end!(personal_tokens, self, token, now_ms, now_ms)
    }

    /// Records that a token was used.
    pub(crate) fn personal_token_used(&mut self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        credentials::mark_used!(personal_tokens, self, id, now_ms)
    }

    /// Deletes tokens that ended before then.
    pub(crate) fn delete_old_personal_tokens(&mut self, before_ms: i64) -> Result<usize, StoreError> {
        credentials::delete_ended!(personal_tokens, self, before_ms)
    }
}
