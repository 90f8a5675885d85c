//! Keys and tokens that open the API.

use super::{
    StoreError, Tx,
    query::prelude::*,
    schema::{admin_tokens, api_keys},
};
use crate::base::ids::{Kind, Scope, Slug, new_id};

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// Stands in apps and pages; opens the auth API.
    Publishable,
    /// Stays on servers; opens the admin API of its own project and environment as well.
    Secret,
}

impl KeyKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Publishable => "publishable",
            Self::Secret => "secret",
        }
    }
}

impl Tx<'_> {
    /// `lookup`: a publishable key as it is, a secret one's fingerprint.
    pub(crate) fn insert_api_key(
        &mut self,
        scope: &Scope,
        kind: KeyKind,
        lookup: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        diesel::insert_into(api_keys::table)
            .values((
                api_keys::id.eq(new_id(Kind::Key)),
                api_keys::project_id.eq(scope.project.as_str()),
                api_keys::environment.eq(scope.environment.as_str()),
                api_keys::kind.eq(kind.as_str()),
                api_keys::lookup.eq(lookup),
                api_keys::created_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The scope that a key of this kind opens.
    pub(crate) fn scope_of_key(&mut self, kind: KeyKind, lookup: &str) -> Result<Option<Scope>, StoreError> {
        let row: Option<(String, String)> = api_keys::table
            .filter(api_keys::lookup.eq(lookup))
            .filter(api_keys::kind.eq(kind.as_str()))
            .filter(api_keys::revoked_ms.is_null())
            .select((api_keys::project_id, api_keys::environment))
            .first(self)
            .optional()?;
        Ok(row.and_then(|(project, environment)| scope(&project, &environment)))
    }

    /// Answers its id.
    pub(crate) fn insert_admin_token(&mut self, name: &str, hash: &str, now_ms: i64) -> Result<String, StoreError> {
        let id = new_id(Kind::AdminToken);
        diesel::insert_into(admin_tokens::table)
            .values((
                admin_tokens::id.eq(&id),
                admin_tokens::name.eq(name),
                admin_tokens::hash.eq(hash),
                admin_tokens::created_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(id)
    }

    /// The id of the admin token, if there is one and it was not revoked.
    pub(crate) fn admin_token(&mut self, hash: &str) -> Result<Option<String>, StoreError> {
        Ok(admin_tokens::table
            .filter(admin_tokens::hash.eq(hash))
            .filter(admin_tokens::revoked_ms.is_null())
            .select(admin_tokens::id)
            .first(self)
            .optional()?)
    }
}

/// Names in the store were checked when they were written.
pub(super) fn scope(project: &str, environment: &str) -> Option<Scope> {
    Some(Scope {
        project: Slug::parse(project).ok()?,
        environment: Slug::parse(environment).ok()?,
    })
}
