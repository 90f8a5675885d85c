//! The master key: given to the node, or a file beside the database, under which private signing keys are sealed, so that a
//! copy of the database alone signs nothing.

use std::{
    fs::{File, OpenOptions},
    io::{ErrorKind, Read as _, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::base::{
    crypto::secret,
    error::{Error, Result},
};

const NONCE_BYTES: usize = 24;

/// Seals and opens small secrets (XChaCha20-Poly1305, random nonces), and makes other secrets from itself.
pub(crate) struct MasterKey {
    cipher: XChaCha20Poly1305,
    derives: Hmac<Sha256>,
}

impl MasterKey {
    /// Reads the key, or makes one on the first start. The file belongs to its owner alone (0600).
    pub(crate) fn load(path: &Path) -> Result<Self> {
        match Self::read(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Self::create(path)?,
            Err(error) => return Err(Error::unexpected("reading the master key", error)),
            Ok(key) => return Ok(key),
        }
        // Read back: when two servers start at once, both take the key of the one that was first.
        Self::read(path).map_err(|error| Error::unexpected("reading the master key", error))
    }

    fn read(path: &Path) -> std::io::Result<Self> {
        let mut file = File::open(path)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            let fix = format!(
                "other users can read {}; run: chmod 600 {}",
                path.display(),
                path.display()
            );
            return Err(std::io::Error::new(ErrorKind::PermissionDenied, fix));
        }
        let mut key = Zeroizing::new([0; 32]);
        file.read_exact(key.as_mut_slice())?;
        Ok(Self::given(&key))
    }

    /// From the key itself.
    pub(crate) fn given(key: &[u8; 32]) -> Self {
        let mut derives = Zeroizing::new([0; 64]);
        derives[..32].copy_from_slice(key.as_slice());
        Self {
            cipher: XChaCha20Poly1305::new(key.into()),
            // A key of one block is taken as it is, filled with zeros as HMAC fills it (RFC 2104).
            derives: <Hmac<Sha256> as hmac::digest::KeyInit>::new((&*derives).into()),
        }
    }

    fn create(path: &Path) -> Result<()> {
        let failed = |error| Error::unexpected("writing the master key", error);
        let key = secret::random::<32>()?;
        // Written beside and linked into place, so that no reader ever sees half a key.
        let draft = path.with_extension(format!("{}.new", std::process::id()));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)
            .map_err(failed)?;
        // A draft that was left behind keeps the mode it had.
        file.set_permissions(std::fs::Permissions::from_mode(0o600))
            .and_then(|()| file.write_all(key.as_slice()))
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        let linked = std::fs::hard_link(&draft, path);
        std::fs::remove_file(&draft).map_err(failed)?;
        match linked {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            linked => linked.map_err(failed),
        }
    }

    /// Nonce and ciphertext. `bound_to` must be the same when it is opened, so a sealed value cannot be moved to
    /// another row.
    pub(crate) fn seal(&self, secret: &[u8], bound_to: &str) -> Result<Vec<u8>> {
        let nonce = secret::random::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: secret,
            aad: bound_to.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| Error::unexpected("sealing a key", "the cipher refused"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// A secret of 32 bytes for one purpose, the same every time, which tells nothing of the key or of other purposes.
    pub(crate) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut mac = self.derives.clone();
        mac.update(b"aerocall derive\0");
        mac.update(purpose.as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    /// A tag of these parts for one purpose, which nobody makes who has not the key. In hexadecimal digits.
    pub(crate) fn tag(&self, purpose: &str, parts: &[&str]) -> String {
        secret::hex(&self.mac(purpose, parts))
    }

    /// As [`MasterKey::tag`], in bytes: a secret that need not be kept because it can be made again.
    pub(crate) fn mac(&self, purpose: &str, parts: &[&str]) -> [u8; 32] {
        let mut mac = self.derives.clone();
        mac.update(b"aerocall tag\0");
        for part in std::iter::once(&purpose).chain(parts) {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }

    /// What was sealed, unless key, value or `bound_to` differ.
    pub(crate) fn open(&self, sealed: &[u8], bound_to: &str) -> Result<Zeroizing<Vec<u8>>> {
        let failed = || {
            Error::unexpected(
                "opening a sealed key",
                "it was sealed under another master key or changed",
            )
        };
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(failed)?;
        let payload = Payload {
            msg: sealed,
            aad: bound_to.as_bytes(),
        };
        self.cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_where_it_belongs() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        let sealed = MasterKey::load(&path).unwrap().seal(b"secret", "row 1").unwrap();
        let key = MasterKey::load(&path).unwrap();
        assert_eq!(key.open(&sealed, "row 1").unwrap().as_slice(), b"secret");
        assert!(key.open(&sealed, "row 2").is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(key.open(&changed, "row 1").is_err());
        let derived = key.derive("a");
        assert_eq!(derived, MasterKey::load(&path).unwrap().derive("a"));
        assert_ne!(derived, key.derive("b"));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
