//! Secrets that can be used but not read. Mirrors `wit/secrets.wit`.

use std::fmt;

use crate::{AerocallError, platform};

/// The hash of a MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MacHash {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

/// A secret of the project. As text it is a placeholder: in a header or a body of a request, the server inserts the value when
/// the request is sent, if the secret is allowed for that host.
///
/// ```
/// use aerocall_hooks::{Result, http, secrets};
///
/// fn notify(text: &str) -> Result<()> {
///     let key = secrets::get("chat_key")?;
///     let request = http::post("https://chat.example/messages").header("x-api-key", &key.to_string());
///     request.json(&text)?.send()?.error_for_status()?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Secret {
    name: String,
    placeholder: String,
}

/// A secret by its name.
///
/// # Errors
/// `not_found` if there is none; what else the SDK refuses.
pub fn get(name: &str) -> Result<Secret, AerocallError> {
    Ok(Secret {
        name: name.to_owned(),
        placeholder: platform::secrets_placeholder(name)?,
    })
}

/// The value of the header `authorization` with a secret as bearer token.
///
/// ```
/// use aerocall_hooks::{Result, http, secrets};
///
/// fn contact(id: &str) -> Result<http::Response> {
///     let request = http::get(&format!("https://api.crm.example/contacts/{id}"));
///     Ok(request.header("authorization", &secrets::bearer("crm_token")?).send()?)
/// }
/// ```
///
/// # Errors
/// `not_found` if there is none; what else the SDK refuses.
pub fn bearer(name: &str) -> Result<String, AerocallError> {
    Ok(get(name)?.bearer())
}

impl Secret {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value of the header `authorization` with this secret as bearer token.
    #[must_use]
    pub fn bearer(&self) -> String {
        format!("Bearer {self}")
    }

    /// The MAC of data (RFC 2104), with the secret as key.
    ///
    /// ```
    /// use aerocall_hooks::{Result, secrets::{self, MacHash}};
    ///
    /// fn sign(body: &str) -> Result<Vec<u8>> {
    ///     Ok(secrets::get("partner_key")?.hmac(MacHash::Sha256, body.as_bytes())?)
    /// }
    /// ```
    ///
    /// # Errors
    /// What the SDK refuses.
    pub fn hmac(&self, hash: MacHash, data: &[u8]) -> Result<Vec<u8>, AerocallError> {
        platform::secrets_hmac(&self.name, hash, data)
    }

    /// Whether a signature is the MAC of the data, compared in constant time.
    ///
    /// ```
    /// use aerocall_hooks::{Result, secrets::{self, MacHash}};
    ///
    /// fn is_from_partner(body: &str, signature: &[u8]) -> Result<bool> {
    ///     Ok(secrets::get("partner_key")?.verify(MacHash::Sha256, body.as_bytes(), signature)?)
    /// }
    /// ```
    ///
    /// # Errors
    /// What the SDK refuses.
    pub fn verify(&self, hash: MacHash, data: &[u8], signature: &[u8]) -> Result<bool, AerocallError> {
        let mac = self.hmac(hash, data)?;
        let pairs = mac.iter().zip(signature);
        let difference = pairs.fold(0_u8, |all, (one, other)| all | (one ^ other));
        Ok(std::hint::black_box(difference) == 0 && mac.len() == signature.len())
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.placeholder)
    }
}
