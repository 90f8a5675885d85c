//! A connection to one file, opened so that nothing but this file can be reached through it.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use aerocall_runtime::host::SdkError;
use rusqlite::{OpenFlags, config::DbConfig, ffi, limits::Limit};

use super::{
    super::{fault, layers::Layers},
    authorizer::{Author, CurrentAuthor},
    functions,
};
use crate::storage::opened_file::OpenedFile;

/// What a connection is for; it stays so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConnectionUse {
    Hooks,
    Migrations,
}

/// How long SQLite itself waits for a lock. Writers of this process wait elsewhere; this is for another process.
const BUSY_WAIT: Duration = Duration::from_millis(1_000);

/// Steps of SQLite's machine between two looks at the clock. A look takes less than a step does, but each of these steps can be
/// a function that takes milliseconds for a value of a megabyte.
const STEPS_BETWEEN_LOOKS: i32 = 100;

/// Prepared statements of hooks kept per connection.
const CACHED_STATEMENTS: usize = 32;

/// The largest value, and the largest row.
const MAX_VALUE_BYTES: i32 = 1 << 20;

/// `synchronous = FULL`: what a request was answered is on the disk, as in the core database. `cache_size` bounds memory per
/// connection (KiB, negative); what does not fit is spilled.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA cache_size = -2048;
    PRAGMA journal_size_limit = 4194304;
";

const LIMITS: [(Limit, i32); 13] = [
    (Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (Limit::SQLITE_LIMIT_COLUMN, 100),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 20),
    (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 16),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (
        Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH,
        functions::MAX_PATTERN_BYTES as i32,
    ),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 999),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    (Limit::SQLITE_LIMIT_PARSER_DEPTH, 250),
];

/// Migrations may be long; a statement of one has the same bounds otherwise.
const MIGRATION_SQL_BYTES: i32 = 256 << 10;

/// A connection with its rules.
pub(super) struct Connection {
    pub(super) db: rusqlite::Connection,
    pub(super) watch: Arc<Interrupt>,
    /// The quota of the file.
    pub(super) bytes: u64,
    pub(super) layers: Layers,
    pub(super) file: OpenedFile,
    author: CurrentAuthor,
    usual: Author,
}

/// What may stop a running statement: its deadline, or a request that is gone.
pub(super) struct Interrupt {
    opened: Instant,
    /// Microseconds since `opened`.
    until: AtomicU64,
    abandoned: AtomicBool,
}

impl Connection {
    pub(super) fn open(file: &Path, purpose: ConnectionUse, bytes: u64, layers: Layers) -> Result<Self, SdkError> {
        Self::open_file(file, purpose, bytes, layers).map_err(|error| fault::internal("opening a database", &error))
    }

    pub(super) fn open_file(file: &Path, purpose: ConnectionUse, bytes: u64, layers: Layers) -> rusqlite::Result<Self> {
        // No URI, so that a name stays a name. One thread at a time uses a connection.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = rusqlite::Connection::open_with_flags(file, flags)?;
        db.busy_timeout(BUSY_WAIT)?;
        db.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
        if layers.setup.is_on() {
            set_up(&db, purpose, bytes)?;
        }
        // The first statement makes the files.
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        let opened = OpenedFile::at(file).map_err(|_| rusqlite::Error::InvalidPath(file.to_owned()))?;
        let watch = Arc::new(Interrupt::new());
        functions::replace_slow(&db, &watch)?;
        if layers.budgets.is_on() {
            for (limit, most) in LIMITS {
                db.set_limit(limit, most)?;
            }
            if purpose == ConnectionUse::Migrations {
                db.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, MIGRATION_SQL_BYTES)?;
            }
        }
        let usual = match purpose {
            ConnectionUse::Hooks => Author::Hook,
            ConnectionUse::Migrations => Author::Migration,
        };
        let author = CurrentAuthor::new(usual);
        if layers.rules.is_on() {
            let author = author.clone();
            db.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| {
                author.decide(&context)
            }))?;
        }
        if layers.budgets.is_on() {
            let watch = Arc::clone(&watch);
            db.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || watch.is_over()))?;
        }
        Ok(Self {
            db,
            watch,
            bytes,
            layers,
            file: opened,
            author,
            usual,
        })
    }

    /// Work of this server itself, past the rules for tenants. Its statements are never kept prepared: the cache is
    /// looked up by text, and a tenant may send the same one.
    pub(super) fn ours<T>(&self, work: impl FnOnce(&rusqlite::Connection) -> T) -> T {
        self.author.set(Author::Us);
        let done = work(&self.db);
        self.author.set(self.usual);
        done
    }

    /// Statements of this server that answer nothing.
    pub(super) fn command(&self, sql: &str) -> rusqlite::Result<()> {
        self.ours(|db| db.execute_batch(sql))
    }

    /// Whether no row of this transaction misses the one that it refers to. SQLite counts those whose constraint waits for the
    /// commit, and says whether there are any.
    pub(super) fn foreign_keys_hold(&self) -> bool {
        let (mut open, mut highest) = (0, 0);
        // SAFETY: the handle is that of an open connection, which nobody else uses meanwhile; both numbers outlive the call.
        let status = unsafe {
            let which = ffi::SQLITE_DBSTATUS_DEFERRED_FKS;
            ffi::sqlite3_db_status(self.db.handle(), which, &raw mut open, &raw mut highest, 0)
        };
        status == ffi::SQLITE_OK && open == 0
    }
}

fn set_up(db: &rusqlite::Connection, purpose: ConnectionUse, bytes: u64) -> rusqlite::Result<()> {
    db.execute_batch(SETTINGS)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false)?;
    // Migrations rebuild tables, which SQLite takes for deleting all rows; they are checked as a whole before the commit.
    db.set_db_config(
        DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY,
        matches!(purpose, ConnectionUse::Hooks),
    )?;
    let page_bytes: u32 = db.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let pages = (bytes / u64::from(page_bytes.max(512))).max(1);
    db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
}

impl Interrupt {
    pub(super) fn new() -> Self {
        Self {
            opened: Instant::now(),
            until: AtomicU64::new(u64::MAX),
            abandoned: AtomicBool::new(false),
        }
    }

    /// The next statement may run for so long.
    pub(super) fn allow(&self, time: Duration) {
        let until = (self.opened.elapsed() + time).as_micros();
        self.until
            .store(u64::try_from(until).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Nobody waits for the answer any more.
    pub(super) fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }

    /// Whether whatever runs has to end.
    pub(super) fn is_over(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed)
            || self.opened.elapsed().as_micros() > u128::from(self.until.load(Ordering::Relaxed))
    }
}
