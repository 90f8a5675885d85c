//! Compiled artefacts on disk. Loading one runs its machine code, so only what this host compiled is ever loaded:
//! each file carries a MAC over the compiler's compatibility hash, the kind, the source's digest and the code.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use hmac::{Hmac, Mac};
use sha2::Sha256;
use tempfile::NamedTempFile;

use super::disk::{self, CODE, HOOK, InUse, TAG, TEMPORARY};

pub(crate) use super::disk::Loaded;

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
            Self::Hook => HOOK,
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
    /// Bytes that hooks may take.
    quota: u64,
    in_use: InUse,
    /// Held while space in the quota is freed and taken.
    quota_lock: Mutex<()>,
}

/// An artefact that nobody finds yet. Dropped, it leaves nothing.
pub(crate) struct Draft<'a> {
    cache: &'a ArtifactCache,
    file: NamedTempFile,
    path: PathBuf,
    tag: [u8; 32],
    bytes: u64,
}

impl ArtifactCache {
    /// Opens the directory, making it and its key on first use. `quota`: bytes that hooks may take there.
    pub(crate) fn open(directory: &Path, compatibility: [u8; 32], quota: u64) -> io::Result<Self> {
        // It may be the first in the data directory, which nobody else may read.
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        let key = read_or_make_key(&directory.join("artifact.key"))?;
        Ok(Self {
            directory: directory.to_owned(),
            key,
            compatibility,
            quota,
            in_use: InUse::default(),
            quota_lock: Mutex::default(),
        })
    }

    /// The open file of an artefact whose MAC is right. A wrong one is removed, so that it is compiled again.
    pub(crate) fn get(&self, kind: Kind, digest: &str) -> Option<File> {
        let path = self.path(kind, digest);
        let mut file = File::open(&path).ok()?;
        let mut code = Vec::new();
        file.read_to_end(&mut code).ok()?;
        let tag = fs::read(path.with_extension(TAG)).unwrap_or_default();
        if self.mac(kind, digest, &code).verify_slice(&tag).is_ok() {
            // What was used last is removed last. Where this cannot be written down, the order is another one.
            let _ = file.set_modified(SystemTime::now());
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

    /// Writes an artefact and answers it opened.
    pub(crate) fn put(&self, kind: Kind, digest: &str, code: &[u8]) -> io::Result<File> {
        let draft = self.draft(kind, digest, code)?;
        draft.keep()?;
        File::open(self.path(kind, digest))
    }

    /// Writes an artefact that is kept once it is known to be good.
    pub(crate) fn draft(&self, kind: Kind, digest: &str, code: &[u8]) -> io::Result<Draft<'_>> {
        Ok(Draft {
            file: self.write(code)?,
            path: self.path(kind, digest),
            tag: self.mac(kind, digest, code).finalize().into_bytes().into(),
            bytes: match kind {
                Kind::Hook => code.len() as u64,
                // They are few and come with the program: they do not count.
                Kind::Engine | Kind::Workshop => 0,
            },
            cache: self,
        })
    }

    /// Until what is answered is dropped, the hook's artefact stays.
    pub(crate) fn load(&self, digest: &str) -> Loaded {
        self.in_use.load(digest)
    }

    /// Removes the artefact of a hook, unless it is loaded.
    pub(crate) fn discard(&self, digest: &str) {
        let _guard = self.quota_lock.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.in_use.has(digest) {
            disk::remove(&self.path(Kind::Hook, digest));
        }
    }

    fn write(&self, bytes: &[u8]) -> io::Result<NamedTempFile> {
        let mut temporary = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempfile_in(&self.directory)?;
        temporary.write_all(bytes)?;
        Ok(temporary)
    }

    fn path(&self, kind: Kind, digest: &str) -> PathBuf {
        let short: String = self.compatibility[..4]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.directory
            .join(format!("{}-{}-{short}.{CODE}", kind.label(), disk::short(digest)))
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

impl Draft<'_> {
    /// The file, to be loaded from.
    pub(crate) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Keeps it, if there is space for it. Renaming makes each file whole or absent; the MAC comes first, so that code
    /// never stands without one.
    pub(crate) fn keep(self) -> io::Result<()> {
        let _guard = self.cache.quota_lock.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = self.bytes == 0
            || disk::make_room(&self.cache.directory, &self.cache.in_use, self.bytes, self.cache.quota)?;
        if !has_room {
            tracing::warn!(
                quota = self.cache.quota,
                "compiled hooks that are in use take all the space of their quota; this one is compiled again after a restart"
            );
            return Ok(());
        }
        let tag = self.cache.write(&self.tag)?;
        tag.persist(self.path.with_extension(TAG))
            .map_err(|error| error.error)?;
        self.file.persist(&self.path).map(drop).map_err(|error| error.error)
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
