//! A connection of one request.
//!
//! Each statement of a transaction runs after a point of its own, so that a refused one leaves the transaction as it was,
//! as in SQLite. Our commands around a statement are sent with it, without waiting: they cost no round trip.

use std::{sync::Arc, time::Duration};

use aerocall_runtime::host::{ErrorCode, Rows, SdkError};
use async_trait::async_trait;
use tokio_postgres::Error;

use super::{
    super::{
        Session, SessionState, Statement, fault,
        layers::Layers,
        pool::{Lease, Pool},
        statement::{Effect, Read, read_statement},
    },
    Tenant,
    admin::Admin,
    connector::{Connector, Link},
    error,
    run::{self, GRACE, Stopped},
};

/// For commands of ours that do no work to speak of.
const COMMAND_TIME: Duration = Duration::from_secs(5);

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

/// What is asked of a statement.
#[derive(Clone, Copy)]
enum Ask {
    Rows,
    Count,
}

enum Answer {
    Rows(Rows),
    Count(u64),
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

    async fn run(&mut self, statement: &Statement, ask: Ask) -> Result<Answer, SdkError> {
        let read = self.read(statement)?;
        if self.state == State::Idle {
            if read.effect == Effect::Reads {
                match self.attempt(&read, statement, ask, None).await {
                    // It writes by calling a function, such as nextval.
                    Err(Stopped::Database(error)) if error::is_read_only(&error) => {}
                    answer => return answer.map_err(|stopped| self.told(stopped, &read, statement)),
                }
            }
            return self.begin_with(&read, statement, ask).await;
        }
        let answer = self.attempt(&read, statement, ask, Some("")).await;
        self.settle(answer, &read, statement).await
    }

    /// The first statement that writes: the transaction begins with it, and ends with it if it is refused.
    async fn begin_with(&mut self, read: &Read, statement: &Statement, ask: Ask) -> Result<Answer, SdkError> {
        self.admin
            .check_size(self.tenant.names.schema.as_str(), &self.tenant.size)
            .await?;
        self.state = State::Open(Point::None);
        let answer = self.attempt(read, statement, ask, Some("BEGIN READ WRITE; ")).await;
        self.settle(answer, read, statement).await
    }

    fn read(&self, statement: &Statement) -> Result<Read, SdkError> {
        if self.layers.rules.is_on() {
            return read_statement(&statement.sql, statement.params.len());
        }
        Ok(Read {
            sql: statement.sql.clone(),
            effect: Effect::Reads,
        })
    }

    /// Sends the statement with our commands before it. `transaction`: what begins one, or nothing within one.
    async fn attempt(
        &mut self,
        read: &Read,
        statement: &Statement,
        ask: Ask,
        transaction: Option<&str>,
    ) -> Result<Answer, Stopped> {
        let mut before = self.time_limit(statement)?;
        if let Some(begin) = transaction {
            let release = match self.state {
                State::Open(Point::Marked) => "RELEASE SAVEPOINT statement; ",
                _ => "",
            };
            before = format!("{begin}{release}{before}SAVEPOINT statement");
            self.state = State::Open(Point::Marked);
        }
        self.wire = Wire::Busy;
        let clock = match self.layers.budgets.is_on() {
            true => statement.time + GRACE,
            false => Duration::MAX,
        };
        let link = self.link()?;
        if clock != Duration::MAX {
            run::allow(link, statement);
        }
        let answer = match tokio::time::timeout(clock, within(link, &before, read, statement, ask)).await {
            Ok(answer) => answer,
            Err(_) => Err(Stopped::Reading(fault::too_slow(statement.time))),
        };
        if matches!(answer, Err(Stopped::Reading(_))) {
            self.stop().await;
        }
        self.wire = Wire::Quiet;
        self.check_link();
        answer
    }

    /// `SET statement_timeout`, unless it is what it should be.
    fn time_limit(&mut self, statement: &Statement) -> Result<String, SdkError> {
        if !self.layers.budgets.is_on() {
            return Ok(String::new());
        }
        let wanted = u64::try_from(statement.time.as_millis())
            .unwrap_or(u64::MAX)
            .clamp(1, 600_000);
        let link = self.link()?;
        if link.timeout_ms.replace(wanted) == Some(wanted) {
            return Ok(String::new());
        }
        Ok(format!("SET statement_timeout = {wanted}; "))
    }

    /// After a refused statement of a transaction, everything is as before it.
    async fn settle(
        &mut self,
        answer: Result<Answer, Stopped>,
        read: &Read,
        statement: &Statement,
    ) -> Result<Answer, SdkError> {
        match answer {
            Ok(answer) => Ok(answer),
            Err(stopped) => {
                let told = self.told(stopped, read, statement);
                if self.lease.is_some() {
                    // What it does not mend is told by the next statement, and by the commit.
                    let _ = self.command("ROLLBACK TO SAVEPOINT statement", COMMAND_TIME).await;
                }
                Err(told)
            }
        }
    }

    fn told(&mut self, stopped: Stopped, read: &Read, statement: &Statement) -> SdkError {
        match &self.lease {
            Some(lease) => run::told(&lease.connection, stopped, &read.sql, statement),
            None => match stopped {
                Stopped::Reading(error) => error,
                Stopped::Database(error) => error::of(&error, &read.sql, statement.time),
            },
        }
    }

    /// Has the database stop the statement, and waits until it has; otherwise the connection is given up.
    async fn stop(&mut self) {
        let Some(lease) = &self.lease else { return };
        let link = &lease.connection;
        self.connector.cancel(link.client.cancel_token()).await;
        // An empty statement is answered when everything before it is over.
        let quiet = tokio::time::timeout(COMMAND_TIME, link.client.batch_execute("")).await;
        if !matches!(quiet, Ok(Ok(()))) {
            self.give_up();
        }
    }

    /// A connection that is closed or whose socket was stopped is of no use.
    fn check_link(&mut self) {
        let broken = |lease: &Lease<Link>| lease.connection.client.is_closed() || lease.connection.meter.is_spent();
        if self.lease.as_ref().is_some_and(broken) {
            // The reason is read from the connection by whoever tells it, so only a transaction is given up here.
            if matches!(self.state, State::Open(_)) {
                self.state = State::Lost;
            }
            self.wire = Wire::Busy;
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

/// The commands and the statement behind them.
async fn within(link: &Link, before: &str, read: &Read, statement: &Statement, ask: Ask) -> Result<Answer, Stopped> {
    let commands = async {
        match before {
            "" => Ok(()),
            before => link.client.batch_execute(before).await,
        }
    };
    let answer = async {
        match ask {
            Ask::Rows => run::query(link, &read.sql, statement).await.map(Answer::Rows),
            Ask::Count => {
                let count = run::execute(link, &read.sql, statement).await?;
                Ok(Answer::Count(match read.effect {
                    Effect::Writes => count,
                    Effect::Reads => 0,
                }))
            }
        }
    };
    // Polled in this order, they are sent in this order.
    match tokio::join!(commands, answer) {
        (Ok(()), answer) => answer,
        (Err(error), _) => Err(Stopped::Database(error)),
    }
}

#[async_trait]
impl Session for PostgresSession {
    async fn query(&mut self, statement: Statement) -> Result<Rows, SdkError> {
        match self.run(&statement, Ask::Rows).await? {
            Answer::Rows(rows) => Ok(rows),
            Answer::Count(_) => Ok(Rows::default()),
        }
    }

    async fn execute(&mut self, statement: Statement) -> Result<u64, SdkError> {
        match self.run(&statement, Ask::Count).await? {
            Answer::Count(count) => Ok(count),
            Answer::Rows(_) => Ok(0),
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
                // Not to be sent with another command: it is refused inside of a transaction.
                link.client.batch_execute("DISCARD ALL").await
            };
            if matches!(tokio::time::timeout(COMMAND_TIME, clean).await, Ok(Ok(()))) {
                link.timeout_ms = None;
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
