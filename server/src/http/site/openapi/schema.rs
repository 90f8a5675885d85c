//! Fields to JSON Schemas, and the schemas that have names.

use serde_json::{Map, Value, json};

use crate::flows::steps::{
    endpoint::{Field, FieldKind, Presence},
    invocation_limits as limits,
};

/// An object of exactly these fields.
pub(super) fn object(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| (field.name.to_owned(), described(field)))
        .collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.presence == Presence::Required)
        .map(|field| field.name)
        .collect();
    let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn described(field: &Field) -> Value {
    let mut schema = of(field.kind);
    if field.presence == Presence::Nullable {
        let kind = schema["type"].take();
        schema["type"] = json!([kind, "null"]);
    }
    if !field.about.is_empty() {
        schema["description"] = field.about.into();
    }
    schema
}

/// What a field may hold. Lengths are of characters, as everywhere in JSON Schema.
pub(super) fn of(kind: FieldKind) -> Value {
    match kind {
        FieldKind::Email => json!({ "type": "string", "format": "idn-email", "maxLength": 254 }),
        FieldKind::Password => json!({ "type": "string", "format": "password", "minLength": 1 }),
        FieldKind::Phone => json!({ "type": "string", "minLength": 8, "examples": ["+4930123456"] }),
        FieldKind::Text(most) => json!({ "type": "string", "minLength": 1, "maxLength": most }),
        FieldKind::Token | FieldKind::Code => json!({ "type": "string", "minLength": 1 }),
        FieldKind::Redirect => json!({ "type": "string", "format": "uri" }),
        FieldKind::Flag => json!({ "type": "boolean" }),
        FieldKind::Number(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        FieldKind::OneOf(words) => json!({ "type": "string", "enum": words }),
        FieldKind::Object => json!({ "type": "object" }),
        FieldKind::Client => json!({ "$ref": "#/components/schemas/Client" }),
        // A schema that is none is seen by a test: its example of the document does not match.
        FieldKind::Json(schema) => serde_json::from_str(schema).unwrap_or_default(),
        FieldKind::Form(fields) => object(fields),
        FieldKind::Component => json!({ "type": "string", "contentMediaType": "application/wasm" }),
    }
}

/// The schemas of `components` that are no answers.
pub(super) fn named() -> Map<String, Value> {
    let schemas = json!({
        "Client": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "id": { "type": "string", "minLength": 1, "maxLength": 100 },
                "version": { "type": "string", "minLength": 1, "maxLength": 50 },
                "data": { "type": "object", "description": "At most 4 KiB." },
            },
        },
        "Limits": object(limits::FIELDS),
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}
