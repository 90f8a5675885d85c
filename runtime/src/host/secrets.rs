//! `wit/secrets.wit` as a trait.

use async_trait::async_trait;
use serde_json::json;

use super::{Answer, Cost as _, SdkError};
use crate::{bindings::aerocall::hooks::secrets as wire, state::CallState};

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
    /// What stands for the secret in requests of this call.
    async fn placeholder(&self, name: &str) -> Result<String, SdkError>;
    /// RFC 2104 over the data with the secret as key.
    async fn hmac(&self, name: &str, hash: HmacHash, data: &[u8]) -> Result<Vec<u8>, SdkError>;
}

impl wire::Host for CallState {
    async fn placeholder(&mut self, name: String) -> Answer<String> {
        let secrets = self.host.secrets.clone();
        let asked = self.asked(name.cost(), &[&name]);
        self.capability("secrets.get", asked, secrets, |secrets| async move {
            secrets.placeholder(&name).await
        })
        .await
    }

    async fn hmac(&mut self, name: String, hash: wire::Hash, data: Vec<u8>) -> Answer<Vec<u8>> {
        let secrets = self.host.secrets.clone();
        let hash = match hash {
            wire::Hash::Sha256 => HmacHash::Sha256,
            wire::Hash::Sha384 => HmacHash::Sha384,
            wire::Hash::Sha512 => HmacHash::Sha512,
        };
        // Tells other data apart when the call is run again, and nothing of what they are to whoever lacks the seed.
        let mark = self.keyed_mark(&data);
        let shown = (&name, format!("{hash:?}"), json!({ "bytes": data.len(), "mark": mark }));
        let asked = self.asked((&name, &data).cost(), &shown);
        self.capability("secrets.hmac", asked, secrets, |secrets| async move {
            secrets.hmac(&name, hash, &data).await
        })
        .await
    }
}
