//! argon2id (RFC 9106) with parameters from the settings; the only file that names argon2.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::{self, phc::PasswordHash},
};

use crate::base::{
    config::PasswordConfig,
    crypto::secret,
    error::{Error, Result},
    input::Plaintext,
};

/// Whether a password is the one that was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Yes,
    No,
}

#[derive(Debug)]
pub(super) struct Hasher(Argon2<'static>);

impl Hasher {
    pub(super) fn new(config: &PasswordConfig) -> Result<Self> {
        let params = Params::new(config.memory_kib, config.passes, config.lanes, None)
            .map_err(|error| Error::unexpected("setting argon2 up", error.to_string()))?;
        Ok(Self(Argon2::new(Algorithm::Argon2id, Version::V0x13, params)))
    }

    /// The hash as a PHC string, which carries its own parameters and salt.
    pub(super) fn hash(&self, password: &[u8]) -> Result<String> {
        let salt = secret::random::<16>()?;
        let hash = self
            .0
            .hash_password_with_salt(password, salt.as_slice())
            .map_err(|error| Error::unexpected("hashing a password", error.to_string()))?;
        Ok(hash.to_string())
    }

    pub(super) fn verify(&self, password: &Plaintext, stored: &str) -> Result<Match> {
        let failed = |error: password_hash::Error| Error::unexpected("verifying a password", error.to_string());
        let hash = PasswordHash::new(stored)
            .map_err(|error| Error::unexpected("reading a stored password hash", error.to_string()))?;
        match self.0.verify_password(password.bytes(), &hash) {
            Ok(()) => Ok(Match::Yes),
            Err(password_hash::Error::PasswordInvalid) => Ok(Match::No),
            Err(error) => Err(failed(error)),
        }
    }
}
