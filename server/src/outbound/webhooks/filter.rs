//! Which events an endpoint wants: by type, and by what is in them.

use aerocall_api_types::{WebhookCondition as Condition, WebhookTest as Test};
use serde_json::Value;

use crate::{
    base::{
        error::{Error, Result},
        event::EventKind,
        input::Parsed,
    },
    storage::store::EndpointRow,
};

const MAX_TYPES: usize = 50;
const MAX_CONDITIONS: usize = 10;
const MAX_POINTER_BYTES: usize = 200;
const MAX_VALUES: usize = 50;
const MAX_TEXT_BYTES: usize = 500;

/// Types of which one must fit, and conditions that must all hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Filter {
    types: Vec<Pattern>,
    conditions: Vec<Condition>,
}

/// `auth.signup`, `auth.mfa.*`, or `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern(String);

impl Pattern {
    fn parse(text: &str) -> Parsed<Self> {
        let fits = |kind: &EventKind| matches(text, kind.as_str());
        match EventKind::ALL.iter().any(fits) {
            true => Ok(Self(text.to_owned())),
            false => Err(format!(
                "{:?} is no event; use a type such as auth.signup, a group such as auth.mfa.*, or *",
                text.chars().take(60).collect::<String>()
            )),
        }
    }
}

fn matches(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(group) => group.ends_with('.') && kind.starts_with(group),
        None => pattern == kind,
    }
}

fn check(condition: &Condition) -> std::result::Result<(), String> {
    if !condition.path.starts_with('/') || condition.path.len() > MAX_POINTER_BYTES {
        return Err(format!(
            "path must be a JSON Pointer such as /data/user/email, of at most {MAX_POINTER_BYTES} bytes"
        ));
    }
    match &condition.test {
        Test::Equals(value) => scalar(value),
        Test::In(values) if values.is_empty() || values.len() > MAX_VALUES => {
            Err(format!("in must have 1 to {MAX_VALUES} values"))
        }
        Test::In(values) => values.iter().try_for_each(scalar),
        Test::StartsWith(text) | Test::EndsWith(text) => scalar(&Value::from(text.as_str())),
        Test::Exists(_) => Ok(()),
    }
}

/// Whether the condition holds for the event's document.
fn holds(condition: &Condition, event: &Value) -> bool {
    let found = event.pointer(&condition.path).unwrap_or(&Value::Null);
    match &condition.test {
        Test::Equals(value) => found == value,
        Test::In(values) => values.contains(found),
        Test::StartsWith(text) => found.as_str().is_some_and(|found| found.starts_with(text)),
        Test::EndsWith(text) => found.as_str().is_some_and(|found| found.ends_with(text)),
        Test::Exists(wanted) => found.is_null() != *wanted,
    }
}

fn scalar(value: &Value) -> std::result::Result<(), String> {
    match value {
        Value::Array(_) | Value::Object(_) => {
            Err("can only be compared with strings, numbers, booleans and null".to_owned())
        }
        Value::String(text) if text.len() > MAX_TEXT_BYTES => {
            Err(format!("must be at most {MAX_TEXT_BYTES} bytes long"))
        }
        _ => Ok(()),
    }
}

impl Filter {
    /// `events`, as an admin sends it.
    pub(crate) fn read_types(value: Value) -> Parsed<Value> {
        let texts: Vec<String> =
            serde_json::from_value(value).map_err(|_| "must be an array of event types".to_owned())?;
        if texts.is_empty() || texts.len() > MAX_TYPES {
            return Err(format!("must have 1 to {MAX_TYPES} types"));
        }
        texts.iter().try_for_each(|text| Pattern::parse(text).map(drop))?;
        Ok(texts.into())
    }

    /// `filter`, as an admin sends it.
    pub(crate) fn read_conditions(value: Value) -> Parsed<Value> {
        let shape = || "must be an array of { path, and one of equals, in, startsWith, endsWith, exists }".to_owned();
        let is_pair = |item: &Value| item.as_object().is_some_and(|item| item.len() == 2);
        if !value.as_array().is_some_and(|items| items.iter().all(is_pair)) {
            return Err(shape());
        }
        let conditions: Vec<Condition> = serde_json::from_value(value).map_err(|_| shape())?;
        if conditions.len() > MAX_CONDITIONS {
            return Err(format!("must have at most {MAX_CONDITIONS} conditions"));
        }
        for (index, condition) in conditions.iter().enumerate() {
            check(condition).map_err(|problem| format!("[{index}]: {problem}"))?;
        }
        serde_json::to_value(conditions).map_err(|_| "cannot be stored".to_owned())
    }

    /// Of a kept endpoint.
    pub(crate) fn of(row: &EndpointRow) -> Result<Self> {
        Self::stored(&row.event_types, &row.conditions)
    }

    /// As it is kept: two JSON lists.
    fn stored(types: &str, conditions: &str) -> Result<Self> {
        let damaged = |error: serde_json::Error| Error::unexpected("reading the filter of a webhook", error);
        let types: Vec<String> = serde_json::from_str(types).map_err(damaged)?;
        Ok(Self {
            types: types.into_iter().map(Pattern).collect(),
            conditions: serde_json::from_str(conditions).map_err(damaged)?,
        })
    }

    /// Whether the endpoint wants events of this type, if its conditions hold.
    pub(crate) fn is_for(&self, kind: &str) -> bool {
        self.types.iter().any(|pattern| matches(&pattern.0, kind))
    }

    /// Whether the endpoint wants an event of this type with this document.
    pub(crate) fn wants(&self, kind: &str, event: &Value) -> bool {
        self.is_for(kind) && self.conditions.iter().all(|condition| holds(condition, event))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filter(types: Value, conditions: Value) -> Parsed<Filter> {
        let (types, conditions) = (Filter::read_types(types)?, Filter::read_conditions(conditions)?);
        Ok(Filter::stored(&types.to_string(), &conditions.to_string()).unwrap())
    }

    #[test]
    fn types_fit_by_name_group_or_all() {
        let wants = |types: Value, kind: &str| filter(types, json!([])).unwrap().wants(kind, &json!({}));
        assert!(wants(json!(["auth.signup"]), "auth.signup"));
        assert!(!wants(json!(["auth.login"]), "auth.login.failed"));
        assert!(wants(json!(["auth.mfa.*"]), "auth.mfa.enrolled"));
        assert!(wants(json!(["auth.login", "*"]), "auth.otp.send"));
        for bad in [
            json!([]),
            json!(["auth.nothing"]),
            json!(["auth.sign*"]),
            json!("auth.signup"),
            json!([1]),
        ] {
            assert!(filter(bad.clone(), json!([])).is_err(), "{bad}");
        }
    }

    #[test]
    fn conditions_hold_all_or_the_event_is_not_wanted() {
        let event = json!({ "data": { "user": { "email": "ada@work.example", "age": 7, "name": null } } });
        let wants = |conditions: Value| filter(json!(["*"]), conditions).unwrap().wants("auth.signup", &event);
        assert!(wants(
            json!([{ "path": "/data/user/email", "endsWith": "@work.example" }])
        ));
        assert!(wants(
            json!([{ "path": "/data/user/age", "equals": 7 }, { "path": "/data/user/name", "exists": false }])
        ));
        assert!(!wants(
            json!([{ "path": "/data/user/age", "equals": 7 }, { "path": "/data/user/age", "exists": false }])
        ));
        assert!(wants(json!([{ "path": "/data/user/age", "in": [1, 7] }])));
        assert!(!wants(json!([{ "path": "/data/user/age", "startsWith": "7" }])));
        for bad in [
            json!([{ "path": "data", "equals": 1 }]),
            json!([{ "path": "/data" }]),
            json!([{ "path": "/data", "equals": {} }]),
            json!([{ "path": "/data", "in": [] }]),
            json!([{ "path": "/data", "regex": "a" }]),
            json!([{ "path": "/data", "equals": 1, "exists": true }]),
            json!({ "path": "/data" }),
        ] {
            assert!(filter(json!(["*"]), bad.clone()).is_err(), "{bad}");
        }
    }
}
