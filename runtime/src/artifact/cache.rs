//! Compiled artefacts on disk. Loading one runs its machine code, so only what this host compiled is ever loaded:
//! each file carries a MAC over the compiler's compatibility hash, the kind, the source's digest and the code.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// What was compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A hook component.
    Hook,
    /// A JS engine that hooks share.
    Engine,
    /// A JS engine as the compiler runs it to take snapshots.
    Workshop,
}

impl Kind {
    fn label(self) -> &'static str {
        match self {
            Self::Hook => "hook",
            Self::Engine => "engine",
            Self::Workshop => "workshop",
        }
    }
}

/// A directory of artefacts and the key that authenticates them.
#[derive(Debug)]
pub(crate) struct ArtifactCache {
    directory: PathBuf,
    key: [u8; 32],
    compatibility: [u8; 32],
}

impl ArtifactCache {
    /// Opens the directory, making it and its key on first use.
    pub(crate) fn open(directory: &Path, compatibility: [u8; 32]) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        let key = read_or_make_key(&directory.join("artifact.key"))?;
        Ok(Self {
            directory: directory.to_owned(),
            key,
            compatibility,
        })
    }

    /// The open file of an artefact whose MAC is right. A wrong one is removed, so that it is compiled again.
    pub(crate) fn get(&self, kind: Kind, digest: &str) -> Option<File> {
        let path = self.path(kind, digest);
        let mut file = File::open(&path).ok()?;
        let mut code = Vec::new();
        file.read_to_end(&mut code).ok()?;
        let tag = fs::read(path.with_extension("mac")).unwrap_or_default();
        if self.mac(kind, digest, &code).verify_slice(&tag).is_ok() {
            return Some(file);
        }
        tracing::warn!(
            kind = kind.label(),
            digest,
            "a cached artefact was altered or belongs to another host; removed"
        );
        let _ = fs::remove_file(&path);
        None
    }

    /// Writes an artefact and answers it opened. Renaming makes each file whole or absent; the MAC comes first, so
    /// that code never stands without one.
    pub(crate) fn put(&self, kind: Kind, digest: &str, code: &[u8]) -> io::Result<File> {
        let path = self.path(kind, digest);
        let tag = self.mac(kind, digest, code).finalize().into_bytes();
        self.write(&path.with_extension("mac"), &tag)?;
        self.write(&path, code)?;
        File::open(&path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut temporary = tempfile::NamedTempFile::new_in(&self.directory)?;
        temporary.write_all(bytes)?;
        temporary.persist(path).map(drop).map_err(|error| error.error)
    }

    fn path(&self, kind: Kind, digest: &str) -> PathBuf {
        let short: String = self.compatibility[..4]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.directory.join(format!(
            "{}-{}-{short}.bin",
            kind.label(),
            digest.trim_start_matches("sha256:")
        ))
    }

    fn mac(&self, kind: Kind, digest: &str, code: &[u8]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("any key length");
        mac.update(&self.compatibility);
        mac.update(kind.label().as_bytes());
        mac.update(&[0]);
        mac.update(digest.as_bytes());
        mac.update(&[0]);
        mac.update(code);
        mac
    }
}

fn read_or_make_key(path: &Path) -> io::Result<[u8; 32]> {
    if let Ok(bytes) = fs::read(path) {
        return bytes
            .try_into()
            .map_err(|_| io::Error::other(format!("{} is damaged; remove it", path.display())));
    }
    let mut key = [0u8; 32];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    let directory = path.parent().unwrap_or(Path::new("."));
    // tempfile makes it readable by the owner alone; the first of two processes wins and both read its key.
    let mut temporary = tempfile::NamedTempFile::new_in(directory)?;
    temporary.write_all(&key)?;
    match temporary.persist_noclobber(path) {
        Ok(_) => Ok(key),
        Err(_) => read_or_make_key(path),
    }
}
