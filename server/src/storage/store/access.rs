//! API keys: what opens the auth API, and the admin API of one environment. Knows no key, only what it is looked up by.

use super::{StoreError, Tx, credentials, query::prelude::*, schema::api_keys};
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
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Publishable => "publishable",
            Self::Secret => "secret",
        }
    }
}

/// A key to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewApiKey {
    pub(crate) kind: KeyKind,
    /// Of people, to tell keys apart; may be empty.
    pub(crate) name: String,
    /// A publishable key as it is, a secret one's fingerprint.
    pub(crate) lookup: String,
    pub(crate) expires_ms: Option<i64>,
}

/// A key that is valid.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = api_keys)]
pub(crate) struct ApiKeyRow {
    pub(crate) id: String,
    project_id: String,
    environment: String,
    kind: String,
    pub(crate) name: String,
    lookup: String,
    pub(crate) created_ms: i64,
    pub(crate) last_used_ms: Option<i64>,
    pub(crate) expires_ms: Option<i64>,
}

impl ApiKeyRow {
    pub(crate) fn kind(&self) -> KeyKind {
        match self.kind.as_str() {
            "secret" => KeyKind::Secret,
            _ => KeyKind::Publishable,
        }
    }

    /// The key itself, if it may be public.
    pub(crate) fn public(&self) -> Option<&str> {
        (self.kind() == KeyKind::Publishable).then_some(self.lookup.as_str())
    }

    /// What it opens.
    pub(crate) fn scope(&self) -> Option<Scope> {
        scope(&self.project_id, &self.environment)
    }
}

/// The keys of a scope that are valid at a time.
macro_rules! valid_of {
    ($scope:expr, $now_ms:expr) => {
        credentials::valid!(api_keys, $now_ms)
            .filter(api_keys::project_id.eq($scope.project.as_str()))
            .filter(api_keys::environment.eq($scope.environment.as_str()))
    };
}

impl Tx<'_> {
    /// Answers its id.
    pub(crate) fn insert_api_key(&mut self, scope: &Scope, key: &NewApiKey, now_ms: i64) -> Result<String, StoreError> {
        let id = new_id(Kind::Key);
        diesel::insert_into(api_keys::table)
            .values((
                api_keys::id.eq(&id),
                api_keys::project_id.eq(scope.project.as_str()),
                api_keys::environment.eq(scope.environment.as_str()),
                api_keys::kind.eq(key.kind.as_str()),
                api_keys::name.eq(&key.name),
                api_keys::lookup.eq(&key.lookup),
                api_keys::created_ms.eq(now_ms),
                api_keys::expires_ms.eq(key.expires_ms),
            ))
            .execute(self)?;
        Ok(id)
    }

    /// The valid key of this kind with this lookup.
    pub(crate) fn api_key_by(
        &mut self,
        kind: KeyKind,
        lookup: &str,
        now_ms: i64,
    ) -> Result<Option<ApiKeyRow>, StoreError> {
        Ok(credentials::valid!(api_keys, now_ms)
            .filter(api_keys::lookup.eq(lookup))
            .filter(api_keys::kind.eq(kind.as_str()))
            .select(ApiKeyRow::columns())
            .first(self)
            .optional()?)
    }

    /// The valid keys of a scope, newest first.
    pub(crate) fn api_keys(&mut self, scope: &Scope, now_ms: i64) -> Result<Vec<ApiKeyRow>, StoreError> {
        Ok(valid_of!(scope, now_ms)
            .order(api_keys::id.desc())
            .select(ApiKeyRow::columns())
            .load(self)?)
    }

    /// A valid key of a scope.
    pub(crate) fn api_key(&mut self, scope: &Scope, id: &str, now_ms: i64) -> Result<Option<ApiKeyRow>, StoreError> {
        Ok(valid_of!(scope, now_ms)
            .filter(api_keys::id.eq(id))
            .select(ApiKeyRow::columns())
            .first(self)
            .optional()?)
    }

    /// Ends a key: now, or at that time if it does not end sooner by itself.
    pub(crate) fn end_api_key(&mut self, key: &ApiKeyRow, at_ms: i64, now_ms: i64) -> Result<(), StoreError> {
        credentials::end!(api_keys, self, key, at_ms, now_ms)
    }

    /// Records that a key was used.
    pub(crate) fn api_key_used(&mut self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        credentials::mark_used!(api_keys, self, id, now_ms)
    }

    /// Deletes keys that ended before then.
    pub(crate) fn delete_old_api_keys(&mut self, before_ms: i64) -> Result<usize, StoreError> {
        credentials::delete_ended!(api_keys, self, before_ms)
    }
}

/// Names in the store were checked when they were written.
pub(super) fn scope(project: &str, environment: &str) -> Option<Scope> {
    Some(Scope {
        project: Slug::parse(project).ok()?,
        environment: Slug::parse(environment).ok()?,
    })
}
