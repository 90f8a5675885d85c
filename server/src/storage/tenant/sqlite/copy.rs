//! All files as an operator sees them: which there are, copies of them, and whether one is damaged.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{OpenFlags, config::DbConfig};

use super::{
    super::layers::Layers,
    connection::{Connection, ConnectionUse},
};
use crate::storage::soundness::Soundness;

/// The most that a look at one file may take: what a project wrote may be slow to look at.
const LOOK_TIME: Duration = Duration::from_secs(60);

/// `<project>/<environment>.db`, by name.
pub(in crate::storage::tenant) fn files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let projects = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
        projects => projects?,
    };
    for project in projects {
        let project = project?;
        if !project.file_type()?.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(project.path())? {
            let path = file?.path();
            if path.extension().is_some_and(|ending| ending == "db") {
                files.extend(path.strip_prefix(dir).map(Path::to_owned).ok());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// One transaction reads all of it; whoever writes does not wait.
pub(in crate::storage::tenant) fn copy(from: &Path, to: &Path) -> rusqlite::Result<()> {
    // Not made if it is not there, and a name stays a name.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = rusqlite::Connection::open_with_flags(from, flags)?;
    db.busy_timeout(Duration::from_secs(5))?;
    // What a project wrote into its schema is copied, not run.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.execute("VACUUM INTO ?1", [to.display().to_string()])?;
    Ok(())
}

/// Every page and index of every file.
pub(in crate::storage::tenant) fn soundness(dir: &Path, bytes: u64) -> io::Result<Soundness> {
    let files = files(dir)?;
    let mut sound = Soundness::new(format!("every page and index of {} files", files.len()));
    for file in files {
        let name = file.display().to_string();
        match look(&dir.join(&file), bytes) {
            Ok(lines) => sound.found(&name, lines),
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) => {
                sound.skipped(&name);
            }
            Err(error) => sound.found(&name, [error.to_string()]),
        }
    }
    Ok(sound)
}

fn look(file: &Path, bytes: u64) -> rusqlite::Result<Vec<String>> {
    let connection = Connection::open_file(file, ConnectionUse::Migrations, bytes, Layers::ALL)?;
    connection.watch.allow(LOOK_TIME);
    connection.ours(|db| {
        let mut look = db.prepare("PRAGMA integrity_check(20)")?;
        let lines = look.query_map([], |row| row.get(0))?;
        lines.collect()
    })
}
