//! What is about the server itself, and the public keys of its projects.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The process is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: HealthStatus,
}

/// Status of a running process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum HealthStatus {
    /// The process is running.
    Ok,
}

/// Whether the process can serve requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Readiness {
    /// With `ready` the status of the response is 200, otherwise 503.
    pub status: ReadinessStatus,
    /// Result of the check of each service.
    pub checks: Checks,
}

/// Whether a process can serve requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessStatus {
    /// Every service responds and can do its work.
    Ready,
    /// A service does not respond or does not do its work; `checks` says which, and why.
    NotReady,
    /// The process is shutting down.
    Stopping,
}

/// Result of the check of each service. The services that a request excludes are absent, and all of them while the process is
/// shutting down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Checks {
    /// RabbitMQ; absent unless it is configured and this process runs jobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broker: Option<Check>,
    /// Redis; absent unless it is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<Check>,
    /// The database of the server; absent if the request excludes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<Check>,
    /// The databases of the projects; absent if the request excludes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_database: Option<Check>,
}

/// Result of the check of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Whether it responds and does its work; a database does if it takes changes.
    pub ok: bool,
    /// What is wrong, in words; absent if `ok` is true. It names no address and no file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A JSON Web Key Set (RFC 7517).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JwkSet {
    /// Every key that can have signed an access token that is still valid.
    pub keys: Vec<Jwk>,
}

/// The public key of a signing key, as a JSON Web Key (RFC 7517, RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Jwk {
    /// Key type.
    pub kty: KeyType,
    /// Curve.
    pub crv: Curve,
    /// What the key is for.
    pub r#use: KeyUse,
    /// Algorithm of the signatures.
    pub alg: Algorithm,
    /// Key id, as in the header of access tokens.
    pub kid: String,
    /// The public key in base64url.
    pub x: String,
}

/// Key type of a signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum KeyType {
    /// Octet key pair (RFC 8037).
    #[serde(rename = "OKP")]
    Okp,
}

/// Curve of a signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Curve {
    /// Edwards curve 25519 (RFC 8032).
    Ed25519,
}

/// What a signing key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum KeyUse {
    /// Signatures.
    Sig,
}

/// Algorithm of the signatures of a signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Algorithm {
    /// Edwards-curve signatures (RFC 8037).
    #[serde(rename = "EdDSA")]
    EdDsa,
}
