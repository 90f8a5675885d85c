//! A connection of one request.
//!
//! Each statement of a transaction runs after a point of its own, so that a refused one leaves the transaction as it was,
//! as in SQLite. Our commands around a statement are sent with it, without waiting: they cost no round trip.

mod attempt;

use std::{sync::Arc, time::Duration};

use aerocall_runtime::host::{ErrorCode, Rows, SdkError};
use async_trait::async_trait;
use tokio_postgres::Error;

use self::attempt::{Answer, Ask};
use super::{
    super::{
        Part, Session, SessionState, Statement, fault,
        layers::Layers,
        pool::{Lease, Pool},
    },
    Tenant,
    admin::Admin,
    connector::{Connector, Link},
    error,
};

/// For commands of ours that do no work to speak of.
const COMMAND_TIME: Duration = Duration::from_secs(5);

/// For the database to stop a statement that it was asked to stop.
const STOP_TIME: Duration = Duration::from_secs(1);

/// For a commit, which may have to write much.
const COMMIT_TIME: Duration = Duration::from_secs(30);

pub(super) struct PostgresSession {
    pool: Arc<Pool<Link>>,
    connector: Arc<Connector>,
    admin: Arc<Admin>,
    tenant: Arc<Tenant>,
    layers: Layers,
    /// Gone once the connection is in a state that nobody knows.
    lease: Option<Lease<Link>>,
    state: State,
    /// Whether an answer is still to come; a session that is dropped then cannot be used again.
    wire: Wire,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    /// In a transaction; `Marked` after a statement whose point is still to be released.
    Open(Point),
    /// The connection is gone, and with it a transaction.
    Lost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    None,
    Marked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
    Quiet,
    Busy,
}

impl PostgresSession {
    pub(super) fn new(
        pool: Arc<Pool<Link>>,
        connector: Arc<Connector>,
        admin: Arc<Admin>,
        tenant: Arc<Tenant>,
        lease: Lease<Link>,
        layers: Layers,
    ) -> Self {
        Self {
            pool,
            connector,
            admin,
            tenant,
            layers,
            lease: Some(lease),
            state: State::Idle,
            wire: Wire::Quiet,
        }
    }

    fn link(&mut self) -> Result<&mut Link, SdkError> {
        match &mut self.lease {
            Some(lease) => Ok(&mut lease.connection),
            None if self.state == State::Lost => Err(lost()),
            None => Err(fault::unreachable()),
        }
    }

    fn give_up(&mut self) {
        self.lease = None;
        self.state = match self.state {
            State::Idle => State::Idle,
            State::Open(_) | State::Lost => State::Lost,
        };
    }

    /// A command of ours, alone.
    async fn command(&mut self, sql: &str, time: Duration) -> Result<(), Error> {
        let Some(lease) = &self.lease else { return Ok(()) };
        let link = &lease.connection;
        link.meter.allow(1 << 20);
        self.wire = Wire::Busy;
        let done = tokio::time::timeout(time, link.client.batch_execute(sql)).await;
        match done {
            Ok(Ok(())) => {
                self.wire = Wire::Quiet;
                Ok(())
            }
            Ok(Err(error)) => {
                if error.as_db_error().is_some() {
                    self.wire = Wire::Quiet;
                } else {
                    self.give_up();
                }
                Err(error)
            }
            Err(_) => {
                self.give_up();
                Ok(())
            }
        }
    }

    /// A command that makes sense in a transaction only.
    async fn in_transaction(&mut self, sql: &str, time: Duration) -> Result<(), SdkError> {
        match self.state {
            State::Lost => return Err(lost()),
            State::Idle => return Err(fault::invalid("there is no transaction")),
            State::Open(_) => {}
        }
        let done = self.command(sql, time).await;
        if self.state == State::Lost {
            return Err(lost());
        }
        done.map_err(|error| error::of(&error, "", time))
    }

    /// `RELEASE` of the last statement's point, to be sent before anything that marks or undoes another.
    fn release_statement(&mut self) -> &'static str {
        match std::mem::replace(&mut self.state, State::Open(Point::None)) {
            State::Open(Point::Marked) => "RELEASE SAVEPOINT statement; ",
            _ => "",
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }
}

#[async_trait]
impl Session for PostgresSession {
    async fn query(&mut self, statement: Statement) -> Result<Rows, SdkError> {
        match self.run(&statement, Ask::Rows).await? {
            Answer::Rows(rows) => Ok(rows),
            Answer::Count(_) | Answer::Part(_) => Ok(Rows::default()),
        }
    }

    async fn look(&mut self, statement: Statement) -> Result<Part, SdkError> {
        match self.run(&statement, Ask::Part).await? {
            Answer::Part(part) => Ok(part),
            Answer::Rows(_) | Answer::Count(_) => Ok(Part::default()),
        }
    }

    async fn execute(&mut self, statement: Statement) -> Result<u64, SdkError> {
        match self.run(&statement, Ask::Count).await? {
            Answer::Count(count) => Ok(count),
            Answer::Rows(_) | Answer::Part(_) => Ok(0),
        }
    }

    async fn savepoint(&mut self, mark: u32) -> Result<(), SdkError> {
        let before = match self.state {
            State::Idle => {
                self.admin
                    .check_size(self.tenant.names.schema.as_str(), &self.tenant.size)
                    .await?;
                self.link()?;
                self.state = State::Open(Point::None);
                "BEGIN READ WRITE; "
            }
            State::Open(_) => self.release_statement(),
            State::Lost => return Err(lost()),
        };
        self.in_transaction(&format!("{before}SAVEPOINT mark_{mark}"), COMMAND_TIME)
            .await
    }

    async fn release(&mut self, mark: u32) -> Result<(), SdkError> {
        if self.is_open() {
            self.state = State::Open(Point::None);
        }
        // The statement's point was made after the mark and goes with it.
        self.in_transaction(&format!("RELEASE SAVEPOINT mark_{mark}"), COMMAND_TIME)
            .await
    }

    async fn undo(&mut self, mark: u32) -> Result<(), SdkError> {
        if self.is_open() {
            self.state = State::Open(Point::None);
        }
        let sql = format!("ROLLBACK TO SAVEPOINT mark_{mark}; RELEASE SAVEPOINT mark_{mark}");
        let undone = self.in_transaction(&sql, COMMAND_TIME).await;
        // A setting made since is undone, too.
        if let Ok(link) = self.link() {
            link.timeout_ms = None;
        }
        undone
    }

    fn state(&self) -> SessionState {
        match self.state {
            State::Idle => SessionState::Idle,
            State::Open(_) | State::Lost => SessionState::InTransaction,
        }
    }

    fn is_lost(&self) -> bool {
        self.state == State::Lost
    }

    async fn check(&mut self) -> Result<(), SdkError> {
        let before = match self.state {
            State::Idle => return Ok(()),
            State::Lost => return Err(lost()),
            State::Open(_) => self.release_statement(),
        };
        // What was checked inside the point counts as unchecked after it.
        let sql = format!(
            "{before}SAVEPOINT checked; SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK TO SAVEPOINT checked; \
             RELEASE SAVEPOINT checked"
        );
        self.in_transaction(&sql, COMMIT_TIME).await
    }

    async fn commit(&mut self) -> Result<(), SdkError> {
        if self.state == State::Idle {
            return Ok(());
        }
        let was_open = self.is_open();
        let done = self.in_transaction("COMMIT", COMMIT_TIME).await;
        if was_open && self.state == State::Lost {
            return Err(fault::unknown_commit());
        }
        // Refused by a constraint that was deferred, the transaction is over as well.
        self.state = match self.state {
            State::Lost => State::Lost,
            State::Idle | State::Open(_) => State::Idle,
        };
        done
    }

    async fn rollback(&mut self) -> Result<(), SdkError> {
        if self.is_open() {
            self.in_transaction("ROLLBACK", COMMAND_TIME).await?;
        }
        if let Ok(link) = self.link() {
            link.timeout_ms = None;
        }
        self.state = State::Idle;
        Ok(())
    }
}

/// The next request of the scope finds the connection as new: everything this one did is undone first, out of its way.
impl Drop for PostgresSession {
    fn drop(&mut self) {
        let Some(mut lease) = self.lease.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (pool, connector) = (Arc::clone(&self.pool), Arc::clone(&self.connector));
        let (wire, state) = (self.wire, self.state);
        runtime.spawn(async move {
            let link = &mut lease.connection;
            if wire == Wire::Busy {
                connector.cancel(link.client.cancel_token()).await;
                return;
            }
            link.meter.allow(1 << 20);
            let rollback = if state == State::Idle { "" } else { "ROLLBACK" };
            let clean = async {
                link.client.batch_execute(rollback).await?;
                link.begin_anew().await
            };
            if matches!(tokio::time::timeout(COMMAND_TIME, clean).await, Ok(Ok(()))) {
                lease.connection.meter.keep(lease.taken_idle());
                pool.give_back(lease);
            }
        });
    }
}

fn lost() -> SdkError {
    SdkError {
        retryable: true,
        ..SdkError::new(
            ErrorCode::Conflict,
            "db: the transaction was rolled back because its connection was given up; begin again",
        )
    }
}
