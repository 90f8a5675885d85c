//! `POST …/database/query`

use std::time::Instant;

use aerocall_api_types::{DatabaseQueryResult, Permission};
use aerocall_contract::errors;
use aerocall_runtime::host::Value as Stored;
use serde_json::{Value, json};

use super::{MAX_BYTES, TIME, cell, look};
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, Parsed, text},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
    storage::tenant::Statement,
};

/// The audit log keeps the whole statement.
const MAX_SQL_BYTES: usize = 16 << 10;
const MAX_PARAMETERS: usize = 100;
const MAX_ROWS: i64 = 1_000;
const USUAL_ROWS: u32 = 100;

/// Runs a statement that only reads.
pub(crate) struct QueryDatabase;

/// What the client sends.
pub(crate) struct Input {
    sql: String,
    params: Vec<Stored>,
    limit: u32,
}

impl Flow for QueryDatabase {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = DatabaseQueryResult;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/database/query"), "Run a read-only statement")
        .about("One statement on the project's own database, with the rights of a hook and in a transaction that cannot write (`query_refused` otherwise; the message says what the database objects to). It runs for at most 5 seconds, one at a time in an environment; rows beyond `limit`, or beyond 2 MiB, are cut off. The audit log keeps the statement, not its parameters. On PostgreSQL, an answer without rows has no columns.")
        .fields(&[
            Field::required("sql", FieldKind::Text(16_384), "The statement; parameters are `?` or `$1`."),
            Field::optional(
                "params",
                FieldKind::Json(r#"{"type":"array","maxItems":100,"items":{"type":["null","boolean","number","string"]}}"#),
                "Values of its parameters.",
            ),
            Field::optional(
                "limit",
                FieldKind::Json(r#"{"type":"integer","minimum":1,"maximum":1000}"#),
                "Rows in the answer; 100 if omitted.",
            ),
        ])
        .example(r#"{"sql":"SELECT state, count(*) AS orders FROM orders WHERE total > ? GROUP BY state","params":[10]}"#)
        .answers(
            200,
            "The rows.",
            r#"{"columns": ["state", "orders"], "rows": [["paid", 12]], "truncated": false, "durationMs": 4}"#,
        )
        .errors(&[errors::QUERY_REFUSED, errors::BUSY]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let sql = fields.required("sql", statement);
        let params = fields.optional("params", params).unwrap_or_default();
        let limit = fields.optional("limit", limit).unwrap_or(USUAL_ROWS);
        Some(Input {
            sql: sql?,
            params,
            limit,
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<DatabaseQueryResult> {
        let Input { sql, params, limit } = input;
        // What was asked for is in the log whatever comes of it.
        let entry = AuditEntry::new(Action::DatabaseQueried, "database").with(json!({ "sql": sql }));
        caller.change(app, |_, _| Ok(Audited::Changed((), entry))).await?;
        let begun = Instant::now();
        let statement = Statement {
            sql,
            params,
            rows: limit,
            bytes: MAX_BYTES,
            time: TIME,
        };
        let mut part = look(app, &caller.scope, statement).await?;
        Ok(DatabaseQueryResult {
            columns: std::mem::take(&mut part.rows.columns),
            rows: cell::rows(part.rows),
            truncated: part.is_cut,
            duration_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }
}

fn statement(value: Value) -> Parsed<String> {
    let text = text(value)?;
    match text.len() {
        1..=MAX_SQL_BYTES if !text.contains('\0') => Ok(text),
        _ => Err(format!("must have 1 to {MAX_SQL_BYTES} bytes and no NUL")),
    }
}

fn params(value: Value) -> Parsed<Vec<Stored>> {
    match value {
        Value::Array(list) if list.len() <= MAX_PARAMETERS => list.into_iter().map(cell::parameter).collect(),
        _ => Err(format!("must be a list of at most {MAX_PARAMETERS} values")),
    }
}

fn limit(value: Value) -> Parsed<u32> {
    let limit = value.as_i64().filter(|limit| (1..=MAX_ROWS).contains(limit));
    let limit = limit.and_then(|limit| u32::try_from(limit).ok());
    limit.ok_or_else(|| format!("must be a whole number from 1 to {MAX_ROWS}"))
}
