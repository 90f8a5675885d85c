//! The signing keys of every scope: made at the first token, sealed in the store, kept in memory for a second once opened,
//! so that a rotation at another node is seen here within that time.
//!
//! A key is shown from the moment it is made, signs once everybody can know it, and is shown until the last token that it
//! signed has expired.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use aerocall_api_types::{self as shown, Algorithm, Curve, Jwk, JwkSet, KeyType, KeyUse, SigningKeyState};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::Value;

use super::{Claims, jws};
use crate::{
    base::{
        clock,
        crypto::{MasterKey, secret},
        error::{Error, Refusal, Result},
        ids::{Kind, Scope, new_id},
    },
    storage::store::{NewSigningKey, SigningKeyRow, Store, StoreError, Tx},
};

/// Signs and checks the tokens of every scope.
pub(crate) struct Keyring {
    store: Store,
    master: Arc<MasterKey>,
    issuer: String,
    overlap_ms: i64,
    opened: RwLock<HashMap<Scope, (Instant, Arc<Keys>)>>,
}

const KEPT: Duration = Duration::from_secs(1);

/// The longest life of an access token that a project can set, and the skew of clocks: whatever its settings were when it
/// was issued, a token has expired by then.
const LAST_TOKEN_MS: i64 = (86_400 + 60) * 1_000;

/// How a rotation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// The new key signs once everybody can know it; the old ones stay until their last token has expired.
    Overlapping,
    /// An old key is in wrong hands: the new one signs at once, and what the old ones have signed is worth nothing.
    AtOnce,
}

/// A key that is to follow the ones that a scope has.
pub(crate) struct NextKey {
    scope: Scope,
    new: NewSigningKey,
    /// When those before it are worth nothing any more.
    retired_ms: i64,
}

/// Whom a token is about.
pub(crate) struct Subject<'a> {
    pub(crate) user_id: &'a str,
    pub(crate) session_id: &'a str,
    /// How they proved who they are.
    pub(crate) amr: Vec<String>,
    pub(crate) authenticated_ms: i64,
    /// The project's own claims.
    pub(crate) claims: serde_json::Map<String, Value>,
}

/// The keys of one scope, newest first.
struct Keys(Vec<Key>);

struct Key {
    kid: String,
    signing: SigningKey,
    active_ms: i64,
    retired_ms: Option<i64>,
}

impl Keyring {
    pub(crate) fn new(store: Store, master: Arc<MasterKey>, issuer: String, overlap_seconds: i64) -> Self {
        Self {
            store,
            master,
            issuer,
            overlap_ms: overlap_seconds.saturating_mul(1_000),
            opened: RwLock::default(),
        }
    }

    /// An access token.
    pub(crate) async fn sign(&self, scope: &Scope, subject: Subject<'_>, now_ms: i64, life_s: i64) -> Result<String> {
        let keys = self.keys(scope, now_ms).await?;
        let key = keys
            .signing(now_ms)
            .ok_or_else(|| Error::unexpected("signing a token", "the scope has no key"))?;
        let iat = now_ms.div_euclid(1_000);
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: scope.to_string(),
            sub: subject.user_id.to_owned(),
            sid: subject.session_id.to_owned(),
            amr: subject.amr,
            auth_time: subject.authenticated_ms.div_euclid(1_000),
            iat,
            exp: iat + life_s,
            own: subject.claims,
        };
        jws::sign(&key.signing, &key.kid, &claims).map_err(|error| Error::unexpected("writing a token", error))
    }

    /// The claims of a token of this scope that is signed and timely. Whether its session lives is the caller's part.
    pub(crate) async fn verify(&self, scope: &Scope, token: &str, now_ms: i64) -> Result<Claims> {
        let keys = self.keys(scope, now_ms).await?;
        let claims = jws::verify(token, |kid| keys.verifying(kid, now_ms)).ok_or_else(Refusal::invalid_token)?;
        claims.check(&self.issuer, scope, now_ms.div_euclid(1_000))?;
        Ok(claims)
    }

    /// The public keys as a JWK set (RFC 7517, RFC 8037).
    pub(crate) async fn jwks(&self, scope: &Scope, now_ms: i64) -> Result<JwkSet> {
        let keys = self.keys(scope, now_ms).await?;
        Ok(JwkSet {
            keys: keys.shown(now_ms).map(Key::jwk).collect(),
        })
    }

    /// The scope's next key, made and not stored yet. After it was, [`Keyring::forget`] lets it take effect here.
    pub(crate) async fn next(&self, scope: &Scope, rotation: Rotation, now_ms: i64) -> Result<NextKey> {
        self.stored_or_new(scope, now_ms).await?;
        let (active_ms, retired_ms) = match rotation {
            Rotation::AtOnce => (now_ms, now_ms),
            Rotation::Overlapping => {
                let active_ms = now_ms.saturating_add(self.overlap_ms);
                (active_ms, active_ms.saturating_add(LAST_TOKEN_MS))
            }
        };
        Ok(NextKey {
            scope: scope.clone(),
            new: NewSigningKey {
                active_ms,
                ..self.make(scope, now_ms)?
            },
            retired_ms,
        })
    }

    /// A key that nobody else knows, for a store of its own: what it signs is worth nothing elsewhere.
    pub(crate) fn throwaway(&self, scope: &Scope, now_ms: i64) -> Result<NewSigningKey> {
        self.make(scope, now_ms)
    }

    /// Reads the scope's keys anew when they are next asked for.
    pub(crate) fn forget(&self, scope: &Scope) {
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        opened.remove(scope);
    }

    /// The scope's keys and what each is for, newest first. Nothing private.
    pub(crate) async fn list(&self, scope: &Scope, now_ms: i64) -> Result<Vec<shown::SigningKey>> {
        let rows = self.stored_or_new(scope, now_ms).await?;
        let keys = self.opened_rows(scope, &rows)?;
        let signing = keys.signing(now_ms).map(|key| key.kid.clone());
        let state = |row: &SigningKeyRow| match row {
            row if Some(&row.kid) == signing.as_ref() => SigningKeyState::Signing,
            row if row.retired_ms.is_some_and(|at_ms| at_ms <= now_ms) => SigningKeyState::Retired,
            row if row.active_ms > now_ms => SigningKeyState::Next,
            _ => SigningKeyState::Verifying,
        };
        let document = |row: &SigningKeyRow| shown::SigningKey {
            kid: row.kid.clone(),
            state: state(row),
            created_at: clock::iso(row.created_ms).into(),
            // The first one signs whatever comes; before it was made nothing came.
            active_at: clock::iso(row.active_ms.max(row.created_ms)).into(),
            retired_at: row.retired_ms.map(|at_ms| clock::iso(at_ms).into()),
        };
        Ok(rows.iter().map(document).collect())
    }

    async fn keys(&self, scope: &Scope, now_ms: i64) -> Result<Arc<Keys>> {
        if let Some((at, keys)) = self.opened.read().unwrap_or_else(PoisonError::into_inner).get(scope)
            && at.elapsed() < KEPT
        {
            return Ok(Arc::clone(keys));
        }
        let asked = Instant::now();
        let rows = self.stored_or_new(scope, now_ms).await?;
        let keys = Arc::new(self.opened_rows(scope, &rows)?);
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        opened.insert(scope.clone(), (asked, Arc::clone(&keys)));
        Ok(keys)
    }

    fn opened_rows(&self, scope: &Scope, rows: &[SigningKeyRow]) -> Result<Keys> {
        let keys = rows.iter().map(|row| self.open(scope, row));
        Ok(Keys(keys.collect::<Result<_>>()?))
    }

    async fn stored_or_new(&self, scope: &Scope, now_ms: i64) -> Result<Vec<SigningKeyRow>> {
        let wanted = scope.clone();
        let rows = self.store.read(move |tx| tx.signing_keys(&wanted)).await?;
        if !rows.is_empty() {
            return Ok(rows);
        }
        let new = self.make(scope, now_ms)?;
        let wanted = scope.clone();
        // Looked up again under the write lock: of two first requests, one makes the key and both use it.
        let rows = self.store.write(move |tx| {
            tx.advisory_lock(&format!("signing keys {wanted}"))?;
            let rows = tx.signing_keys(&wanted)?;
            if !rows.is_empty() {
                return Ok(rows);
            }
            tx.insert_signing_key(&wanted, &new)?;
            tx.signing_keys(&wanted)
        });
        Ok(rows.await?)
    }

    fn make(&self, scope: &Scope, now_ms: i64) -> Result<NewSigningKey> {
        let signing = SigningKey::from_bytes(&*secret::random::<32>()?);
        let kid = new_id(Kind::Key);
        let sealed_private = self.master.seal(signing.as_bytes(), &bound_to(scope, &kid))?;
        Ok(NewSigningKey {
            kid,
            public_key: signing.verifying_key().to_bytes().to_vec(),
            sealed_private,
            created_ms: now_ms,
            // A request that began a moment earlier signs with it as well.
            active_ms: 0,
        })
    }

    fn open(&self, scope: &Scope, row: &SigningKeyRow) -> Result<Key> {
        let private = self.master.open(&row.sealed_private, &bound_to(scope, &row.kid))?;
        let signing = SigningKey::try_from(private.as_slice())
            .map_err(|error| Error::unexpected("reading a signing key", error))?;
        Ok(Key {
            kid: row.kid.clone(),
            signing,
            active_ms: row.active_ms,
            retired_ms: row.retired_ms,
        })
    }
}

impl NextKey {
    pub(crate) fn kid(&self) -> &str {
        &self.new.kid
    }

    /// Stores it and retires those before it.
    pub(crate) fn insert(&self, tx: &mut Tx<'_>) -> std::result::Result<(), StoreError> {
        tx.advisory_lock(&format!("signing keys {}", self.scope))?;
        tx.retire_signing_keys(&self.scope, self.retired_ms)?;
        tx.insert_signing_key(&self.scope, &self.new)?;
        tx.changed(&self.scope)
    }
}

impl Keys {
    /// The newest one that may sign.
    fn signing(&self, now_ms: i64) -> Option<&Key> {
        self.shown(now_ms)
            .filter(|key| key.active_ms <= now_ms)
            .max_by_key(|key| key.active_ms)
    }

    /// Those that are not retired.
    fn shown(&self, now_ms: i64) -> impl Iterator<Item = &Key> {
        self.0
            .iter()
            .filter(move |key| key.retired_ms.is_none_or(|at_ms| now_ms < at_ms))
    }

    fn verifying(&self, kid: &str, now_ms: i64) -> Option<VerifyingKey> {
        self.shown(now_ms)
            .find(|key| key.kid == kid)
            .map(|key| key.signing.verifying_key())
    }
}

impl Key {
    fn jwk(&self) -> Jwk {
        Jwk {
            kty: KeyType::Okp,
            crv: Curve::Ed25519,
            r#use: KeyUse::Sig,
            alg: Algorithm::EdDsa,
            kid: self.kid.clone(),
            x: URL_SAFE_NO_PAD.encode(self.signing.verifying_key().as_bytes()),
        }
    }
}

/// Whether the row was sealed under this master key.
pub(super) fn opens(master: &MasterKey, scope: &Scope, row: &SigningKeyRow) -> bool {
    master.open(&row.sealed_private, &bound_to(scope, &row.kid)).is_ok()
}

fn bound_to(scope: &Scope, kid: &str) -> String {
    format!("signing-key {scope} {kid}")
}
