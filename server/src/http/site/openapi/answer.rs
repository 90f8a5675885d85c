//! The schemas that have names: of answers, made from the types that are answered, and of the bodies of requests.

use aerocall_api_types::ErrorAnswer;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::tidy::tidied;
use crate::http::wire::served::Served;

/// Makes the schemas, and keeps those that have names.
pub(super) struct Schemas {
    answers: SchemaGenerator,
    requests: Map<String, Value>,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        Self {
            answers: settings.into_generator(),
            requests: Map::new(),
        }
    }

    /// The schema of a good answer.
    pub(super) fn of(&mut self, served: &Served) -> Value {
        match served.answer {
            Some(answer) => tidied((answer.schema)(&mut self.answers).into()),
            // A redirect has no document.
            None => Value::Null,
        }
    }

    /// The schema of every other answer.
    pub(super) fn of_error(&mut self) -> Value {
        self.of_type::<ErrorAnswer>()
    }

    fn of_type<T: JsonSchema>(&mut self) -> Value {
        tidied(self.answers.subschema_for::<T>().into())
    }

    /// Gives the body of a request a name; what refers to it.
    pub(super) fn request(&mut self, operation: &str, schema: Value) -> Value {
        let mut name = operation.to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        name.push_str("Request");
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        self.requests.insert(name, schema);
        reference
    }

    /// Every schema that others refer to, by name.
    pub(super) fn named(mut self) -> Map<String, Value> {
        let answers = self.answers.take_definitions(true).into_iter();
        answers
            .map(|(name, schema)| (name, tidied(schema)))
            .chain(self.requests)
            .collect()
    }
}
