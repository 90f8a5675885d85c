//! What is written down of a host call: JSON, cut while it is written, so that a record never takes more than what is kept of it.

use std::io;

use base64::{Engine as _, display::Base64Display, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};

use crate::{Completeness, JsonText};

/// Bytes that are kept of a value that is too large to be kept whole.
const CUT_BYTES: usize = 4 << 10;

/// What was written.
pub(crate) struct Written {
    pub(crate) text: JsonText,
    /// Bytes that it takes from the budget.
    pub(crate) bytes: u64,
    pub(crate) completeness: Completeness,
}

/// The value as JSON if that has at most `most` bytes; otherwise a JSON string with its beginning and a mark.
pub(crate) fn write(value: &impl Serialize, most: u64) -> Written {
    let mut paper = Paper {
        text: Vec::new(),
        most: usize::try_from(most).unwrap_or(usize::MAX),
    };
    if serde_json::to_writer(&mut paper, value).is_ok() {
        let bytes = paper.text.len() as u64;
        return Written {
            text: JsonText::new(into_text(paper.text)),
            bytes,
            completeness: Completeness::Whole,
        };
    }
    let end = paper.text.len().min(CUT_BYTES);
    paper.text.truncate(end);
    let start = into_text(paper.text);
    Written {
        text: JsonText::of_string(&format!("{start}…")),
        bytes: end as u64,
        completeness: Completeness::Cut,
    }
}

/// A character that the cut went through is left out.
fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let end = error.utf8_error().valid_up_to();
        let mut bytes = error.into_bytes();
        bytes.truncate(end);
        String::from_utf8(bytes).unwrap_or_default()
    })
}

/// Takes so many bytes and refuses the rest, which ends the writing.
struct Paper {
    text: Vec<u8>,
    most: usize,
}

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.most - self.text.len();
        self.text.extend_from_slice(&bytes[..bytes.len().min(room)]);
        match bytes.len() <= room {
            true => Ok(bytes.len()),
            false => Err(io::Error::other("the record is full")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes that were written as base64.
pub(crate) fn from_base64(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    STANDARD.decode(text)
}

/// Bytes as base64, without a copy.
pub(crate) struct Base64<'a>(pub(crate) &'a [u8]);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0, &STANDARD))
    }
}

#[cfg(test)]
mod tests {
    use serde::ser::SerializeSeq as _;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_is_whole_and_what_does_not_is_cut_and_marked() {
        let value = json!({ "a": [1, "é"], "b": null });
        let text = value.to_string();
        let whole = write(&value, text.len() as u64);
        assert_eq!(
            (whole.text.as_str(), whole.bytes, whole.completeness),
            (text.as_str(), text.len() as u64, Completeness::Whole)
        );
        for most in 0..text.len() as u64 {
            let cut = write(&value, most);
            assert_eq!(cut.completeness, Completeness::Cut);
            assert!(cut.bytes <= most);
            let start = cut.text.value();
            let start = start.as_str().unwrap().strip_suffix('…').unwrap();
            assert!(text.starts_with(start) && start.len() as u64 + 3 >= most, "{start}");
        }
        let long = write(&"x".repeat(1 << 20), 1 << 19);
        assert_eq!(
            (long.text.as_str().len(), long.bytes),
            (CUT_BYTES + "…".len() + 3, CUT_BYTES as u64)
        );
    }

    /// A list that counts how much of it was asked for.
    struct Endless<'a>(&'a std::cell::Cell<usize>);

    impl Serialize for Endless<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut list = serializer.serialize_seq(None)?;
            loop {
                self.0.set(self.0.get() + 1);
                list.serialize_element(&7)?;
            }
        }
    }

    #[test]
    fn nothing_is_written_past_the_cut() {
        let asked = std::cell::Cell::new(0);
        assert_eq!(write(&Endless(&asked), 1_000).completeness, Completeness::Cut);
        assert!(asked.get() <= 501, "{}", asked.get());
    }

    #[test]
    fn bytes_are_base64() {
        assert_eq!(write(&Base64(&[0xff, 0xfe]), 100).text.as_str(), "\"//4=\"");
    }
}
