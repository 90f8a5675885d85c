//! What the disk under the files says: whether it has room, and whether a file is still where it was opened.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::Path,
};

use aerocall_runtime::host::SdkError;

use super::{super::fault, connection::Connection};
use crate::storage::write_fault::{Unready, WriteFault};

/// As much as a small transaction writes.
const ROOM_BYTES: usize = 256 << 10;

/// SQLite says "database or disk is full" for both: the file has reached its quota, or the disk has no room. A disk that just
/// refused a page refuses another file, too.
pub(super) fn full(connection: &Connection) -> SdkError {
    let directory = connection.db.path().map(Path::new).and_then(Path::parent);
    match directory.map(room).transpose() {
        Ok(_) => fault::full(connection.bytes),
        Err(error) => fault::refused(WriteFault::of_io(&error), &error),
    }
}

/// What was written by a connection is found by whoever opens the path, now or after the next start.
pub(super) fn check_file(connection: &Connection, is_commit: bool) -> Result<(), SdkError> {
    let there = match is_commit {
        true => connection.file.holds_commits(),
        false => connection.file.is_there(),
    };
    match there {
        true => Ok(()),
        false => Err(fault::refused(WriteFault::FileGone, &"a project's file")),
    }
}

/// Whether files can be made and written under a directory, which is made if it is not there.
pub(in crate::storage::tenant) fn beat(directory: &Path) -> Result<(), Unready> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
    made.and_then(|()| room(directory))
        .map_err(|error| Unready::refusing(WriteFault::of_io(&error), error.to_string()))
}

/// Writes a file and takes it away again.
fn room(directory: &Path) -> io::Result<()> {
    let path = directory.join(format!(".room-{}", std::process::id()));
    let written = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&path)
        .and_then(|mut file| file.write_all(&vec![0x5a; ROOM_BYTES]));
    let removed = std::fs::remove_file(&path);
    written.and(removed)
}
