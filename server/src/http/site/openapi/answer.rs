//! The schemas of answers: made from the types that are answered.

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::{
    flows::steps::{endpoint::Endpoint, examples},
    hooks::Moment,
    http::wire::served::Served,
};

/// Makes the schemas, and keeps those that have names.
pub(super) struct Schemas(SchemaGenerator);

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        Self(
            settings
                .with(|settings| {
                    settings.definitions_path = "/components/schemas".into();
                    settings.meta_schema = None;
                })
                .into_generator(),
        )
    }

    /// The schema of a good answer.
    pub(super) fn of(&mut self, served: &Served) -> Value {
        match served.answer {
            Some(answer) => (answer.schema)(&mut self.0).into(),
            None => schema(served.endpoint),
        }
    }

    /// Every schema that others refer to, by name.
    pub(super) fn named(mut self) -> Map<String, Value> {
        self.0.take_definitions(true)
    }
}

/// From its example, where it has no type.
fn schema(endpoint: &Endpoint) -> Value {
    if endpoint.answer.example == examples::GRANTED {
        let granted = json!({ "$ref": "#/components/schemas/SessionGrant" });
        let halfway = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        // Whoever logs in may be asked for a second factor instead, and whoever has none may have to enrol one.
        return match (
            endpoint.moments.contains(&Moment::Login),
            endpoint.moments.contains(&Moment::Signup),
        ) {
            (true, _) => json!({ "anyOf": [granted, halfway("MfaChallenge"), halfway("MfaEnrollment")] }),
            (false, true) => json!({ "anyOf": [granted, halfway("MfaEnrollment")] }),
            (false, false) => granted,
        };
    }
    let example: Value = serde_json::from_str(endpoint.answer.example).unwrap_or_default();
    like(&example)
}

fn like(example: &Value) -> Value {
    match example {
        Value::Null => json!({}),
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Number(number) if number.is_f64() => json!({ "type": "number" }),
        Value::Number(_) => json!({ "type": "integer" }),
        Value::String(_) => json!({ "type": "string" }),
        Value::Array(items) => match items.first() {
            Some(first) => json!({ "type": "array", "items": like(first) }),
            None => json!({ "type": "array" }),
        },
        Value::Object(object) => json!({ "type": "object", "properties": properties(object) }),
    }
}

fn properties(object: &Map<String, Value>) -> Map<String, Value> {
    let property = |(name, value): (&String, &Value)| {
        let schema = match (name.as_str(), value) {
            ("user", Value::Object(_)) => json!({ "$ref": "#/components/schemas/User" }),
            _ => like(value),
        };
        (name.clone(), schema)
    };
    object.iter().map(property).collect()
}
