//! JSON on its way to the host and back, with errors of the SDK.

use serde::{Serialize, de::DeserializeOwned};

use crate::AerocallError;

/// A JSON object.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;

pub(crate) fn read<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, AerocallError> {
    serde_json::from_str(text).map_err(|error| AerocallError::of_json(what, &error))
}

pub(crate) fn write<T: Serialize + ?Sized>(what: &str, value: &T) -> Result<String, AerocallError> {
    serde_json::to_string(value).map_err(|error| AerocallError::of_json(what, &error))
}
