//! The connection pool of the core database and its two kinds of transaction: reading and writing.

use std::{path::Path, sync::Arc, time::Duration};

use diesel::{
    Connection as _, RunQueryDsl as _, SqliteConnection,
    connection::SimpleConnection as _,
    migration::{Migration as _, MigrationVersion},
    r2d2::{ConnectionManager, CustomizeConnection, ManageConnection, Pool, PooledConnection as Pooled},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use tokio::sync::{Notify, Semaphore};

use super::{
    StoreError,
    copy::address,
    error::Known,
    health::{Health, Unopened},
    postgres::{Manager, PostgresConnection},
    transactions::{self, Work, on_postgres, read_postgres, write_sqlite},
};
use crate::{
    base::{
        config::{DatabaseUrl, SecretUrl, StoreConfig},
        erased::Erased,
        private, request,
    },
    storage::opened_file::OpenedFile,
};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// How long a call waits for a connection before the client gets 503 with `Retry-After`.
const CONNECTION_WAIT: Duration = Duration::from_secs(5);

/// `synchronous = FULL`: a commit is on the disk before the client gets its answer. NORMAL would be quicker and as safe
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

/// Held while the tables are brought up to date, so that of two servers that start at once one waits.
const MIGRATING: &str = "SELECT pg_advisory_lock(hashtextextended('aerocall migrations', 0))";
const MIGRATED: &str = "SELECT pg_advisory_unlock(hashtextextended('aerocall migrations', 0))";

/// The core database.
#[derive(Clone)]
pub(crate) struct Store {
    pub(super) pool: Connections,
    pub(super) health: Arc<Health>,
    /// SQLite has one writer at a time. Waiting here is fair and holds no connection; waiting in SQLite is neither.
    /// PostgreSQL has as many as there are connections.
    writers: Arc<Semaphore>,
}

#[derive(Clone)]
pub(super) enum Connections {
    Sqlite(Pool<ConnectionManager<SqliteConnection>>, Arc<OpenedFile>),
    /// The pool does not lend what it opens connections with.
    Postgres(Pool<Manager>, Arc<Manager>),
}

/// An open transaction: all a closure gets.
pub(crate) struct Tx<'c> {
    pub(super) connection: Connection<'c>,
}

/// Whether a lock was to be had.
#[derive(diesel::QueryableByName)]
struct LockState {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    taken: bool,
}

/// Which database a transaction is of. Queries do not ask: see [`super::query`].
pub(super) enum Connection<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PostgresConnection),
}

impl Store {
    /// Opens the database, brings its tables up to date and fills the pool.
    pub(crate) async fn open(url: &DatabaseUrl, config: &StoreConfig) -> Result<Self, StoreError> {
        let (store, _) = Self::opened(url, config.connections).await?;
        store.respell().await?;
        Ok(store)
    }

    /// Brings the tables up to date; the names of the migrations that were applied.
    pub(crate) async fn migrate(url: &DatabaseUrl, config: &StoreConfig) -> Result<Vec<String>, StoreError> {
        let (store, applied) = Self::opened(url, config.connections.min(2)).await?;
        store.respell().await?;
        Ok(applied)
    }

    /// Opens a database that is there as it is; with the names of migrations that it lacks. A file that is not there is not
    /// made.
    pub(crate) async fn look(url: &DatabaseUrl) -> Result<(Self, Vec<String>), StoreError> {
        let url = url.clone();
        let looked = move || match url {
            DatabaseUrl::Sqlite(path) if !path.exists() => {
                let shown = path.display();
                Err(StoreError::Setup(
                    format!("there is no {shown}: check AEROCALL_DATA_DIR and AEROCALL_DATABASE_URL").into(),
                ))
            }
            DatabaseUrl::Sqlite(path) => {
                let (store, mut connection) = Self::file(&path, 2)?;
                let pending = connection.pending_migrations(SQLITE).map_err(StoreError::Setup)?;
                Ok((store, pending.iter().map(|one| one.name().to_string()).collect()))
            }
            DatabaseUrl::Postgres(url) => {
                let (store, mut connection) = Self::server(&url, 2)?;
                let pending = connection.pending_migrations(POSTGRES).map_err(StoreError::Setup)?;
                Ok((store, pending.iter().map(|one| one.name().to_string()).collect()))
            }
        };
        tokio::task::spawn_blocking(looked).await?
    }

    async fn opened(url: &DatabaseUrl, connections: u32) -> Result<(Self, Vec<String>), StoreError> {
        let url = url.clone();
        let opened = move || match url {
            DatabaseUrl::Sqlite(path) => Self::open_file(&path, connections),
            DatabaseUrl::Postgres(url) => Self::open_server(&url, connections),
        };
        tokio::task::spawn_blocking(opened).await?
    }

    fn open_file(path: &Path, connections: u32) -> Result<(Self, Vec<String>), StoreError> {
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            private::directory(parent).map_err(|error| StoreError::Setup(error.into()))?;
        }
        private::database(path).map_err(|error| StoreError::Setup(error.into()))?;
        let (store, mut connection) = Self::file(path, connections)?;
        let migrated = connection.run_pending_migrations(SQLITE).map(names);
        Ok((store, migrated.map_err(StoreError::Setup)?))
    }

    fn open_server(url: &SecretUrl, connections: u32) -> Result<(Self, Vec<String>), StoreError> {
        let (store, mut connection) = Self::server(url, connections)?;
        let setup = |error: diesel::result::Error| StoreError::Setup(error.into());
        connection.batch_execute(MIGRATING).map_err(setup)?;
        let migrated = connection.run_pending_migrations(POSTGRES).map(names);
        connection.batch_execute(MIGRATED).map_err(setup)?;
        Ok((store, migrated.map_err(StoreError::Setup)?))
    }

    fn file(path: &Path, connections: u32) -> Result<(Self, Pooled<ConnectionManager<SqliteConnection>>), StoreError> {
        let manager = ConnectionManager::<SqliteConnection>::new(address(path));
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(CONNECTION_WAIT)
            .connection_customizer(Box::new(Pragmas))
            .build(manager)
            .map_err(|error| StoreError::Setup(error.into()))?;
        let mut connection = pool.get().map_err(|error| StoreError::Setup(error.into()))?;
        // The first transaction makes the files.
        let made = connection.batch_execute("SELECT count(*) FROM sqlite_schema");
        made.map_err(|error| StoreError::Setup(error.into()))?;
        let file = OpenedFile::at(path).map_err(|error| StoreError::Setup(error.into()))?;
        let store = Self {
            pool: Connections::Sqlite(pool, Arc::new(file)),
            health: Arc::default(),
            writers: Arc::new(Semaphore::new(1)),
        };
        Ok((store, connection))
    }

    fn server(url: &SecretUrl, connections: u32) -> Result<(Self, Pooled<Manager>), StoreError> {
        let manager = Manager::new(url)?;
        manager.check_sessions(CONNECTION_WAIT)?;
        let health: Arc<Health> = Arc::default();
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(CONNECTION_WAIT)
            .error_handler(Box::new(Unopened(Arc::clone(&health))))
            // A connection that broke is found out when it is used, and replaced; asking before each use costs a
            // round trip.
            .test_on_check_out(false)
            .build(manager.clone())
            .map_err(|error| StoreError::Setup(error.into()))?;
        let connection = pool.get().map_err(|error| StoreError::Setup(error.into()))?;
        let store = Self {
            pool: Connections::Postgres(pool, Arc::new(manager)),
            health,
            writers: Arc::new(Semaphore::new(usize::try_from(connections).unwrap_or(1))),
        };
        Ok((store, connection))
    }

    /// Reads from one consistent state.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        transactions::result(self.reading(transactions::erase(work)).await?)
    }

    async fn reading(&self, work: Work) -> Result<Erased, StoreError> {
        let pool = self.pool.clone();
        let read = move || match pool {
            Connections::Sqlite(pool, _) => {
                connection(&pool)?.transaction(|connection| work(&mut Tx::sqlite(connection)))
            }
            Connections::Postgres(pool, _) => on_postgres(&pool, read_postgres, work),
        };
        tokio::task::spawn_blocking(read)
            .await?
            .map_err(|error| error.classified(Known::default()))
    }

    /// Changes everything or nothing.
    ///
    /// On SQLite (`BEGIN IMMEDIATE`) what was read inside is still true when it is committed. On PostgreSQL (`READ
    /// COMMITTED`) that holds for what a statement changes by its own condition, and for what is read under
    /// [`Tx::advisory_lock`].
    ///
    /// Where the database takes no changes, that is [`StoreError::Refuses`], and so is a commit to a file that nobody will find
    /// again. [`StoreError::Conflict`]: it was undone in favour of another transaction, and can be done again.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        transactions::result(self.writing(transactions::erase(work)).await?)
    }

    pub(super) async fn writing(&self, work: Work) -> Result<Erased, StoreError> {
        let turn = tokio::time::timeout(CONNECTION_WAIT, Arc::clone(&self.writers).acquire_owned());
        // Whoever is before us waits for a lock; all who wait behind would wait for all before them.
        let turn = turn.await.map_err(|late| StoreError::Connection(late.into()))?;
        let turn = turn.map_err(|closed| StoreError::Connection(closed.into()))?;
        let (pool, health, request) = (self.pool.clone(), Arc::clone(&self.health), request::current());
        let written = move || {
            let _turn = turn;
            // What the statement said: undoing the transaction may fail for another reason, and hide it.
            let mut known = Known::default();
            let work = |tx: &mut Tx<'_>| work(tx).inspect_err(|error| known = error.known());
            let done = match pool {
                Connections::Sqlite(pool, file) => write_sqlite(&pool, &file, work),
                Connections::Postgres(pool, _) => {
                    on_postgres(&pool, |connection, work| connection.transaction(work), work)
                }
            };
            let done = done.map_err(|error| error.classified(known));
            match &done {
                Err(StoreError::Refuses(fault, _)) => health.note(Some(*fault)),
                Err(StoreError::Conflict(_)) => health.note_conflict(),
                Ok(_) => health.note(None),
                // Refused by the work itself, a transaction says nothing about the database.
                Err(_) => {}
            }
            done
        };
        tokio::task::spawn_blocking(move || request::go_on(request, written)).await?
    }

    /// Wakes `notified` on changes by other nodes, until the connection breaks. SQLite has no notifications, and this never
    /// ends.
    pub(crate) async fn listen(&self, notified: &Notify) -> Result<(), StoreError> {
        match &self.pool {
            Connections::Sqlite(..) => std::future::pending().await,
            Connections::Postgres(_, manager) => manager.listen(notified).await,
        }
    }

    /// Connections at work, and connections there are.
    pub(crate) fn connections(&self) -> (u32, u32) {
        let state = match &self.pool {
            Connections::Sqlite(pool, _) => pool.state(),
            Connections::Postgres(pool, _) => pool.state(),
        };
        (
            state.connections.saturating_sub(state.idle_connections),
            state.connections,
        )
    }
}

impl<'c> Tx<'c> {
    pub(super) fn sqlite(connection: &'c mut SqliteConnection) -> Self {
        Self {
            connection: Connection::Sqlite(connection),
        }
    }

    pub(super) fn postgres(connection: &'c mut PostgresConnection) -> Self {
        Self {
            connection: Connection::Postgres(connection),
        }
    }

    /// Until this transaction ends, no other one gets past the same line with the same key: for what is read, decided
    /// and written. SQLite has one writer anyway.
    pub(crate) fn advisory_lock(&mut self, key: &str) -> Result<(), StoreError> {
        if let Connection::Postgres(connection) = &mut self.connection {
            diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind::<diesel::sql_types::Text, _>(key)
                .execute(*connection)?;
        }
        Ok(())
    }

    /// The clock of the database's machine, where it has one of its own.
    pub(crate) fn clock_ms(&mut self) -> Result<Option<i64>, StoreError> {
        const NOW: &str = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        match &mut self.connection {
            Connection::Sqlite(_) => Ok(None),
            Connection::Postgres(connection) => {
                let now = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(NOW));
                Ok(Some(now.get_result(*connection)?))
            }
        }
    }

    /// The same, unless somebody is past that line: whether nobody was. A transaction that takes several keys cannot wait for
    /// them, or two would wait for each other.
    pub(crate) fn try_exclusive(&mut self, key: &str) -> Result<bool, StoreError> {
        let Connection::Postgres(connection) = &mut self.connection else {
            return Ok(true);
        };
        let taken: LockState = diesel::sql_query("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken")
            .bind::<diesel::sql_types::Text, _>(key)
            .get_result(*connection)?;
        Ok(taken.taken)
    }

    pub(super) fn run(&mut self, statement: &str) -> Result<(), StoreError> {
        match &mut self.connection {
            Connection::Sqlite(connection) => connection.batch_execute(statement)?,
            Connection::Postgres(connection) => connection.batch_execute(statement)?,
        }
        Ok(())
    }
}

/// Of migrations that were applied.
fn names(versions: Vec<MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

pub(super) fn connection<M: ManageConnection>(pool: &Pool<M>) -> Result<Pooled<M>, StoreError> {
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
