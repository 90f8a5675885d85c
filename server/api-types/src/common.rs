//! What many answers are made of.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, de};

/// An object whose members are not the server's.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// Reads one of several documents, once a member says which it is. `#[serde(untagged)]` would try them all, tell nothing of
/// what is wrong, and read no numbers where serde_json keeps those of any precision.
pub(crate) fn read<T: de::DeserializeOwned, E: de::Error>(object: Object) -> Result<T, E> {
    serde_json::from_value(object.into()).map_err(E::custom)
}

/// A time in UTC with milliseconds (RFC 3339): `2026-01-31T12:00:00.000Z`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub String);

impl Timestamp {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// Something was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deleted {
    /// Its name or id.
    pub deleted: String,
}

/// The request was accepted. The answer does not say whether anything was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    /// Always `accepted`.
    pub status: AcceptedStatus,
}

/// Status of an accepted request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AcceptedStatus {
    /// The request was accepted.
    Accepted,
}

impl Accepted {
    /// The only one there is.
    pub const ANSWER: Self = Self {
        status: AcceptedStatus::Accepted,
    };
}

/// The change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Done {
    /// Always `done`.
    pub status: DoneStatus,
}

/// Status of a change that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum DoneStatus {
    /// The change was made.
    Done,
}

impl Done {
    /// The only one there is.
    pub const ANSWER: Self = Self {
        status: DoneStatus::Done,
    };
}
