//! Files and directories that belong to the user who runs the server: nobody else reads them, whatever the umask is. Databases,
//! keys and what is made of hooks are such files.

use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use tempfile::TempDir;

/// What SQLite keeps beside a database; it gives them the mode of the database when it makes them.
const BESIDE_DATABASE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Directories that were warned of: more than one part of the server asks for the same one.
static WARNED_OF: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Makes a directory (0700) with those above it. One that is there keeps its mode: it may be shared on purpose, and it may not
/// be ours. It is warned of, and `aerocall doctor` says the same.
pub(crate) fn directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    let is_new = || {
        let mut warned = WARNED_OF.lock().unwrap_or_else(PoisonError::into_inner);
        warned.insert(path.to_owned())
    };
    if is_open(path) && is_new() {
        let path = path.display();
        tracing::warn!(
            "other users of this machine can enter a directory with databases or keys; run: chmod 700 {path}"
        );
    }
    Ok(())
}

/// A directory of its own, for its owner only (0700), which is gone when it is dropped.
pub(crate) fn temporary_directory() -> io::Result<TempDir> {
    tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o700))
        .tempdir()
}

/// Makes the file of a database (0600), before SQLite makes it for everybody to read. One that is there is tightened, with what
/// lies beside it.
pub(crate) fn database(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let beside = BESIDE_DATABASE.iter().map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    });
    for file in std::iter::once(path.to_owned())
        .chain(beside)
        .filter(|file| is_open(file))
    {
        tighten(&file)?;
    }
    Ok(())
}

/// Whether users other than the owner have any right to it. What is not there is not open.
pub(crate) fn is_open(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

/// A file that somebody else owns stays as it is: whoever gave it to this user decided who reads it.
fn tighten(path: &Path) -> io::Result<()> {
    let tightened = File::open(path).and_then(|file| file.set_permissions(Permissions::from_mode(0o600)));
    match tightened {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            tracing::warn!(file = %path.display(), "other users of this machine can read a database; run: chmod 600");
            Ok(())
        }
        tightened => tightened,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_made_is_for_its_owner_alone_and_old_databases_are_tightened() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a/b");
        directory(&inner).unwrap();
        assert_eq!((mode(&inner), mode(inner.parent().unwrap())), (0o700, 0o700));
        let file = inner.join("a.db");
        database(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(temporary_directory().unwrap().path()), 0o700);
        let wal = inner.join("a.db-wal");
        fs::write(&wal, b"").unwrap();
        for open in [&file, &wal] {
            fs::set_permissions(open, Permissions::from_mode(0o644)).unwrap();
        }
        database(&file).unwrap();
        assert_eq!((mode(&file), mode(&wal)), (0o600, 0o600));
    }

    #[test]
    fn a_directory_that_is_there_keeps_its_mode() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        directory(dir.path()).unwrap();
        assert_eq!(mode(dir.path()), 0o755);
        assert!(is_open(dir.path()) && !is_open(&dir.path().join("none")));
    }
}
