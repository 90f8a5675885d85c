//! How much of a statement runs without a look at the clock. SQLite looks where its program goes back, in loops and triggers;
//! what stands in a row between two loops runs to its end. Each step of a row may be a function of a megabyte, so a row of
//! twenty thousand of them took a minute past every limit. Counted in the compiled program, in which views are in their place
//! and what a column of a view is made of stands wherever the column is named.

use aerocall_runtime::host::{ErrorCode, SdkError};
use rusqlite::{CachedStatement, Connection, StatementStatus};

use super::super::fault;

/// The most that all steps of one statement may weigh. One unit is at most about two milliseconds.
const MAX_WEIGHT: u64 = 1_000;

/// A program that is smaller has no room for so much.
const MIN_PROGRAM_BYTES: i32 = 16 << 10;

/// A function of which SQLite does not show how many arguments it gets; each of them can be a megabyte.
const VARIADIC_WEIGHT: u64 = 10;

/// Refuses a statement that could run for long where nothing stops it.
pub(super) fn check(db: &Connection, prepared: &CachedStatement<'_>, sql: &str) -> Result<(), SdkError> {
    if prepared.get_status(StatementStatus::MemUsed) < MIN_PROGRAM_BYTES || prepared.is_explain() != 0 {
        return Ok(());
    }
    let weight = weight(db, sql).map_err(|error| fault::internal("reading the program of a statement", &error))?;
    if weight <= MAX_WEIGHT {
        return Ok(());
    }
    let message = format!(
        "db: the statement calls functions and calculates too often (weight {weight}, at most {MAX_WEIGHT}; a call weighs one \
         and one for each argument, views are counted where they are named); use several statements"
    );
    Err(SdkError::new(ErrorCode::LimitExceeded, message))
}

fn weight(db: &Connection, sql: &str) -> rusqlite::Result<u64> {
    let mut program = db.prepare(&format!("EXPLAIN {sql}"))?;
    let mut steps = program.raw_query();
    let mut weight = 0;
    while let Some(step) = steps.next()? {
        let (name, fourth) = (step.get_ref("opcode")?.as_str()?, step.get_ref("p4")?);
        weight += weight_of(name, fourth.as_str().unwrap_or_default());
    }
    Ok(weight)
}

/// Of one step. `fourth`: of a function, its name and number of arguments, `substr(3)`; -1 stands for any number.
fn weight_of(name: &str, fourth: &str) -> u64 {
    match name {
        "Function" | "PureFunc" => {
            let arguments = fourth.rsplit_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
            arguments
                .and_then(|count| count.parse::<u64>().ok())
                .map_or(VARIADIC_WEIGHT, |count| 1 + count)
        }
        // A text of a megabyte may be read as a number, compared, or put together with another.
        "Add" | "Subtract" | "Multiply" | "Divide" | "Remainder" | "ShiftLeft" | "ShiftRight" | "BitAnd" | "BitOr"
        | "BitNot" | "Cast" | "Concat" | "Eq" | "Ne" | "Lt" | "Le" | "Gt" | "Ge" | "And" | "Or" | "Not" | "IsTrue"
        | "If" | "IfNot" => 1,
        _ => 0,
    }
}
