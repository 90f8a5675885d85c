//! Why a database that answers takes no changes, in the words that operators read in `/readyz`, the log, the metrics and
//! `aerocall doctor`. Clients and hooks only learn that they can try again.

use std::{error::Error, io};

/// What keeps a database from taking changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteFault {
    /// The file system or the tablespace has no room. A project's quota is something else.
    DiskFull,
    /// A standby, `default_transaction_read_only`, or a file that may not be written.
    ReadOnly,
    /// Somebody else holds what is needed, for longer than is waited.
    Locked,
    /// Reading or writing the file fails.
    Disk,
    /// Pages are not what they should be.
    Damaged,
    /// The file that the server works with is not at its path any more: what is written would be lost.
    FileGone,
}

/// A database that has no connection left, and how to put it right.
pub(crate) const USED_UP: &str = "accepts no more connections";
pub(crate) const USED_UP_FIX: &str = "Raise max_connections of PostgreSQL (or the limit of its role, database or pooler), or lower \
                                      store.connections and tenant.connections of every node; pg_stat_activity says who has them";

/// Why a service is not ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unready {
    /// For whoever asks: from a short list.
    pub(crate) words: &'static str,
    /// For the log.
    pub(crate) cause: String,
}

impl WriteFault {
    pub(crate) const ALL: [Self; 6] = [
        Self::DiskFull,
        Self::ReadOnly,
        Self::Locked,
        Self::Disk,
        Self::Damaged,
        Self::FileGone,
    ];

    /// As metrics have it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::DiskFull => "disk_full",
            Self::ReadOnly => "read_only",
            Self::Locked => "locked",
            Self::Disk => "disk_error",
            Self::Damaged => "damaged",
            Self::FileGone => "file_gone",
        }
    }

    /// As people read it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::DiskFull => "refuses changes: its disk is full",
            Self::ReadOnly => "refuses changes: it is read-only",
            Self::Locked => "refuses changes: somebody holds a lock for too long",
            Self::Disk => "refuses changes: reading or writing its disk fails",
            Self::Damaged => "refuses changes: it is damaged",
            Self::FileGone => "refuses changes: its file was deleted or replaced while the server ran",
        }
    }

    /// How to put it right.
    pub(crate) fn fix(self) -> &'static str {
        match self {
            Self::DiskFull => {
                "Free space on the disk of the database, or give it a larger one; the server goes on by itself"
            }
            Self::ReadOnly => {
                "Check that the address leads to the primary, that default_transaction_read_only is off, and that the file \
                 and its directory are writable for the user of the server"
            }
            Self::Locked => {
                "Find who holds the lock (PostgreSQL: pg_stat_activity, pg_locks; SQLite: another program on the file) and end it"
            }
            Self::Disk => "Check the disk and the log of the database; then restore a backup if data was lost",
            Self::Damaged => {
                "Stop the server and keep a copy of the database. If only indexes are named, rebuild them (REINDEX); otherwise \
                 restore the last backup: aerocall restore"
            }
            Self::FileGone => {
                "Move the file back to its path, with its -wal file, before the server is stopped: a process that has it open \
                 can still read it under /proc/<pid>/fd. Otherwise restore the last backup: aerocall restore"
            }
        }
    }

    /// By the message of SQLite; each result code has one (`sqlite3_errstr`).
    pub(crate) fn of_sqlite(message: &str) -> Option<Self> {
        Some(match message {
            "database or disk is full" => Self::DiskFull,
            "attempt to write a readonly database" => Self::ReadOnly,
            "database is locked" | "database table is locked" | "database schema is locked" => Self::Locked,
            "disk I/O error" | "unable to open database file" => Self::Disk,
            "database disk image is malformed" | "file is not a database" => Self::Damaged,
            _ => return None,
        })
    }

    /// By what the system says of a file.
    pub(crate) fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            io::ErrorKind::NotFound => Self::FileGone,
            _ => Self::Disk,
        }
    }

    /// By the code of PostgreSQL.
    pub(crate) fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "53100" => Self::DiskFull,
            "25006" => Self::ReadOnly,
            "55P03" => Self::Locked,
            "58030" => Self::Disk,
            "XX001" | "XX002" => Self::Damaged,
            _ => return None,
        })
    }

    /// By the message of PostgreSQL in English, where its code is not to be had.
    pub(crate) fn of_postgres(message: &str) -> Option<Self> {
        let says = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
        if says(&["No space left on device", "Disk quota exceeded"]) {
            return Some(Self::DiskFull);
        }
        if says(&[
            "in a read-only transaction",
            "during recovery",
            "while recovery is in progress",
        ]) {
            return Some(Self::ReadOnly);
        }
        if says(&[
            "due to lock timeout",
            "due to statement timeout",
            "due to conflict with recovery",
        ]) {
            return Some(Self::Locked);
        }
        if says(&["could not read block", "could not write block", "Input/output error"]) {
            return Some(Self::Disk);
        }
        says(&["invalid page in block", "unexpected zero page", "missing chunk number"]).then_some(Self::Damaged)
    }
}

impl Unready {
    /// It does not answer, or not as it should.
    pub(crate) fn silent(error: &dyn Error) -> Self {
        Self {
            words: "does not respond",
            cause: crate::base::error::chain(error),
        }
    }

    /// It has no connection left for this process.
    pub(crate) fn used_up(cause: impl Into<String>) -> Self {
        Self {
            words: USED_UP,
            cause: cause.into(),
        }
    }

    /// It answers, and takes no changes.
    pub(crate) fn refusing(fault: WriteFault, cause: impl Into<String>) -> Self {
        Self {
            words: fault.words(),
            cause: cause.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_in_which_a_database_refuses_is_distinguished() {
        let sqlite = [
            ("database or disk is full", WriteFault::DiskFull),
            ("attempt to write a readonly database", WriteFault::ReadOnly),
            ("database is locked", WriteFault::Locked),
            ("disk I/O error", WriteFault::Disk),
            ("database disk image is malformed", WriteFault::Damaged),
        ];
        for (message, fault) in sqlite {
            assert_eq!(WriteFault::of_sqlite(message), Some(fault), "{message}");
        }
        let postgres = [
            (
                "could not extend file \"base/5/16384\": No space left on device",
                WriteFault::DiskFull,
            ),
            ("cannot execute INSERT in a read-only transaction", WriteFault::ReadOnly),
            (
                "cannot acquire lock mode RowExclusiveLock on database objects while recovery is in progress",
                WriteFault::ReadOnly,
            ),
            (
                "cannot set transaction read-write mode during recovery",
                WriteFault::ReadOnly,
            ),
            ("canceling statement due to lock timeout", WriteFault::Locked),
            (
                "could not read block 3 in file \"base/5/1\": read only 0 of 8192 bytes",
                WriteFault::Disk,
            ),
            ("invalid page in block 7 of relation base/5/1", WriteFault::Damaged),
        ];
        for (message, fault) in postgres {
            assert_eq!(WriteFault::of_postgres(message), Some(fault), "{message}");
        }
        for message in [
            "UNIQUE constraint failed: users.id",
            "syntax error at or near \"x\"",
            "",
        ] {
            assert_eq!(WriteFault::of_sqlite(message), None);
            assert_eq!(WriteFault::of_postgres(message), None);
        }
    }

    #[test]
    fn each_has_words_of_its_own() {
        let mut said: Vec<_> = WriteFault::ALL
            .iter()
            .flat_map(|fault| [fault.label(), fault.words(), fault.fix()])
            .collect();
        let all = said.len();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), all);
    }
}
