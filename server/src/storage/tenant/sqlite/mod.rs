//! Tenants' databases as SQLite files: one per project and environment, made on first use.
//!
//! - `connection`: a file, opened with everything off that could reach past it
//! - `authorizer`: what a statement may do, asked by SQLite for each table and function while it compiles the statement
//! - `functions`: SQLite's own functions whose time grows with the square of their arguments, written anew
//! - `run`: one statement within its budgets; `value` and `error` translate
//! - `session`, `migrate`: what the rest of the server sees

mod authorizer;
mod connection;
mod error;
mod functions;
mod migrate;
mod run;
mod session;
#[cfg(test)]
pub(super) mod testing;
mod value;

use std::{
    collections::HashMap,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aerocall_runtime::host::SdkError;
use async_trait::async_trait;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::{
    connection::{Connection, ConnectionUse},
    session::SqliteSession,
};
use super::{
    Applied, Migration, MigrationFault, Session, TenantDatabases, fault,
    layers::Layers,
    pool::{Bounds, Found, Lease, Pool},
};
use crate::base::{clock::Clock, config::TenantConfig, ids::Scope};

/// How long a request waits for a connection.
const CONNECTION_WAIT: Duration = Duration::from_secs(2);

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(60);

/// How long a deployment waits for the requests that are writing.
const MIGRATION_WAIT: Duration = Duration::from_secs(10);

/// All files.
pub(super) struct SqliteDatabases {
    dir: PathBuf,
    bytes_per_database: u64,
    clock: Clock,
    layers: Layers,
    pool: Arc<Pool<Connection>>,
    /// SQLite has one writer at a time. Waiting here is fair and holds no thread; waiting in SQLite is neither.
    writers: Mutex<HashMap<Scope, Arc<Semaphore>>>,
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
            writers: Mutex::new(HashMap::new()),
        }
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
            Found::Used(lease) => Ok(lease),
            Found::Free(room) => Ok(room.with(self.connect(scope, ConnectionUse::Hooks).await?)),
        }
    }

    async fn connect(&self, scope: &Scope, purpose: ConnectionUse) -> Result<Connection, SdkError> {
        let folder = self.dir.join(scope.project.as_str());
        let file = folder.join(format!("{}.db", scope.environment));
        let (bytes, layers) = (self.bytes_per_database, self.layers);
        let open = move || {
            let mut builder = std::fs::DirBuilder::new();
            let made = builder.recursive(true).mode(0o700).create(&folder);
            made.map_err(|error| fault::internal("making the folder of a database", &error))?;
            Connection::open(&file, purpose, bytes, layers)
        };
        blocking(open).await
    }

    async fn migrating(&self, scope: &Scope) -> Result<(Connection, OwnedSemaphorePermit), SdkError> {
        let turn = tokio::time::timeout(MIGRATION_WAIT, self.writer(scope).acquire_owned()).await;
        let turn = turn.map_err(|_| fault::locked())?.map_err(|_| fault::busy())?;
        Ok((self.connect(scope, ConnectionUse::Migrations).await?, turn))
    }
}

#[async_trait]
impl TenantDatabases for SqliteDatabases {
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
        let (now_ms, bytes) = (self.clock.now_ms(), self.bytes_per_database);
        let apply = move || {
            let applied = migrate::apply(&connection, migrations, now_ms, bytes);
            drop((connection, turn));
            Ok(applied)
        };
        blocking(apply).await?
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

    async fn ping(&self) -> Result<(), SdkError> {
        let dir = self.dir.clone();
        blocking(move || {
            let mut builder = std::fs::DirBuilder::new();
            let made = builder.recursive(true).mode(0o700).create(&dir);
            made.map_err(|error| fault::internal("making the folder of the databases", &error))
        })
        .await
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
