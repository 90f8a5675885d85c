//! What of a setting changed, for the audit log. Of settings that are sealed, which hold secrets, it says nothing.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::storage::store::Setting;

/// The longest difference that is recorded whole: lists of hosts and URLs can be long.
const MAX_BYTES: usize = 8 << 10;

/// The members that differ, before and after; their names alone if that is too long. `before` is `null` if there was none, and the
/// defaults held.
pub(super) fn difference(before: Option<&Setting>, after: &Setting) -> Value {
    let Setting::Open(after) = after else {
        return json!({});
    };
    let before = match before {
        Some(Setting::Open(before)) => before.as_str(),
        Some(Setting::Sealed(_)) | None => "null",
    };
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    recorded(read(before), read(after))
}

/// The same of two documents that hold no secret.
pub(in crate::flows::admin) fn between(before: &impl Serialize, after: &impl Serialize) -> Value {
    let value = |document: serde_json::Result<Value>| document.unwrap_or_default();
    let before = value(serde_json::to_value(before));
    recorded(before, value(serde_json::to_value(after)))
}

fn recorded(before: Value, after: Value) -> Value {
    let (before, after) = changed(before, after);
    let whole = json!({ "before": before, "after": after });
    match (whole.to_string().len() <= MAX_BYTES, after) {
        (true, _) => whole,
        (false, Value::Object(members)) => json!({ "changed": members.keys().collect::<Vec<_>>() }),
        (false, _) => json!({}),
    }
}

/// Of two objects, the members that differ.
fn changed(before: Value, after: Value) -> (Value, Value) {
    let (Value::Object(before), Value::Object(after)) = (&before, &after) else {
        return (before, after);
    };
    let of = |one: &Map<String, Value>, other: &Map<String, Value>| {
        let differ = one.iter().filter(|(name, value)| other.get(*name) != Some(value));
        Value::Object(differ.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    (of(before, after), of(after, before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(value: &Value) -> Setting {
        Setting::Open(value.to_string())
    }

    #[test]
    fn what_differs_is_recorded_and_nothing_that_is_sealed_or_too_long() {
        let one = open(&json!({ "signUp": true, "mfa": "optional" }));
        let other = open(&json!({ "signUp": true, "mfa": "required" }));
        assert_eq!(
            difference(Some(&one), &other),
            json!({ "before": { "mfa": "optional" }, "after": { "mfa": "required" } })
        );
        assert_eq!(
            difference(None, &open(&json!(["a.example"]))),
            json!({ "before": null, "after": ["a.example"] })
        );
        let sealed = Setting::Sealed(b"secret".to_vec());
        assert_eq!(difference(Some(&one), &sealed), json!({}));
        assert_eq!(difference(Some(&sealed), &other)["before"], json!(null));
        let long = open(&json!({ "hosts": vec!["h.example"; 2_000], "mfa": "optional" }));
        assert_eq!(difference(Some(&one), &long), json!({ "changed": ["hosts"] }));
    }
}
