//! A connection of one request. The connection goes to a thread that may block with each statement and comes back.

use std::sync::Arc;

use aerocall_runtime::host::{ErrorCode, Rows, SdkError};
use async_trait::async_trait;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    super::{
        Part, Session, SessionState, Statement, fault,
        pool::{Lease, Pool},
    },
    blocking,
    connection::{Connection, Interrupt},
    disk,
    run::{self, Open, Ran},
};

/// How long a write waits for the others of its scope.
const WRITER_WAIT: std::time::Duration = std::time::Duration::from_secs(2);

pub(super) struct SqliteSession {
    pool: Arc<Pool<Connection>>,
    /// Away while a statement runs. A request that is dropped then never gets it back: it is closed.
    lease: Option<Lease<Connection>>,
    writer: Arc<Semaphore>,
    state: State,
}

enum State {
    Idle,
    /// Holds the scope's turn to write.
    Writing(OwnedSemaphorePermit),
    /// SQLite rolled everything back: a write ran out of time. Whatever follows would be half of what was meant.
    Lost,
}

impl SqliteSession {
    pub(super) fn new(pool: Arc<Pool<Connection>>, lease: Lease<Connection>, writer: Arc<Semaphore>) -> Self {
        Self {
            pool,
            lease: Some(lease),
            writer,
            state: State::Idle,
        }
    }

    /// Runs work on the connection. If the caller goes away meanwhile, the statement is stopped and the connection closed.
    async fn with<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, SdkError> + Send + 'static,
    ) -> Result<T, SdkError> {
        let lease = self.lease.take().ok_or_else(fault::unreachable)?;
        let mut guard = Abandon(Some(Arc::clone(&lease.connection.watch)));
        let (lease, done, autocommit) = blocking(move || {
            let done = work(&lease.connection);
            let autocommit = lease.connection.db.is_autocommit();
            Ok((lease, done, autocommit))
        })
        .await?;
        guard.0 = None;
        self.lease = Some(lease);
        if autocommit && matches!(self.state, State::Writing(_)) {
            self.state = State::Lost;
        }
        done
    }

    async fn run<T: Send + 'static>(
        &mut self,
        statement: Statement,
        run: fn(&Connection, &Statement, Open) -> Result<Ran<T>, SdkError>,
    ) -> Result<T, SdkError> {
        let statement = Arc::new(statement);
        let open = match self.state {
            State::Idle => Open::Nothing,
            State::Writing(_) => Open::Transaction,
            State::Lost => return Err(lost()),
        };
        let first = Arc::clone(&statement);
        if let Ran::Done(done) = self.with(move |connection| run(connection, &first, open)).await? {
            return Ok(done);
        }
        self.begin().await?;
        match self
            .with(move |connection| run(connection, &statement, Open::Transaction))
            .await?
        {
            Ran::Done(done) => Ok(done),
            Ran::NeedsTransaction => Err(fault::locked()),
        }
    }

    async fn begin(&mut self) -> Result<(), SdkError> {
        let turn = tokio::time::timeout(WRITER_WAIT, Arc::clone(&self.writer).acquire_owned()).await;
        let turn = turn.map_err(|_| fault::locked())?.map_err(|_| fault::busy())?;
        self.command("BEGIN IMMEDIATE".to_owned()).await?;
        self.state = State::Writing(turn);
        Ok(())
    }

    async fn command(&mut self, sql: String) -> Result<(), SdkError> {
        self.with(move |connection| {
            connection.watch.allow(WRITER_WAIT);
            connection
                .command(&sql)
                .map_err(|error| match error.sqlite_error_code() {
                    Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => fault::locked(),
                    Some(rusqlite::ErrorCode::DiskFull) => disk::full(connection),
                    Some(rusqlite::ErrorCode::ConstraintViolation) => {
                        SdkError::new(ErrorCode::Conflict, format!("db: {error}"))
                    }
                    _ => fault::internal("a transaction", &error),
                })
        })
        .await
    }

    /// A command that makes sense in a transaction only.
    async fn in_transaction(&mut self, sql: String) -> Result<(), SdkError> {
        match self.state {
            State::Writing(_) => self.command(sql).await,
            State::Lost => Err(lost()),
            State::Idle => Err(fault::invalid("there is no transaction")),
        }
    }
}

#[async_trait]
impl Session for SqliteSession {
    async fn query(&mut self, statement: Statement) -> Result<Rows, SdkError> {
        self.run(statement, run::query).await
    }

    async fn look(&mut self, statement: Statement) -> Result<Part, SdkError> {
        match self.state {
            State::Idle => self.with(move |connection| run::look(connection, &statement)).await,
            State::Writing(_) | State::Lost => Err(fault::in_a_transaction()),
        }
    }

    async fn execute(&mut self, statement: Statement) -> Result<u64, SdkError> {
        self.run(statement, run::execute).await
    }

    async fn savepoint(&mut self, mark: u32) -> Result<(), SdkError> {
        if matches!(self.state, State::Idle) {
            self.begin().await?;
        }
        self.in_transaction(format!("SAVEPOINT mark_{mark}")).await
    }

    async fn release(&mut self, mark: u32) -> Result<(), SdkError> {
        self.in_transaction(format!("RELEASE mark_{mark}")).await
    }

    async fn undo(&mut self, mark: u32) -> Result<(), SdkError> {
        self.in_transaction(format!("ROLLBACK TO mark_{mark}; RELEASE mark_{mark}"))
            .await
    }

    fn state(&self) -> SessionState {
        match self.state {
            State::Idle => SessionState::Idle,
            State::Writing(_) | State::Lost => SessionState::InTransaction,
        }
    }

    fn is_lost(&self) -> bool {
        matches!(self.state, State::Lost)
    }

    async fn check(&mut self) -> Result<(), SdkError> {
        match self.state {
            State::Idle => Ok(()),
            State::Lost => Err(lost()),
            State::Writing(_) => {
                self.with(|connection| match connection.foreign_keys_hold() {
                    true => Ok(()),
                    // As a commit says it.
                    false => Err(SdkError::new(ErrorCode::Conflict, "db: FOREIGN KEY constraint failed")),
                })
                .await
            }
        }
    }

    async fn commit(&mut self) -> Result<(), SdkError> {
        match self.state {
            State::Idle => return Ok(()),
            State::Lost => return Err(lost()),
            State::Writing(_) => {
                self.with(|connection| disk::check_file(connection, false)).await?;
                self.command("COMMIT".to_owned()).await?;
                self.with(|connection| disk::check_file(connection, true)).await?;
            }
        }
        self.state = State::Idle;
        Ok(())
    }

    async fn rollback(&mut self) -> Result<(), SdkError> {
        if matches!(self.state, State::Writing(_)) {
            self.command("ROLLBACK".to_owned()).await?;
        }
        self.state = State::Idle;
        Ok(())
    }
}

/// Leaves nothing open for the next request: rolled back first, or closed.
impl Drop for SqliteSession {
    fn drop(&mut self) {
        let Some(lease) = self.lease.take() else { return };
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle | State::Lost => self.pool.give_back(lease),
            State::Writing(turn) => {
                let pool = Arc::clone(&self.pool);
                let undo = move || {
                    lease.connection.watch.allow(WRITER_WAIT);
                    let undone = lease.connection.command("ROLLBACK");
                    drop(turn);
                    if undone.is_ok() {
                        pool.give_back(lease);
                    }
                };
                // Without a runtime the server is going down, and dropping the connection rolls back.
                if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                    runtime.spawn_blocking(undo);
                }
            }
        }
    }
}

struct Abandon(Option<Arc<Interrupt>>);

impl Drop for Abandon {
    fn drop(&mut self) {
        if let Some(watch) = &self.0 {
            watch.abandon();
        }
    }
}

fn lost() -> SdkError {
    let message = "db: the transaction was rolled back because a statement in it was stopped; begin again";
    SdkError::new(ErrorCode::Conflict, message)
}
