//! API keys of an environment. Secret keys cannot make or end keys: one that leaked could keep itself alive.

mod create;
mod list;
mod revoke;
mod rotate;

use aerocall_api_types::{ApiKey, ApiKeyKind, NewApiKey};

pub(crate) use create::CreateApiKey;
pub(crate) use list::ListApiKeys;
pub(crate) use revoke::RevokeApiKey;
pub(crate) use rotate::RotateApiKey;

use crate::{
    base::{clock, crypto::secret, error::Result, ids::Scope},
    security::access::{PUBLISHABLE_KEY, SECRET_KEY},
    storage::store::{self, ApiKeyRow, KeyKind, StoreError, Tx},
};

/// Of one environment.
const MAX_KEYS: usize = 50;

/// For the reference.
const MADE: &str = r#"{"id": "key_…", "kind": "secret", "name": "backend", "key": "sk_…", "createdAt": "2026-01-31T12:00:00.000Z", "expiresAt": null}"#;

/// A key that nobody has yet.
pub(super) struct Drawn {
    kind: KeyKind,
    pub(super) key: String,
}

impl Drawn {
    pub(super) fn new(kind: KeyKind) -> Result<Self> {
        let prefix = match kind {
            KeyKind::Publishable => PUBLISHABLE_KEY,
            KeyKind::Secret => SECRET_KEY,
        };
        let key = secret::new_key(prefix)?;
        Ok(Self { kind, key })
    }

    pub(super) fn keep(
        self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        name: &str,
        expires_ms: Option<i64>,
        now_ms: i64,
    ) -> std::result::Result<NewApiKey, StoreError> {
        let new = store::NewApiKey {
            kind: self.kind,
            name: name.to_owned(),
            lookup: lookup(self.kind, &self.key),
            expires_ms,
        };
        Ok(NewApiKey {
            id: tx.insert_api_key(scope, &new, now_ms)?,
            kind: shown_kind(self.kind),
            name: new.name,
            key: self.key,
            created_at: clock::iso(now_ms).into(),
            expires_at: expires_ms.map(|ms| clock::iso(ms).into()),
        })
    }
}

/// What a key is found by.
pub(crate) fn lookup(kind: KeyKind, key: &str) -> String {
    match kind {
        KeyKind::Publishable => key.to_owned(),
        KeyKind::Secret => secret::fingerprint(key),
    }
}

fn shown_kind(kind: KeyKind) -> ApiKeyKind {
    match kind {
        KeyKind::Publishable => ApiKeyKind::Publishable,
        KeyKind::Secret => ApiKeyKind::Secret,
    }
}

fn shown(row: ApiKeyRow) -> ApiKey {
    let time = |ms: i64| clock::iso(ms).into();
    ApiKey {
        kind: shown_kind(row.kind()),
        key: row.public().map(str::to_owned),
        id: row.id,
        name: row.name,
        created_at: time(row.created_ms),
        last_used_at: row.last_used_ms.map(time),
        expires_at: row.expires_ms.map(time),
    }
}
