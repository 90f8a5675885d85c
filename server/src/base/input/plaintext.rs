//! Passwords on their way to the hasher. They cannot be printed, compared or written to JSON, and are wiped when dropped.

use std::fmt;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::{Parsed, PasswordRules, common::is_common, fields::text};

const MAX: usize = 1_000;

/// A password as its owner typed it, NFC (NIST SP 800-63B-4, 3.1.1.2: any Unicode character, normalised before hashing).
pub(crate) struct Plaintext(Zeroizing<String>);

impl Plaintext {
    /// A password somebody chooses: of the project's length up to 1,000 characters, none of the common ones, no rules of
    /// composition.
    pub(crate) fn chosen(value: Value, rules: &PasswordRules) -> Parsed<Self> {
        let password = Self::given(value)?;
        if password.0.chars().count() < rules.min_chars {
            return Err(format!("must have at least {} characters", rules.min_chars));
        }
        if rules.refuse_common.is_on() && is_common(&password.0) {
            return Err("is one of the most common passwords".to_owned());
        }
        Ok(password)
    }

    /// A password somebody gives to log in. Older rules may have allowed it, so only its size is checked.
    pub(crate) fn given(value: Value) -> Parsed<Self> {
        let typed = Zeroizing::new(text(value)?);
        if typed.is_empty() {
            return Err("must not be empty".to_owned());
        }
        if typed.chars().count() > MAX {
            return Err(format!("must have at most {MAX} characters"));
        }
        Ok(Self(Zeroizing::new(typed.nfc().collect())))
    }

    /// How hard it is to guess, 0 (at once) to 4 (zxcvbn), judged by its first characters.
    pub(crate) fn strength(&self, most_chars: usize) -> u8 {
        let judged = Zeroizing::new(self.0.chars().take(most_chars).collect::<String>());
        zxcvbn::zxcvbn(&judged, &[]).score().into()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Plaintext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plaintext(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let password = Plaintext::given(Value::from("correct horse battery")).unwrap();
        assert_eq!(format!("{password:?}"), "Plaintext(…)");
    }
}
