//! One statement of a session: read, sent with our commands before it, and undone if it is refused.

use std::time::Duration;

use aerocall_runtime::host::{Rows, SdkError};

use super::{
    super::{
        super::{
            Part, Statement, fault,
            pool::Lease,
            shape::Beyond,
            statement::{Effect, Read, read_statement},
        },
        connector::Link,
        error,
        run::{self, GRACE, Stopped},
    },
    COMMAND_TIME, Point, PostgresSession, STOP_TIME, State, Wire,
};

/// What is asked of a statement.
#[derive(Clone, Copy)]
pub(super) enum Ask {
    Rows,
    Count,
    /// Rows of a statement that only reads, as many as it may answer.
    Part,
}

pub(super) enum Answer {
    Rows(Rows),
    Count(u64),
    Part(Part),
}

impl Answer {
    /// Whether rows are still coming that nobody reads.
    fn is_cut(&self) -> bool {
        matches!(self, Self::Part(part) if part.is_cut)
    }
}

impl PostgresSession {
    pub(super) async fn run(&mut self, statement: &Statement, ask: Ask) -> Result<Answer, SdkError> {
        let read = self.read(statement)?;
        if matches!(ask, Ask::Part) {
            return self.look(&read, statement).await;
        }
        if self.state == State::Idle {
            if read.effect() == Effect::Reads {
                match self.attempt(&read, statement, ask, None).await {
                    // It writes by calling a function, such as nextval.
                    Err(Stopped::Database(error)) if error::is_read_only(&error) => {}
                    answer => return answer.map_err(|stopped| self.sdk_error(stopped, &read, statement)),
                }
            }
            return self.begin_with(&read, statement, ask).await;
        }
        let answer = self.attempt(&read, statement, ask, Some("")).await;
        self.settle(answer, &read, statement).await
    }

    /// Alone, where the connection's own setting lets nothing be written.
    async fn look(&mut self, read: &Read, statement: &Statement) -> Result<Answer, SdkError> {
        match (read.effect(), self.state) {
            (_, State::Open(_) | State::Lost) => return Err(fault::in_a_transaction()),
            (Effect::Writes, State::Idle) => return Err(fault::reads_only()),
            (Effect::Reads, State::Idle) => {}
        }
        match self.attempt(read, statement, Ask::Part, None).await {
            Err(Stopped::Database(error)) if error::is_read_only(&error) => Err(fault::reads_only()),
            answer => answer.map_err(|stopped| self.sdk_error(stopped, read, statement)),
        }
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
        Ok(Read::unjudged(&statement.sql))
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
        if matches!(answer, Err(Stopped::Reading(_))) || answer.as_ref().is_ok_and(Answer::is_cut) {
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
                let error = self.sdk_error(stopped, read, statement);
                if self.lease.is_some() {
                    // What it does not mend is reported by the next statement, and by the commit.
                    let _ = self.command("ROLLBACK TO SAVEPOINT statement", COMMAND_TIME).await;
                }
                Err(error)
            }
        }
    }

    fn sdk_error(&mut self, stopped: Stopped, read: &Read, statement: &Statement) -> SdkError {
        match &self.lease {
            Some(lease) => run::sdk_error(&lease.connection, stopped, read.sql(), statement),
            None => match stopped {
                Stopped::Reading(error) => error,
                Stopped::Database(error) => error::of(&error, read.sql(), statement.time),
            },
        }
    }

    /// Has the database stop the statement, and waits until it has; otherwise the connection is abandoned. Its slot stays
    /// taken until the backend has gone (see `meter`).
    async fn stop(&mut self) {
        let Some(lease) = &self.lease else { return };
        let link = &lease.connection;
        self.connector.cancel(link.client.cancel_token()).await;
        // An empty statement is answered when everything before it is over.
        let quiet = tokio::time::timeout(STOP_TIME, link.client.batch_execute("")).await;
        if !matches!(quiet, Ok(Ok(()))) {
            self.give_up();
        }
    }

    /// A connection that is closed or whose socket was stopped is of no use.
    fn check_link(&mut self) {
        let broken = |lease: &Lease<Link>| lease.connection.client.is_closed() || lease.connection.meter.is_spent();
        if self.lease.as_ref().is_some_and(broken) {
            // The reason is read from the connection by whoever reports it, so only a transaction is abandoned here.
            if matches!(self.state, State::Open(_)) {
                self.state = State::Lost;
            }
            self.wire = Wire::Busy;
        }
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
            Ask::Rows => {
                let part = run::query(link, read.sql(), statement, Beyond::Refuse).await?;
                Ok(Answer::Rows(part.rows))
            }
            Ask::Part => run::query(link, read.sql(), statement, Beyond::Cut)
                .await
                .map(Answer::Part),
            Ask::Count => {
                let count = run::execute(link, read.sql(), statement).await?;
                Ok(Answer::Count(match read.effect() {
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
