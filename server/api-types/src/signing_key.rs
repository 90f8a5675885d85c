//! Signing keys of an environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A signing key, without its private part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SigningKey {
    /// Key id, as in the header of tokens and in the JSON Web Key Set.
    pub kid: String,
    /// What it is used for now.
    pub state: SigningKeyState,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it starts to sign.
    pub active_at: Timestamp,
    /// When its tokens are no longer accepted; `null` until the next rotation.
    pub retired_at: Option<Timestamp>,
}

/// What a signing key is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SigningKeyState {
    /// It is published and does not sign yet.
    Next,
    /// It signs new tokens.
    Signing,
    /// It no longer signs; its tokens are still accepted.
    Verifying,
    /// Its tokens are no longer accepted.
    Retired,
}

/// The signing keys of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SigningKeyList {
    /// Newest first.
    pub keys: Vec<SigningKey>,
}

/// The result of a rotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SigningKeyRotation {
    /// Key id of the new key.
    pub kid: String,
    /// All keys, newest first.
    pub keys: Vec<SigningKey>,
}
