//! Secrets that a test case gives. Like those of a server they can be used and not read: a placeholder stands for one in
//! requests, HMAC uses it as a key.

use std::collections::BTreeMap;

use aerocall_compiler::capabilities::{Capability, Grant, Grants};
use aerocall_runtime::{
    ErrorCode, SdkError,
    host::{HmacHash, Secrets},
};
use async_trait::async_trait;
use hmac::{Hmac, Mac as _};
use sha2::{Sha256, Sha384, Sha512};

/// The secrets of one call.
pub(super) struct GivenSecrets {
    values: BTreeMap<String, String>,
    granted: Grants,
}

impl GivenSecrets {
    pub(super) fn new(values: BTreeMap<String, String>, granted: Grants) -> Self {
        Self { values, granted }
    }

    /// The text with every placeholder as `[secret NAME]`, as records of calls show it.
    pub(super) fn shown(&self, text: &str) -> String {
        let names = self.values.keys();
        names.fold(text.to_owned(), |text, name| {
            text.replace(&placeholder(name), &format!("[secret {name}]"))
        })
    }

    fn value(&self, name: &str) -> Result<&str, SdkError> {
        let not_found = |message: String| Err(SdkError::new(ErrorCode::NotFound, message));
        let is_granted = Grant::part(Capability::Secrets, name).is_ok_and(|grant| self.granted.allow(&grant));
        if !is_granted {
            return not_found(format!(
                "this hook does not declare the secret `{name}`; add it: `capabilities: {{ secrets: [\"{name}\"] }}`"
            ));
        }
        match self.values.get(name) {
            Some(value) => Ok(value),
            None => not_found(format!(
                "there is no secret `{name}`: the test case has none in `given.secrets`"
            )),
        }
    }
}

/// The same in every run, so that a case is, too.
fn placeholder(name: &str) -> String {
    format!("aerocall-secret-{name}-{:032}", 0)
}

#[async_trait]
impl Secrets for GivenSecrets {
    async fn placeholder(&self, name: &str) -> Result<String, SdkError> {
        self.value(name).map(|_| placeholder(name))
    }

    async fn hmac(&self, name: &str, hash: HmacHash, data: &[u8]) -> Result<Vec<u8>, SdkError> {
        macro_rules! mac {
            ($hash:ty, $key:expr) => {
                Hmac::<$hash>::new_from_slice($key).map(|mac| mac.chain_update(data).finalize().into_bytes().to_vec())
            };
        }
        let key = self.value(name)?.as_bytes();
        let mac = match hash {
            HmacHash::Sha256 => mac!(Sha256, key),
            HmacHash::Sha384 => mac!(Sha384, key),
            HmacHash::Sha512 => mac!(Sha512, key),
        };
        mac.map_err(|error| SdkError::new(ErrorCode::Internal, error.to_string()))
    }
}
