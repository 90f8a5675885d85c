//! The setting `master_key`: 32 bytes in base64. No error and no debug output repeats it.

use base64::{
    Engine as _,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

const BYTES: usize = 32;
const FIX: &str =
    "Create one with `head -c 32 /dev/urandom | base64` and set the same on every node, or leave it empty";

/// A key that was given to this node.
#[derive(Clone)]
pub struct GivenKey(Zeroizing<[u8; BYTES]>);

impl GivenKey {
    pub(crate) fn reveal(&self) -> &[u8; BYTES] {
        &self.0
    }

    /// Either alphabet, with padding or without: tools differ.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, (String, String)> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let alphabet = if text.contains(['-', '_']) {
            &URL_SAFE
        } else {
            &STANDARD
        };
        let decoded = GeneralPurpose::new(alphabet, lenient).decode(text).map(Zeroizing::new);
        // The decoder's error would repeat a character of the key.
        let decoded = decoded.map_err(|_| ("the value is not base64".to_owned(), FIX.to_owned()))?;
        match <[u8; BYTES]>::try_from(decoded.as_slice()) {
            Ok(key) => Ok(Some(Self(Zeroizing::new(key)))),
            Err(_) => Err((
                format!("the key has {} bytes instead of {BYTES}", decoded.len()),
                FIX.to_owned(),
            )),
        }
    }
}

impl std::fmt::Debug for GivenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(a key)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_32_bytes_and_never_repeated() {
        let standard = "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=";
        let key = GivenKey::parse(standard).unwrap().unwrap();
        let url_safe = standard.replace('+', "-").replace('/', "_");
        for same in [url_safe.trim_end_matches('='), &format!("{standard}\n")] {
            assert_eq!(GivenKey::parse(same).unwrap().unwrap().reveal(), key.reveal());
        }
        assert!(!format!("{key:?}").contains("251"));
        assert!(GivenKey::parse(" ").unwrap().is_none());
        for bad in ["c2hvcnQ=", "hunter2!", &format!("{standard}{standard}")] {
            let (problem, fix) = GivenKey::parse(bad).unwrap_err();
            assert!(!problem.contains(bad) && !fix.contains(bad), "{problem}");
        }
    }
}
