//! Values of the database as JSON, none of which loses anything in a browser; and JSON as values.

use aerocall_runtime::host::{Rows, Value as Stored};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::base::input::Parsed;

/// JavaScript has no whole number beyond it (`Number.MAX_SAFE_INTEGER`).
const MAX_SAFE: i64 = (1 << 53) - 1;

pub(super) fn rows(rows: Rows) -> Vec<Vec<Value>> {
    rows.rows
        .into_iter()
        .map(|row| row.into_iter().map(cell).collect())
        .collect()
}

fn cell(value: Stored) -> Value {
    match value {
        Stored::Null => Value::Null,
        Stored::Boolean(boolean) => boolean.into(),
        Stored::Integer(integer) if (-MAX_SAFE..=MAX_SAFE).contains(&integer) => integer.into(),
        Stored::Integer(integer) => json!({ "integer": integer.to_string() }),
        // What is no number in JSON is a word.
        Stored::Real(real) => {
            serde_json::Number::from_f64(real).map_or_else(|| json!({ "real": real.to_string() }), Value::Number)
        }
        Stored::Text(text) | Stored::Timestamp(text) => text.into(),
        Stored::Blob(bytes) => json!({ "blob": STANDARD.encode(bytes) }),
        Stored::Json(text) => match serde_json::from_str::<Value>(&text) {
            Ok(document) => json!({ "json": document }),
            Err(_) => text.into(),
        },
    }
}

/// A parameter.
pub(super) fn parameter(value: Value) -> Parsed<Stored> {
    Ok(match value {
        Value::Null => Stored::Null,
        Value::Bool(boolean) => Stored::Boolean(boolean),
        Value::String(text) => Stored::Text(text),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Stored::Integer(integer),
            (None, Some(real)) => Stored::Real(real),
            (None, None) => return Err("must be a number that fits 64 bits".to_owned()),
        },
        Value::Array(_) | Value::Object(_) => {
            return Err("must be null, true, false, a number or a text; write JSON as a text".to_owned());
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_on_the_way() {
        let shown = |value| cell(value).to_string();
        assert_eq!(shown(Stored::Integer(MAX_SAFE)), "9007199254740991");
        assert_eq!(
            shown(Stored::Integer(MAX_SAFE + 1)),
            r#"{"integer":"9007199254740992"}"#
        );
        assert_eq!(
            shown(Stored::Integer(i64::MIN)),
            r#"{"integer":"-9223372036854775808"}"#
        );
        assert_eq!(shown(Stored::Real(f64::INFINITY)), r#"{"real":"inf"}"#);
        assert_eq!(shown(Stored::Json(r#"{"a": 1}"#.to_owned())), r#"{"json":{"a":1}}"#);
        assert_eq!(shown(Stored::Json("not".to_owned())), r#""not""#);
        assert_eq!(shown(Stored::Blob(vec![255])), r#"{"blob":"/w=="}"#);
        assert!(parameter(json!([1])).is_err());
        assert_eq!(parameter(json!(2)), Ok(Stored::Integer(2)));
    }
}
