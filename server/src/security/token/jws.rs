//! JWS compact serialisation (RFC 7515, 7.1) for one algorithm. The header of a token is compared with what we write,
//! never obeyed: there is no algorithm to confuse.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::Claims;

/// A token of ours has a few hundred bytes.
const MAX_BYTES: usize = 4 << 10;

#[derive(Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// Signs the claims.
pub(super) fn sign(key: &SigningKey, kid: &str, claims: &Claims) -> serde_json::Result<String> {
    let header = Header {
        alg: "EdDSA".to_owned(),
        typ: "JWT".to_owned(),
        kid: kid.to_owned(),
    };
    let encode = |json: Vec<u8>| URL_SAFE_NO_PAD.encode(json);
    let signed = format!(
        "{}.{}",
        encode(serde_json::to_vec(&header)?),
        encode(serde_json::to_vec(claims)?)
    );
    let signature = key.sign(signed.as_bytes());
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes())))
}

/// The claims, if the token is well formed and signed by the key that `key_of` answers for its `kid`.
pub(super) fn verify(token: &str, key_of: impl FnOnce(&str) -> Option<VerifyingKey>) -> Option<Claims> {
    if token.len() > MAX_BYTES {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
    if header.alg != "EdDSA" || header.typ != "JWT" {
        return None;
    }
    let signature = Signature::from_slice(&decode(signature)?).ok()?;
    key_of(&header.kid)?.verify_strict(signed.as_bytes(), &signature).ok()?;
    serde_json::from_slice(&decode(claims)?).ok()
}
