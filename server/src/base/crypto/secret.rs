//! Random keys and what is kept of them. Secret keys are stored as SHA-256 only: they carry 256 random bits, so a slow
//! hash would add nothing (OWASP Cryptographic Storage), and a stolen table gives no access.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::base::error::{Error, Result};

/// Bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice())
        .map_err(|error| Error::unexpected("asking the operating system for randomness", error.to_string()))?;
    Ok(bytes)
}

/// A new key: prefix and 256 random bits.
pub(crate) fn new_key(prefix: &str) -> Result<String> {
    Ok(format!(
        "{prefix}_{}",
        URL_SAFE_NO_PAD.encode(random::<32>()?.as_slice())
    ))
}

/// What is stored of a secret key, and what it is looked up by: equal time for every key that is not there.
pub(crate) fn fingerprint(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

/// Lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
