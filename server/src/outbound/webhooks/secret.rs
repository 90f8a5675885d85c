//! What signs the messages of an endpoint: 32 random bytes, shown once as `whsec_…` and kept sealed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::base::error::{Error, Result};

/// As Standard Webhooks writes secrets of symmetric keys.
const PREFIX: &str = "whsec_";
const BYTES: usize = 32;

/// A secret in the open.
pub(crate) struct EndpointSecret(Zeroizing<Vec<u8>>);

impl EndpointSecret {
    /// # Errors
    /// The system gives no random numbers.
    pub(crate) fn random() -> Result<Self> {
        let mut bytes = Zeroizing::new(vec![0; BYTES]);
        getrandom::fill(&mut bytes).map_err(|error| Error::unexpected("making a webhook secret", error))?;
        Ok(Self(bytes))
    }

    /// As it was sealed.
    pub(crate) fn opened(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// For the receiver.
    pub(crate) fn shown(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", STANDARD.encode(self.bytes())))
    }
}

/// Where a sealed secret belongs.
pub(crate) fn sealed_name(endpoint: &str) -> String {
    format!("webhook/{endpoint}")
}
