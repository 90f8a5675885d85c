//! Functions of SQLite whose time is the product of their arguments' lengths, with the same results in the sum of them, or in
//! steps that look at the clock. SQLite's own cannot be interrupted: `instr` on two values of a megabyte would hold a thread
//! for a minute.
//!
//! An index is no longer used for `column GLOB 'abc*'`: SQLite does that for its own function only.

use std::{borrow::Cow, collections::HashSet, ffi::CStr, sync::Arc};

use rusqlite::{
    Connection, Error, Result, ffi,
    functions::{Context, FunctionFlags},
    types::{Value, ValueRef},
};

use super::{
    connection::Interrupt,
    pattern::{Pattern, Stopped, only_char},
};

const FLAGS: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// The largest value, as in the limits of a connection.
const MAX_BYTES: usize = 1 << 20;

/// The longest pattern of `LIKE` and `GLOB`.
pub(super) const MAX_PATTERN_BYTES: usize = 200;

/// Puts ours in the place of SQLite's. None of them begins, and those that can take long do not go on, once the watch is over.
pub(super) fn replace_slow(db: &Connection, watch: &Arc<Interrupt>) -> Result<()> {
    scalar(db, watch, "instr", 2, |call, _| instr(call))?;
    scalar(db, watch, "replace", 3, |call, _| replace(call))?;
    scalar(db, watch, "trim", 2, |call, _| trim(call, Sides::Both))?;
    scalar(db, watch, "ltrim", 2, |call, _| trim(call, Sides::Left))?;
    scalar(db, watch, "rtrim", 2, |call, _| trim(call, Sides::Right))?;
    scalar(db, watch, "like", 2, like)?;
    scalar(db, watch, "like", 3, like)?;
    scalar(db, watch, "glob", 2, glob)
}

fn scalar<T: rusqlite::functions::SqlFnOutput + 'static>(
    db: &Connection,
    watch: &Arc<Interrupt>,
    name: &str,
    arguments: i32,
    run: fn(&Context<'_>, &Interrupt) -> Result<T>,
) -> Result<()> {
    let watch = Arc::clone(watch);
    db.create_scalar_function(name, arguments, FLAGS, move |call| match watch.is_over() {
        true => Err(interrupted()),
        false => run(call, &watch),
    })
}

/// `value LIKE pattern ESCAPE escape`; the pattern comes first.
fn like(call: &Context<'_>, watch: &Interrupt) -> Result<Option<bool>> {
    if let Some(refused) = too_complex(call) {
        return Err(refused);
    }
    let escape = match call.len() {
        3 => match bytes(call.get_raw(2)) {
            None => return Ok(None),
            Some(escape) => Some(
                only_char(until_nul(&escape))
                    .ok_or_else(|| Error::UserFunctionError("ESCAPE expression must be a single character".into()))?,
            ),
        },
        _ => None,
    };
    compared(call, watch, |pattern| Pattern::like(pattern, escape))
}

fn glob(call: &Context<'_>, watch: &Interrupt) -> Result<Option<bool>> {
    match too_complex(call) {
        Some(refused) => Err(refused),
        None => compared(call, watch, Pattern::glob),
    }
}

fn compared(
    call: &Context<'_>,
    watch: &Interrupt,
    read: impl FnOnce(&[u8]) -> Option<Pattern>,
) -> Result<Option<bool>> {
    let (Some(pattern), Some(value)) = (bytes(call.get_raw(0)), bytes(call.get_raw(1))) else {
        return Ok(None);
    };
    let Some(pattern) = read(until_nul(&pattern)) else {
        return Ok(Some(false));
    };
    match pattern.matches(until_nul(&value), || !watch.is_over()) {
        Ok(matches) => Ok(Some(matches)),
        Err(Stopped) => Err(interrupted()),
    }
}

fn too_complex(call: &Context<'_>) -> Option<Error> {
    let is_long = bytes(call.get_raw(0)).is_some_and(|pattern| pattern.len() > MAX_PATTERN_BYTES);
    is_long.then(|| Error::UserFunctionError("LIKE or GLOB pattern too complex".into()))
}

/// SQLite compares patterns as C texts, which end at the first NUL.
fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
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
    String::from_utf8_lossy(&bytes(value).unwrap_or_default()).into_owned()
}

/// A value as SQLite makes a text of it; `None` for NULL.
fn bytes(value: ValueRef<'_>) -> Option<Cow<'_, [u8]>> {
    Some(match value {
        ValueRef::Null => return None,
        ValueRef::Integer(integer) => Cow::Owned(integer.to_string().into_bytes()),
        ValueRef::Real(real) => Cow::Owned(real_text(real)),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Cow::Borrowed(bytes),
    })
}

/// By SQLite itself, which has its own way of rounding.
fn real_text(real: f64) -> Vec<u8> {
    // SAFETY: the format has one directive, for a double; what it answers is a C text that is freed once and not used again.
    unsafe {
        let text = ffi::sqlite3_mprintf(c"%!.17g".as_ptr(), real);
        if text.is_null() {
            return Vec::new();
        }
        let bytes = CStr::from_ptr(text).to_bytes().to_vec();
        ffi::sqlite3_free(text.cast());
        bytes
    }
}

/// Without a message: SQLite keeps the code only then.
fn too_big() -> Error {
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_TOOBIG), None)
}

fn interrupted() -> Error {
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_INTERRUPT), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> (Connection, Connection) {
        let open = || Connection::open_in_memory().unwrap();
        let (ours, theirs) = (open(), open());
        replace_slow(&ours, &Arc::new(Interrupt::new())).unwrap();
        let limit = rusqlite::limits::Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH;
        theirs
            .set_limit(limit, i32::try_from(MAX_PATTERN_BYTES).unwrap())
            .unwrap();
        (ours, theirs)
    }

    #[test]
    fn the_results_are_those_of_sqlite() {
        let (ours, theirs) = both();
        let values = [
            "''",
            "'a'",
            "'añb'",
            "'aaa'",
            "x'6161ff'",
            "x'ff'",
            "12",
            "1.5",
            "1e20",
            "-0.1",
            "1e-7",
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
                    "?1 LIKE ?2",
                    "?1 GLOB ?2",
                    "?1 LIKE ?2 ESCAPE 'a'",
                ] {
                    // Bytes that are no text become U+FFFD here and stay as they are there; both are harmless.
                    let keeps_bytes = call.starts_with("instr") || call.starts_with("?1");
                    if !keeps_bytes && (a.contains("ff") || b.contains("ff")) {
                        continue;
                    }
                    let sql = format!("SELECT quote({})", call.replace("?1", a).replace("?2", b));
                    let run = |db: &Connection| db.query_row(&sql, [], |row| row.get::<_, String>(0));
                    assert_eq!(run(&ours).unwrap(), run(&theirs).unwrap(), "{sql}");
                }
            }
        }
    }

    /// Numbers that look random and are the same at every run.
    fn picks(mut seed: u64) -> impl FnMut(usize) -> usize {
        move |below| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % below
        }
    }

    #[test]
    fn generated_patterns_match_what_they_match_in_sqlite() {
        const TEXT: [&[u8]; 16] = [
            b"a",
            b"A",
            b"b",
            b"-",
            b"]",
            b"[",
            b"^",
            b"%",
            b"_",
            "ñ".as_bytes(),
            "Ñ".as_bytes(),
            "😀".as_bytes(),
            b"\xff",
            b"\x80",
            b"\xc3",
            b"\x00",
        ];
        const MARKS: [&[u8]; 12] = [
            b"%", b"_", b"*", b"?", b"[a-b]", b"[^a]", b"[]-a]", b"[", b"[^", b"x", b"%%", b"**",
        ];
        let (ours, theirs) = both();
        let mut pick = picks(7);
        let queries = ["SELECT ?1 LIKE ?2", "SELECT ?1 GLOB ?2", "SELECT ?1 LIKE ?2 ESCAPE ?3"];
        let mut prepared = queries.map(|sql| (sql, ours.prepare(sql).unwrap(), theirs.prepare(sql).unwrap()));
        let mut matched = 0;
        for round in 0..60_000 {
            let mut value = Vec::new();
            for _ in 0..pick(8) {
                value.extend_from_slice(TEXT[pick(TEXT.len())]);
            }
            let mut pattern = Vec::new();
            for _ in 0..pick(7) {
                let parts: &[&[u8]] = if pick(2) == 0 { &TEXT } else { &MARKS };
                pattern.extend_from_slice(parts[pick(parts.len())]);
            }
            let escape = [b"x".as_slice(), b"%", b"_", b"[", "ñ".as_bytes(), b"\\"][pick(6)];
            let (sql, ours, theirs) = &mut prepared[round % 3];
            let run = |statement: &mut rusqlite::Statement<'_>| {
                statement.raw_bind_parameter(1, value.as_slice())?;
                statement.raw_bind_parameter(2, pattern.as_slice())?;
                if statement.parameter_count() == 3 {
                    statement.raw_bind_parameter(3, escape)?;
                }
                let mut rows = statement.raw_query();
                rows.next()?.unwrap().get::<_, Option<bool>>(0)
            };
            let (came, wanted) = (run(ours), run(theirs));
            matched += u32::from(matches!(came, Ok(Some(true))));
            assert_eq!(
                came.map_err(|error| error.to_string()),
                wanted.map_err(|error| error.to_string()),
                "{sql} {value:?} {pattern:?} {escape:?}"
            );
        }
        assert!(matched > 2_000, "{matched}");
    }

    #[test]
    fn patterns_are_refused_as_in_sqlite() {
        let (ours, theirs) = both();
        for sql in [
            format!("SELECT 'a' LIKE '{}'", "a".repeat(201)),
            format!("SELECT 'a' GLOB '{}'", "a".repeat(201)),
            "SELECT 'a' LIKE 'a' ESCAPE ''".to_owned(),
            "SELECT 'a' LIKE 'a' ESCAPE 'ab'".to_owned(),
        ] {
            let run = |db: &Connection| db.query_row(&sql, [], |_| Ok(())).unwrap_err().to_string();
            assert_eq!(run(&ours), run(&theirs), "{sql}");
        }
        let fits = format!("SELECT 'a' LIKE '{}'", "a".repeat(200));
        assert!(!ours.query_row(&fits, [], |row| row.get::<_, bool>(0)).unwrap());
    }

    #[test]
    fn nothing_begins_once_the_watch_is_over() {
        let watch = Arc::new(Interrupt::new());
        let db = Connection::open_in_memory().unwrap();
        replace_slow(&db, &watch).unwrap();
        watch.abandon();
        for call in [
            "instr('a','a')",
            "replace('a','a','b')",
            "trim('a','a')",
            "'a' LIKE 'a'",
            "'a' GLOB 'a'",
        ] {
            let error = db.query_row(&format!("SELECT {call}"), [], |_| Ok(())).unwrap_err();
            assert_eq!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::OperationInterrupted),
                "{call}"
            );
        }
    }
}
