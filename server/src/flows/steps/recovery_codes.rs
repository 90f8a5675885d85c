//! Recovery codes: ten at a time, 60 random bits each, shown once and kept as MACs.

use serde_json::Value;

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::Result,
        input::{Parsed, text},
    },
    flows::steps::one_time,
};

const COUNT: usize = 10;
/// Without letters and digits that look like others (Crockford).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CHARS: usize = 12;

/// A new set.
pub(crate) struct RecoveryCodeSet {
    /// For their owner alone.
    pub(crate) codes: Vec<String>,
    pub(crate) hashes: Vec<String>,
}

impl RecoveryCodeSet {
    pub(crate) fn new(app: &App, user_id: &str) -> Result<Self> {
        let codes = (0..COUNT).map(|_| code()).collect::<Result<Vec<_>>>()?;
        let hashes = codes.iter().map(|code| hash(app, user_id, &normal(code))).collect();
        Ok(Self { codes, hashes })
    }
}

/// `xxxx-xxxx-xxxx`
fn code() -> Result<String> {
    let bytes = secret::random::<CHARS>()?;
    let mut code = String::with_capacity(CHARS + 2);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    Ok(code)
}

/// A code as its owner typed it: the case of letters, spaces and hyphens do not matter.
pub(crate) fn read(value: Value) -> Parsed<String> {
    let code = normal(&text(value)?);
    match code.len() == CHARS && code.bytes().all(|byte| ALPHABET.contains(&byte)) {
        true => Ok(code),
        false => Err(format!("must be {CHARS} letters and digits, like x3k9-0abc-7def")),
    }
}

fn normal(code: &str) -> String {
    let kept = code.chars().filter(|c| !matches!(c, '-' | ' '));
    kept.flat_map(char::to_lowercase)
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect()
}

/// Bound to its user.
pub(crate) fn hash(app: &App, user_id: &str, normal: &str) -> String {
    one_time::mac(app, &["recovery code", user_id, normal])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let made = code().unwrap();
        assert_eq!(made.len(), CHARS + 2);
        let typed = read(Value::from(made.to_uppercase().replace('-', " "))).unwrap();
        assert_eq!(typed, read(Value::from(made.as_str())).unwrap());
        assert_eq!(read(Value::from("OoIl-0000-0000")).unwrap(), "001100000000");
        for bad in [
            "",
            "0000-0000-000",
            "0000-0000-00000",
            "0000-0000-000u",
            "0000-0000-000\u{e9}",
        ] {
            assert!(read(Value::from(bad)).is_err(), "{bad}");
        }
    }
}
