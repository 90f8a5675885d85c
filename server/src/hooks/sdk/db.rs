//! `Aerocall.db`: binds the scope and the budgets of the call to the session that the request's hooks share.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use aerocall_runtime::{
    Limits,
    host::{Db, ErrorCode, MAX_ANSWER_BYTES, Rows, SdkError, Transaction, Value},
};
use async_trait::async_trait;

use super::effects::Effects;
use crate::storage::tenant::Statement;

/// Longer statements are refused before anybody parses them.
const MAX_SQL_BYTES: usize = 64 << 10;
const MAX_PARAMETERS: usize = 500;

/// The project's own tables, for one call.
pub(crate) struct ScopedDb {
    call: Arc<Call>,
}

struct Call {
    effects: Arc<Effects>,
    rows: AtomicU32,
    most_rows: u32,
    most_bytes: u64,
    time: Duration,
}

/// A transaction that the guest holds.
struct Open {
    call: Arc<Call>,
    mark: u32,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    NotYet,
    Asked,
}

impl ScopedDb {
    pub(crate) fn new(effects: Arc<Effects>, limits: &Limits) -> Self {
        Self {
            call: Arc::new(Call {
                effects,
                rows: AtomicU32::new(limits.db_rows),
                most_rows: limits.db_rows,
                most_bytes: limits.host_bytes.min(MAX_ANSWER_BYTES),
                time: Duration::from_millis(limits.db_statement_ms),
            }),
        }
    }
}

impl Call {
    fn statement(&self, sql: &str, params: Vec<Value>) -> Result<Statement, SdkError> {
        if sql.len() > MAX_SQL_BYTES {
            let message = format!(
                "db: a statement can have at most {MAX_SQL_BYTES} bytes, this one has {}",
                sql.len()
            );
            return Err(SdkError::new(ErrorCode::TooLarge, message));
        }
        if params.len() > MAX_PARAMETERS {
            let message = format!(
                "db: a statement can have at most {MAX_PARAMETERS} parameters, this one has {}",
                params.len()
            );
            return Err(SdkError::new(ErrorCode::TooLarge, message));
        }
        Ok(Statement {
            sql: sql.to_owned(),
            params,
            rows: self.rows.load(Ordering::Relaxed),
            bytes: self.most_bytes,
            time: self.time,
        })
    }

    async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Rows, SdkError> {
        let rows = self.effects.tables.query(self.statement(sql, params)?).await;
        let rows = rows.map_err(|error| self.counted(error))?;
        let used = u32::try_from(rows.rows.len()).unwrap_or(u32::MAX);
        // A guest has one thread, so nobody else took rows in between.
        self.rows
            .fetch_sub(used.min(self.rows.load(Ordering::Relaxed)), Ordering::Relaxed);
        Ok(rows)
    }

    async fn execute(&self, sql: &str, params: Vec<Value>) -> Result<u64, SdkError> {
        self.effects.tables.execute(self.statement(sql, params)?).await
    }

    /// The back end knows what was left of the budget; the author wants to know all of it.
    fn counted(&self, error: SdkError) -> SdkError {
        let remaining = self.rows.load(Ordering::Relaxed);
        if error.code != ErrorCode::LimitExceeded || remaining == self.most_rows {
            return error;
        }
        SdkError {
            message: format!(
                "{} (of {} rows in this invocation, {remaining} were left)",
                error.message, self.most_rows
            ),
            ..error
        }
    }
}

#[async_trait]
impl Db for ScopedDb {
    async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Rows, SdkError> {
        self.call.query(sql, params).await
    }

    async fn execute(&self, sql: &str, params: Vec<Value>) -> Result<u64, SdkError> {
        self.call.execute(sql, params).await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, SdkError> {
        let mark = self.call.effects.tables.begin().await?;
        Ok(Box::new(Open {
            call: Arc::clone(&self.call),
            mark,
            end: End::NotYet,
        }))
    }
}

#[async_trait]
impl Transaction for Open {
    async fn query(&mut self, sql: &str, params: Vec<Value>) -> Result<Rows, SdkError> {
        self.call.query(sql, params).await
    }

    async fn execute(&mut self, sql: &str, params: Vec<Value>) -> Result<u64, SdkError> {
        self.call.execute(sql, params).await
    }

    async fn commit(mut self: Box<Self>) -> Result<(), SdkError> {
        self.call.effects.tables.release(self.mark).await?;
        self.end = End::Asked;
        Ok(())
    }

    async fn rollback(mut self: Box<Self>) -> Result<(), SdkError> {
        self.call.effects.tables.abandon(self.mark).await?;
        self.end = End::Asked;
        Ok(())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.end == End::NotYet {
            self.call.effects.tables.dropped(self.mark);
        }
    }
}
