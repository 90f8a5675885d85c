//! `wit/secrets.wit` as a trait.

use async_trait::async_trait;

use super::SdkError;

/// Hash for HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HmacHash {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

/// Secrets of one project and environment: usable, not readable.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// Whether this hook may use a secret of that name.
    async fn exists(&self, name: &str) -> Result<bool, SdkError>;
    /// RFC 2104 over the data with the secret as key.
    async fn hmac(&self, name: &str, hash: HmacHash, data: &[u8]) -> Result<Vec<u8>, SdkError>;
}
