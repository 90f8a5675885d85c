//! One statement within its budgets: time by the database and by us, rows as they come, bytes at the socket.

use std::{pin::pin, time::Duration};

use aerocall_runtime::host::{ErrorCode, Rows, SdkError, Value};
use futures_util::StreamExt as _;
use tokio_postgres::{Error, Row, types::Type};

use super::{
    super::{Part, Statement, fault, shape::Beyond},
    connector::Link,
    error,
    value::{Kind, Parameter, Raw},
};

/// What the protocol adds to a statement's bytes: names of columns, errors, answers to our own commands.
const SLACK_BYTES: u64 = 256 << 10;

/// What the protocol adds to a row and to a value.
const ROW_BYTES: u64 = 7;
const VALUE_BYTES: u64 = 8;

/// How long an answer may come after the database should have stopped the statement by itself.
pub(super) const GRACE: Duration = Duration::from_millis(500);

/// Why there is no answer.
pub(super) enum Stopped {
    /// The database refused or stopped it.
    Database(Error),
    /// We stopped reading: rows are still coming.
    Reading(SdkError),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl From<SdkError> for Stopped {
    fn from(error: SdkError) -> Self {
        Self::Reading(error)
    }
}

/// The socket may bring what the statement may answer, and what comes with it.
pub(super) fn allow(link: &Link, statement: &Statement) {
    let rows = u64::from(statement.rows) * (ROW_BYTES + 100 * VALUE_BYTES);
    link.meter
        .allow(statement.bytes.saturating_add(rows).saturating_add(SLACK_BYTES));
}

/// Rows; `Part::is_cut` only if what is beyond the budgets is cut off: then more are still coming.
pub(super) async fn query(link: &Link, sql: &str, statement: &Statement, beyond: Beyond) -> Result<Part, Stopped> {
    let parameters = parameters(statement);
    let mut stream = pin!(link.client.query_typed_raw(sql, parameters).await?);
    let mut left = statement.bytes;
    let (mut part, mut kinds) = (Part::default(), Vec::new());
    while let Some(row) = stream.next().await {
        let row = match row {
            Ok(row) => row,
            // The socket was stopped; what came before is whole.
            Err(_) if beyond == Beyond::Cut && link.meter.is_spent() => {
                part.is_cut = true;
                break;
            }
            Err(error) => return Err(error.into()),
        };
        let answer = &mut part.rows;
        if answer.rows.is_empty() {
            answer.columns = row.columns().iter().map(|column| column.name().to_owned()).collect();
            kinds = kinds_of(&row)?;
        }
        let read = match answer.rows.len() as u64 >= u64::from(statement.rows) {
            true => Err(fault::too_many_rows(statement.rows).into()),
            false => values(&row, &kinds, &mut left, statement.bytes),
        };
        match read {
            Ok(values) => answer.rows.push(values),
            Err(Stopped::Reading(error)) if beyond == Beyond::Cut && error.code == ErrorCode::LimitExceeded => {
                part.is_cut = true;
                break;
            }
            Err(stopped) => return Err(stopped),
        }
    }
    Ok(part)
}

/// How many rows were changed; what a statement that only reads answers is not.
pub(super) async fn execute(link: &Link, sql: &str, statement: &Statement) -> Result<u64, Stopped> {
    let parameters = parameters(statement);
    let typed: Vec<_> = parameters
        .iter()
        .map(|(value, ty)| (value as &(dyn tokio_postgres::types::ToSql + Sync), ty.clone()))
        .collect();
    Ok(link.client.execute_typed(sql, &typed).await?)
}

/// Without a type of their own: the database takes the one that their place has.
fn parameters(statement: &Statement) -> Vec<(Parameter, Type)> {
    statement
        .params
        .iter()
        .map(|value| (Parameter(value.clone()), Type::UNKNOWN))
        .collect()
}

fn kinds_of(row: &Row) -> Result<Vec<Kind>, SdkError> {
    row.columns()
        .iter()
        .map(|column| Kind::of(column.type_(), column.name()))
        .collect()
}

fn values(row: &Row, kinds: &[Kind], left: &mut u64, most: u64) -> Result<Vec<Value>, Stopped> {
    *left = left
        .checked_sub(Rows::ROW_COST)
        .ok_or_else(|| fault::too_many_bytes(most))?;
    let mut values = Vec::with_capacity(kinds.len());
    for (index, kind) in kinds.iter().enumerate() {
        let Raw(raw) = row.try_get(index)?;
        let bytes = Value::cost_of(raw.map_or(0, <[u8]>::len));
        *left = left.checked_sub(bytes).ok_or_else(|| fault::too_many_bytes(most))?;
        let column = row.columns()[index].name();
        values.push(match raw {
            Some(raw) => kind.read(raw, column)?,
            None => Value::Null,
        });
    }
    Ok(values)
}

/// The error that a hook gets for a statement that was stopped.
pub(super) fn sdk_error(link: &Link, stopped: Stopped, sql: &str, statement: &Statement) -> SdkError {
    match stopped {
        Stopped::Reading(error) => error,
        Stopped::Database(_) if link.meter.is_spent() => fault::too_many_bytes(statement.bytes),
        Stopped::Database(error) => error::of(&error, sql, statement.time),
    }
}
