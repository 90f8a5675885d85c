//! Values of header fields that came from another server: one character for each byte, as the Fetch standard and Node.js
//! have them (RFC 9110, 5.5: what is not ASCII is opaque). So every value is one that `Headers` takes.

/// The bytes as a value.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// A value with its bytes changed, as a search for secrets does.
pub(crate) fn with_bytes<E>(value: &str, change: impl FnOnce(Vec<u8>) -> Result<Vec<u8>, E>) -> Result<String, E> {
    change(bytes_of(value)).map(|bytes| of_bytes(&bytes))
}

/// A value for people: as UTF-8 if its bytes are.
pub(crate) fn readable(value: &str) -> String {
    String::from_utf8(bytes_of(value)).unwrap_or_else(|_| value.to_owned())
}

/// A value that was made otherwise may have wider characters: then in UTF-8.
fn bytes_of(value: &str) -> Vec<u8> {
    let narrow: Result<Vec<u8>, _> = value.chars().map(u8::try_from).collect();
    narrow.unwrap_or_else(|_| value.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_character_for_each_byte() {
        for (bytes, value, shown) in [
            (&b"plain"[..], "plain", "plain"),
            ("München".as_bytes(), "MÃ¼nchen", "München"),
            ("東京".as_bytes(), "æ\u{9d}±äº¬", "東京"),
            (b"caf\xe9", "café", "café"),
        ] {
            assert_eq!(of_bytes(bytes), value);
            assert_eq!(readable(value), shown);
            assert_eq!(with_bytes(value, Ok::<_, ()>), Ok(value.to_owned()));
        }
    }
}
