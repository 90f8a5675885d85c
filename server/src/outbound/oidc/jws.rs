//! Signatures (RFC 7515): a provider's keys, and tokens that are signed with one of them. The mathematics are the library's;
//! what of a key decides is what is needed to verify with it, and a key that cannot be read is none.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    AccessToken, AccessTokenHash, JsonWebKey as _,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Map, Value};

/// Signatures that need no shared secret; what is not listed here, `none` first, is refused.
const ALGORITHMS: [(&str, CoreJwsSigningAlgorithm); 9] = [
    ("RS256", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256),
    ("RS384", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384),
    ("RS512", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512),
    ("PS256", CoreJwsSigningAlgorithm::RsaSsaPssSha256),
    ("PS384", CoreJwsSigningAlgorithm::RsaSsaPssSha384),
    ("PS512", CoreJwsSigningAlgorithm::RsaSsaPssSha512),
    ("ES256", CoreJwsSigningAlgorithm::EcdsaP256Sha256),
    ("ES384", CoreJwsSigningAlgorithm::EcdsaP384Sha384),
    ("EdDSA", CoreJwsSigningAlgorithm::EdDsa),
];

/// Members of a key that are needed to verify with it (RFC 7517, RFC 7518, RFC 8037). Among the others may be anything, the
/// private half not excepted.
const MEMBERS: [&str; 5] = ["n", "e", "crv", "x", "y"];
/// A key set has a few keys; with no `kid`, each of them is tried.
const MAX_KEYS: usize = 100;

/// A key that verifies signatures.
#[derive(Clone, Debug)]
struct Key {
    key: CoreJsonWebKey,
    id: Option<String>,
    /// Microsoft says of each key whose tokens it signs.
    issuer: Option<String>,
}

/// The keys of a provider.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys(Vec<Key>);

/// A token whose signature is right.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) payload: Map<String, Value>,
    algorithm: CoreJwsSigningAlgorithm,
    key: Key,
}

/// Why a token is not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum JwsError {
    /// None of the keys made the signature: it is forged, or the keys are old.
    #[error("none of the provider's keys made the signature")]
    NoKey,
    #[error("{0}")]
    Refused(&'static str),
}

impl Keys {
    /// A JSON Web Key Set (RFC 7517, 5). Keys that are not understood are left out, as the standard says.
    pub(super) fn read(set: &Map<String, Value>) -> Option<Self> {
        let keys = set.get("keys")?.as_array()?;
        let keys = keys.iter().filter_map(Value::as_object).filter_map(Key::read);
        Some(Self(keys.take(MAX_KEYS).collect()))
    }

    /// The payload of a token in compact form that one of the keys has signed.
    pub(super) fn open(&self, token: &str) -> Result<Signed, JwsError> {
        let refused = JwsError::Refused;
        let mut parts = token.split('.');
        let (Some(head), Some(body), Some(seal), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(refused("it is not a signed token in compact form"));
        };
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let object = |part: &str| serde_json::from_slice::<Map<String, Value>>(&bytes(part)?).ok();
        let header = object(head).ok_or_else(|| refused("its header cannot be read"))?;
        let algorithm = algorithm(&header)?;
        let signature = bytes(seal).ok_or_else(|| refused("its signature cannot be read"))?;
        let signed = &token[..head.len() + 1 + body.len()];
        let id = text_or_number(header.get("kid"));
        let fits = |key: &&Key| id.is_none() || key.id.is_none() || key.id == id;
        let verifies = |key: &&Key| {
            let verified = key.key.verify_signature(&algorithm, signed.as_bytes(), &signature);
            verified.is_ok()
        };
        let key = self.0.iter().filter(fits).find(verifies).ok_or(JwsError::NoKey)?;
        Ok(Signed {
            payload: object(body).ok_or_else(|| refused("its payload is not a JSON object"))?,
            algorithm,
            key: key.clone(),
        })
    }
}

impl Signed {
    /// What `at_hash` says where the token came with this access token (OpenID Connect Core, 3.1.3.6).
    pub(super) fn hash_of(&self, access_token: &str) -> Option<String> {
        let token = AccessToken::new(access_token.to_owned());
        let hash = AccessTokenHash::from_token(&token, &self.algorithm, &self.key.key).ok()?;
        Some(hash.as_str().to_owned())
    }

    /// Whose tokens the key signs, where the provider says so.
    pub(super) fn key_issuer(&self) -> Option<&str> {
        self.key.issuer.as_deref()
    }
}

impl Key {
    fn read(sent: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| sent.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let mut known = Map::new();
        for name in ["kty", "use", "alg"] {
            known.extend(text(name).map(|value| (name.to_owned(), value.into())));
        }
        for name in MEMBERS {
            known.extend(text(name).map(|value| (name.to_owned(), plain(value).into())));
        }
        if !matches!(text("kty"), Some("RSA" | "EC" | "OKP")) {
            return None;
        }
        Some(Self {
            key: serde_json::from_value(Value::Object(known)).ok()?,
            id: text_or_number(sent.get("kid")),
            issuer: text("issuer").map(str::to_owned),
        })
    }
}

/// Base64url as RFC 7515 has it; some providers use the other alphabet, or fill up with `=`.
fn plain(value: &str) -> String {
    value.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

fn text_or_number(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The algorithm of a header that asks for nothing else.
fn algorithm(header: &Map<String, Value>) -> Result<CoreJwsSigningAlgorithm, JwsError> {
    // None of the extensions that may be named there is understood (RFC 7515, 4.1.11).
    if header.contains_key("crit") {
        return Err(JwsError::Refused("its header has critical extensions"));
    }
    // A token for another use says so (RFC 8725, 3.11).
    let kind = header.get("typ").and_then(Value::as_str).map(str::to_ascii_lowercase);
    let kind = kind
        .as_deref()
        .map(|kind| kind.strip_prefix("application/").unwrap_or(kind));
    if !matches!(kind, None | Some("jwt" | "jose")) {
        return Err(JwsError::Refused("its type is not JWT"));
    }
    let named = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    let known = ALGORITHMS.into_iter().find(|(name, _)| *name == named);
    let (_, algorithm) = known.ok_or(JwsError::Refused("its signature algorithm is not allowed"))?;
    Ok(algorithm)
}
