//! The signing keys of every scope: made at the first token, sealed in the store, kept in memory once opened.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::{Value, json};

use super::{Claims, MasterKey, jws};
use crate::{
    error::{Error, Refusal, Result},
    ids::{Kind, Scope, new_id},
    secret,
    store::{NewSigningKey, SigningKeyRow, Store},
};

/// Signs and checks the tokens of every scope.
pub(crate) struct Keyring {
    store: Store,
    master: Arc<MasterKey>,
    issuer: String,
    /// Opened keys. Keys are never changed and, until there is rotation, never leave: nothing here goes stale.
    opened: RwLock<HashMap<Scope, Arc<Keys>>>,
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

/// The keys of one scope, the one that signs first.
struct Keys(Vec<Key>);

struct Key {
    kid: String,
    signing: SigningKey,
}

impl Keyring {
    pub(crate) fn new(store: Store, master: Arc<MasterKey>, issuer: String) -> Self {
        Self {
            store,
            master,
            issuer,
            opened: RwLock::default(),
        }
    }

    /// An access token.
    pub(crate) async fn sign(&self, scope: &Scope, subject: Subject<'_>, now_ms: i64, life_s: i64) -> Result<String> {
        let keys = self.keys(scope, now_ms).await?;
        let key = keys
            .0
            .first()
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
        let claims = jws::verify(token, |kid| keys.verifying(kid)).ok_or_else(Refusal::invalid_token)?;
        claims.check(&self.issuer, scope, now_ms.div_euclid(1_000))?;
        Ok(claims)
    }

    /// The public keys as a JWK set (RFC 7517, RFC 8037).
    pub(crate) async fn jwks(&self, scope: &Scope, now_ms: i64) -> Result<Value> {
        let keys = self.keys(scope, now_ms).await?;
        let keys: Vec<Value> = keys.0.iter().map(Key::jwk).collect();
        Ok(json!({ "keys": keys }))
    }

    async fn keys(&self, scope: &Scope, now_ms: i64) -> Result<Arc<Keys>> {
        if let Some(keys) = self
            .opened
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get(scope)
        {
            return Ok(Arc::clone(keys));
        }
        let rows = self.stored_or_new(scope, now_ms).await?;
        let keys = rows
            .iter()
            .map(|row| self.open(scope, row))
            .collect::<Result<Vec<_>>>()?;
        let keys = Arc::new(Keys(keys));
        let mut opened = self.opened.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        opened.insert(scope.clone(), Arc::clone(&keys));
        Ok(keys)
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
            tx.exclusive(&format!("signing keys {wanted}"))?;
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
            active_ms: now_ms,
        })
    }

    fn open(&self, scope: &Scope, row: &SigningKeyRow) -> Result<Key> {
        let private = self.master.open(&row.sealed_private, &bound_to(scope, &row.kid))?;
        let signing = SigningKey::try_from(private.as_slice())
            .map_err(|error| Error::unexpected("reading a signing key", error))?;
        Ok(Key {
            kid: row.kid.clone(),
            signing,
        })
    }
}

impl Keys {
    fn verifying(&self, kid: &str) -> Option<VerifyingKey> {
        self.0
            .iter()
            .find(|key| key.kid == kid)
            .map(|key| key.signing.verifying_key())
    }
}

impl Key {
    fn jwk(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.signing.verifying_key().as_bytes());
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid, "x": x })
    }
}

fn bound_to(scope: &Scope, kid: &str) -> String {
    format!("signing-key {scope} {kid}")
}
