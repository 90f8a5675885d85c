//! The one envelope of errors, of every endpoint.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The request was refused, or failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Error")]
pub struct ErrorAnswer {
    /// Why.
    pub error: ErrorBody,
}

/// Why a request was refused, or failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorBody {
    /// Stable error code for programs; see `/docs/errors`. A hook that denies a request chooses its own.
    pub code: String,
    /// Message for people; may change.
    pub message: String,
    /// Identifies the request in the server's log.
    pub request_id: String,
    /// Name of the hook that denied the request or failed; absent if it was no hook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// The problems, by field; absent if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Problem>,
    /// Where a request expected something else than what is there: `yours`, what it expected, and `theirs`, what is there now or
    /// `null`. Absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<serde_json::Value>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// Path of the field, such as `client.id`.
    pub field: String,
    /// What is wrong, for people.
    pub problem: String,
}
