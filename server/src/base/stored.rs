//! Words and documents that the store keeps as texts, read back as types. What cannot be read is damage, never a refusal.

use serde::{
    Deserialize,
    de::{DeserializeOwned, IntoDeserializer as _, value},
};

use super::error::{Error, Result};

/// One of a closed set of words.
pub(crate) fn word<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T> {
    let read: std::result::Result<T, value::Error> = T::deserialize(text.into_deserializer());
    read.map_err(|error| Error::unexpected("reading a stored word", error))
}

/// A JSON document.
pub(crate) fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::unexpected("reading a stored document", error))
}
