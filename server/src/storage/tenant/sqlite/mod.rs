//! Tenants' databases as SQLite files: one per project and environment, made on first use.
//!
//! - `connection`: a file, opened with everything off that could reach past it
//! - `copy`: all files as an operator sees them
//! - `disk`: whether the disk has room and a file is still where it was
//! - `authorizer`: what a statement may do, asked by SQLite for each table and function while it compiles the statement
//! - `functions`: SQLite's own functions whose time grows with the square of their arguments, written anew; `pattern`: `LIKE`
//!   and `GLOB`
//! - `run`: one statement within its budgets; `uninterrupted`: those of its steps between which nothing looks at the clock;
//!   `value` and `error` translate
//! - `shape`: what the tables are like
//! - `session`, `migrate`: what the rest of the server sees

mod authorizer;
mod connection;
mod copy;
mod disk;
mod error;
mod functions;
#[cfg(test)]
mod interruption;
mod migrate;
mod pattern;
mod run;
mod session;
mod shape;
#[cfg(test)]
pub(super) mod testing;
mod uninterrupted;
mod value;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use aerocall_runtime::host::SdkError;
use async_trait::async_trait;
use tempfile::TempDir;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::{
    connection::{Connection, ConnectionUse},
    session::SqliteSession,
};
pub(super) use self::{
    copy::{copy, files, soundness},
    disk::beat,
};
use super::{
    Applied, Migration, MigrationFault, Session, Table, TableShape, TenantDatabases, fault,
    layers::Layers,
    pool::{Bounds, Found, Lease, Pool},
};
use crate::{
    base::{
        clock::Clock,
        config::{TenantConfig, TenantUrl},
        ids::Scope,
        private,
    },
    storage::{
        opened_file::OpenedFile,
        write_fault::{Unready, WriteFault},
    },
};

/// How long a request waits for a connection.
const CONNECTION_WAIT: Duration = Duration::from_secs(2);

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(60);

/// How long a deployment waits for the requests that are writing.
const MIGRATION_WAIT: Duration = Duration::from_secs(10);

/// For so long a file that could be written says that the next one can.
const BEAT_LASTS: Duration = Duration::from_secs(5);

/// All files.
pub(super) struct SqliteDatabases {
    dir: PathBuf,
    bytes_per_database: u64,
    clock: Clock,
    layers: Layers,
    pool: Arc<Pool<Connection>>,
    /// Files that were opened by this process.
    known: Mutex<HashMap<Scope, OpenedFile>>,
    beaten: Mutex<Option<Instant>>,
    /// SQLite has one writer at a time. Waiting here is fair and holds no thread; waiting in SQLite is neither.
    writers: Mutex<HashMap<Scope, Arc<Semaphore>>>,
    /// Where copies are, which are gone with it.
    _temporary: Option<TempDir>,
}

impl SqliteDatabases {
    pub(super) fn open(dir: &Path, config: &TenantConfig, clock: Clock, layers: Layers) -> Self {
        Self {
            dir: dir.to_owned(),
            bytes_per_database: config.bytes_per_database,
            clock,
            layers,
            pool: Pool::new(Bounds {
                per_scope: config.connections_per_database,
                all: config.connections,
                wait: CONNECTION_WAIT,
                idle: IDLE,
            }),
            known: Mutex::default(),
            beaten: Mutex::default(),
            writers: Mutex::new(HashMap::new()),
            _temporary: None,
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Scope, OpenedFile>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self, scope: &Scope) -> Arc<Semaphore> {
        let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        // What nobody holds is made again when it is needed.
        if writers.len() > 10_000 {
            writers.retain(|_, writer| Arc::strong_count(writer) > 1);
        }
        Arc::clone(
            writers
                .entry(scope.clone())
                .or_insert_with(|| Arc::new(Semaphore::new(1))),
        )
    }

    async fn lease(&self, scope: &Scope) -> Result<Lease<Connection>, SdkError> {
        match self.pool.find(scope).await? {
            Found::Used(lease) => {
                disk::check_file(&lease.connection, false)?;
                Ok(lease)
            }
            Found::Free(room) => Ok(room.with(self.connect(scope, ConnectionUse::Hooks).await?)),
        }
    }

    async fn connect(&self, scope: &Scope, purpose: ConnectionUse) -> Result<Connection, SdkError> {
        let folder = self.dir.join(scope.project.as_str());
        let file = folder.join(format!("{}.db", scope.environment));
        let (bytes, layers) = (self.bytes_per_database, self.layers);
        let known = self.known().get(scope).cloned();
        let open = move || {
            let made = private::directory(&folder);
            made.map_err(|error| fault::internal("making the folder of a database", &error))?;
            // Opened once, it is not made again: an empty one would take the place of what was lost.
            if known.is_some_and(|known| !known.is_there()) {
                return Err(fault::refused(WriteFault::FileGone, &"a project's file"));
            }
            private::database(&file).map_err(|error| fault::internal("making a database", &error))?;
            Connection::open(&file, purpose, bytes, layers)
        };
        let connection = blocking(open).await?;
        self.known().insert(scope.clone(), connection.file.clone());
        Ok(connection)
    }

    /// What the file says of its tables.
    async fn shown<T: Send + 'static>(
        &self,
        scope: &Scope,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, SdkError> {
        let lease = self.lease(scope).await?;
        let (lease, shown) = blocking(move || {
            let shown = look(&lease.connection);
            Ok((lease, shown))
        })
        .await?;
        self.pool.give_back(lease);
        shown.map_err(|error| fault::internal("looking at the tables", &error))
    }

    async fn migrating(&self, scope: &Scope) -> Result<(Connection, OwnedSemaphorePermit), SdkError> {
        let turn = tokio::time::timeout(MIGRATION_WAIT, self.writer(scope).acquire_owned()).await;
        let turn = turn.map_err(|_| fault::locked())?.map_err(|_| fault::busy())?;
        Ok((self.connect(scope, ConnectionUse::Migrations).await?, turn))
    }
}

#[async_trait]
impl TenantDatabases for SqliteDatabases {
    /// Files are made on first use.
    async fn check(&self) -> crate::base::error::Result<()> {
        Ok(())
    }

    async fn session(&self, scope: &Scope) -> Result<Box<dyn Session>, SdkError> {
        let lease = self.lease(scope).await?;
        Ok(Box::new(SqliteSession::new(
            Arc::clone(&self.pool),
            lease,
            self.writer(scope),
        )))
    }

    async fn migrate(&self, scope: &Scope, migrations: Vec<Migration>) -> Result<Vec<Applied>, MigrationFault> {
        if migrations.is_empty() {
            return Ok(Vec::new());
        }
        let (connection, turn) = self.migrating(scope).await?;
        let now_ms = self.clock.now_ms();
        let apply = move || {
            let applied = migrate::apply(&connection, migrations, now_ms);
            drop((connection, turn));
            Ok(applied)
        };
        blocking(apply).await?
    }

    fn close(&self, scope: &Scope) {
        self.pool.close(scope);
        // Whoever makes the scope anew gets a new file.
        self.known().remove(scope);
    }

    async fn remove(&self, scope: &Scope) -> Result<(), SdkError> {
        self.close(scope);
        let folder = self.dir.join(scope.project.as_str());
        let environment = scope.environment.clone();
        blocking(move || {
            for end in ["", "-wal", "-shm", "-journal"] {
                match std::fs::remove_file(folder.join(format!("{environment}.db{end}"))) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(fault::internal("deleting a database", &error));
                    }
                    _ => {}
                }
            }
            // Other environments of the project may have their files in it.
            let _ = std::fs::remove_dir(&folder);
            Ok(())
        })
        .await
    }

    async fn applied(&self, scope: &Scope) -> Result<Vec<Applied>, SdkError> {
        let lease = self.lease(scope).await?;
        let (lease, applied) = blocking(move || {
            let applied = migrate::applied(&lease.connection);
            Ok((lease, applied))
        })
        .await?;
        self.pool.give_back(lease);
        applied.map_err(|error| fault::internal("reading the migrations", &error))
    }

    async fn duplicate(&self, scope: &Scope, most_bytes: u64) -> Result<Arc<dyn TenantDatabases>, SdkError> {
        let temporary = private::temporary_directory();
        let temporary = temporary.map_err(|error| fault::internal("making a directory for a copy", &error))?;
        let name = format!("{}.db", scope.environment);
        let from = self.dir.join(scope.project.as_str()).join(&name);
        let folder = temporary.path().join(scope.project.as_str());
        blocking(move || {
            let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |about| about.len());
            let all = bytes(&from) + bytes(&from.with_extension("db-wal"));
            if all > most_bytes {
                return Err(fault::too_large_to_copy(all, most_bytes));
            }
            let made = private::directory(&folder);
            made.map_err(|error| fault::internal("making the folder of a copy", &error))?;
            // One that is made on first use is empty.
            match from.exists() {
                true => copy(&from, &folder.join(&name)).map_err(|error| fault::internal("copying a database", &error)),
                false => Ok(()),
            }
        })
        .await?;
        let config = TenantConfig {
            url: TenantUrl::Sqlite(temporary.path().to_owned()),
            bytes_per_database: self.bytes_per_database,
            connections_per_database: 2,
            connections_per_role: 2,
            connections: 2,
        };
        let databases = Self::open(temporary.path(), &config, self.clock.clone(), self.layers);
        Ok(Arc::new(Self {
            _temporary: Some(temporary),
            ..databases
        }))
    }

    async fn tables(&self, scope: &Scope) -> Result<Vec<Table>, SdkError> {
        self.shown(scope, shape::tables).await
    }

    async fn table(&self, scope: &Scope, name: &str) -> Result<Option<TableShape>, SdkError> {
        let name = name.to_owned();
        self.shown(scope, move |connection| shape::table(connection, &name))
            .await
    }

    async fn beat(&self) -> Result<(), Unready> {
        let last = *self.beaten.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|at| at.elapsed() < BEAT_LASTS) {
            return Ok(());
        }
        let dir = self.dir.clone();
        let beaten = tokio::task::spawn_blocking(move || disk::beat(&dir)).await;
        beaten.map_err(|error| Unready::silent(&error))??;
        *self.beaten.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Ok(())
    }
}

/// SQLite works on the calling thread; that must not be one of the requests'.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SdkError> + Send + 'static,
) -> Result<T, SdkError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| fault::internal("working on a database", &error))?
}
