//! Whether a file that is open is still the one at its path. A file that was deleted or replaced can be written as before, and
//! everything in it is gone with the process.

use std::{
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

/// A file of SQLite as it was when it was opened.
#[derive(Clone, Debug)]
pub(crate) struct OpenedFile {
    path: PathBuf,
    /// Device and number: what a path leads to.
    identity: (u64, u64),
    /// The file of the write-ahead log, if there was one: a commit is there before it is in the file.
    log: Option<PathBuf>,
}

impl OpenedFile {
    /// The file at a path that has just been opened.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        Ok(Self {
            path: path.to_owned(),
            identity: identity(path)?,
            log: log.exists().then_some(log),
        })
    }

    /// Whether the path still leads to it.
    pub(crate) fn is_there(&self) -> bool {
        identity(&self.path).is_ok_and(|identity| identity == self.identity)
    }

    /// Whether a commit that was just made, by a connection that is still open, can be found by whoever opens the path.
    pub(crate) fn holds_commits(&self) -> bool {
        self.is_there() && self.log.as_ref().is_none_or(|log| log.exists())
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let about = std::fs::metadata(path)?;
    Ok((about.dev(), about.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_deleted_or_replaced_or_lost_its_log_is_noticed_and_one_that_came_back_is_too() {
        let dir = tempfile::tempdir().unwrap();
        let (path, log, away) = (
            dir.path().join("db"),
            dir.path().join("db-wal"),
            dir.path().join("away"),
        );
        std::fs::write(&path, "a").unwrap();
        std::fs::write(&log, "a").unwrap();
        let opened = OpenedFile::at(&path).unwrap();
        assert!(opened.is_there() && opened.holds_commits());
        std::fs::remove_file(&log).unwrap();
        assert!(opened.is_there() && !opened.holds_commits());
        std::fs::write(&log, "a").unwrap();
        std::fs::rename(&path, &away).unwrap();
        assert!(!opened.is_there() && !opened.holds_commits());
        std::fs::write(&path, "another").unwrap();
        assert!(!opened.is_there() && !opened.holds_commits());
        std::fs::rename(&away, &path).unwrap();
        assert!(opened.is_there() && opened.holds_commits());
    }
}
