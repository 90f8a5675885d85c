//! The door to the database: opening it, and the two ways in.

use std::{path::Path, sync::Arc, time::Duration};

use diesel::{
    Connection as _, RunQueryDsl as _, SqliteConnection,
    connection::SimpleConnection as _,
    r2d2::{ConnectionManager, CustomizeConnection, Pool, PooledConnection},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use tokio::sync::Semaphore;

use super::StoreError;
use crate::config::{DatabaseUrl, StoreConfig};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// How long a call waits for a connection before the client is told to come back.
const CONNECTION_WAIT: Duration = Duration::from_secs(5);

/// `synchronous = FULL`: a commit is on the disk before the client hears of it. NORMAL would be quicker and as safe
/// against a crash of the server, but a power cut could take sign-ups back that were answered; next to the password
/// hash of the same request, the fsync is small. `trusted_schema = OFF`: functions with side effects never run from
/// the schema (SQLite's advice for every application).
const PRAGMAS: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
";

/// The core database.
#[derive(Clone)]
pub(crate) struct Store {
    pool: Pool<ConnectionManager<SqliteConnection>>,
    /// SQLite has one writer at a time. Waiting here is fair and holds no connection; waiting in SQLite is neither.
    writer: Arc<Semaphore>,
}

/// An open transaction: all a closure gets.
pub(crate) struct Tx<'c> {
    pub(super) connection: &'c mut SqliteConnection,
}

impl Store {
    /// Opens the database, brings its tables up to date and fills the pool.
    pub(crate) async fn open(url: &DatabaseUrl, config: &StoreConfig) -> Result<Self, StoreError> {
        let DatabaseUrl::Sqlite(path) = url;
        let (path, connections) = (path.clone(), config.connections);
        tokio::task::spawn_blocking(move || Self::open_file(&path, connections)).await?
    }

    fn open_file(path: &Path, connections: u32) -> Result<Self, StoreError> {
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent).map_err(|error| StoreError::Setup(error.into()))?;
        }
        let manager = ConnectionManager::<SqliteConnection>::new(path.display().to_string());
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(CONNECTION_WAIT)
            .connection_customizer(Box::new(Pragmas))
            .build(manager)
            .map_err(|error| StoreError::Setup(error.into()))?;
        pool.get()
            .map_err(|error| StoreError::Setup(error.into()))?
            .run_pending_migrations(MIGRATIONS)
            .map_err(StoreError::Setup)?;
        Ok(Self {
            pool,
            writer: Arc::new(Semaphore::new(1)),
        })
    }

    /// Reads from one consistent state.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let pool = self.pool.clone();
        tokio::task::spawn_blocking(move || connection(&pool)?.transaction(|connection| work(&mut Tx { connection })))
            .await?
    }

    /// Changes everything or nothing. `BEGIN IMMEDIATE`: what was read inside is still true when it is committed.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let closed = |error: tokio::sync::AcquireError| StoreError::Connection(error.into());
        let turn = Arc::clone(&self.writer).acquire_owned().await.map_err(closed)?;
        let pool = self.pool.clone();
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            connection(&pool)?.immediate_transaction(|connection| work(&mut Tx { connection }))
        })
        .await?
    }

    /// Whether the database answers.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        self.read(|tx| Ok(diesel::sql_query("SELECT 1").execute(tx.connection).map(drop)?))
            .await
    }
}

fn connection(
    pool: &Pool<ConnectionManager<SqliteConnection>>,
) -> Result<PooledConnection<ConnectionManager<SqliteConnection>>, StoreError> {
    pool.get().map_err(|error| StoreError::Connection(error.into()))
}

#[derive(Debug)]
struct Pragmas;

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for Pragmas {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        connection
            .batch_execute(PRAGMAS)
            .map_err(diesel::r2d2::Error::QueryError)
    }
}
