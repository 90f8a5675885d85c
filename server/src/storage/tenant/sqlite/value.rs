//! Values between hooks and SQLite. SQLite has five kinds; the others are recognised by the type that a column was declared with.

use aerocall_runtime::host::Value;
use rusqlite::types::{ToSqlOutput, Value as Stored, ValueRef};

use super::super::time;

/// What a column was declared as, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    Boolean,
    Timestamp,
    Json,
    Other,
}

impl Declared {
    pub(super) fn of(declared: Option<&str>) -> Self {
        let name = declared.unwrap_or_default().to_ascii_uppercase();
        match name.split(['(', ' ']).next().unwrap_or_default() {
            "BOOLEAN" | "BOOL" => Self::Boolean,
            "TIMESTAMP" | "TIMESTAMPTZ" | "DATETIME" => Self::Timestamp,
            "JSON" | "JSONB" => Self::Json,
            _ => Self::Other,
        }
    }
}

/// A parameter as it is stored. Timestamps are written as SQLite's own functions write them, so that they sort and
/// compare with those as text.
pub(super) fn to_sql(value: &Value) -> ToSqlOutput<'_> {
    match value {
        Value::Null => ToSqlOutput::Owned(Stored::Null),
        Value::Boolean(boolean) => ToSqlOutput::Owned(Stored::Integer((*boolean).into())),
        Value::Integer(integer) => ToSqlOutput::Owned(Stored::Integer(*integer)),
        Value::Real(real) => ToSqlOutput::Owned(Stored::Real(*real)),
        Value::Text(text) | Value::Json(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Value::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        Value::Timestamp(text) => match time::parse(text) {
            Some(at) => ToSqlOutput::Owned(Stored::Text(time::sortable(at))),
            None => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        },
    }
}

/// A stored value as hooks see it. What does not fit its column's declared type stays what it is.
pub(super) fn from_sql(value: ValueRef<'_>, declared: Declared) -> Value {
    match (value, declared) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Integer(integer @ (0 | 1)), Declared::Boolean) => Value::Boolean(integer == 1),
        (ValueRef::Integer(integer), _) => Value::Integer(integer),
        (ValueRef::Real(real), _) => Value::Real(real),
        (ValueRef::Blob(bytes), _) => Value::Blob(bytes.to_vec()),
        (ValueRef::Text(bytes), declared) => from_text(String::from_utf8_lossy(bytes).into_owned(), declared),
    }
}

fn from_text(text: String, declared: Declared) -> Value {
    match declared {
        Declared::Timestamp => match time::parse(&text) {
            Some(at) => Value::Timestamp(time::rfc3339(at)),
            None => Value::Text(text),
        },
        Declared::Json if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() => Value::Json(text),
        _ => Value::Text(text),
    }
}

/// What a value counts against the budget of bytes.
pub(super) fn cost(value: ValueRef<'_>) -> u64 {
    match value {
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => Value::cost_of(0),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Value::cost_of(bytes.len()),
    }
}
