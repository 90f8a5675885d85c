//! Fields to JSON Schemas, and the schemas that have names.

use serde_json::{Map, Value, json};

use crate::flows::steps::{
    endpoint::{Field, FieldKind, Presence},
    limit_fields as limits,
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
    if !field.about.is_empty() {
        schema["description"] = field.about.into();
    }
    schema
}

/// What a field may hold. Lengths are of characters, as everywhere in JSON Schema.
pub(super) fn of(kind: FieldKind) -> Value {
    match kind {
        FieldKind::Email => json!({ "type": "string", "format": "email", "maxLength": 254 }),
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

/// The schemas of `components`.
pub(super) fn named() -> Map<String, Value> {
    let schemas = json!({
        "Error": error(),
        "User": user(),
        "Session": {
            "type": "object",
            "required": ["id"],
            "properties": { "id": { "type": "string" } },
        },
        "SessionGrant": grant(),
        "MfaChallenge": halfway("mfa", "The login is not complete: a second factor is required. Send the token to `POST /auth/mfa/verify`."),
        "MfaEnrollment": halfway("mfa_enrollment", "The login is not complete: a second factor must be enrolled. Send the token to `POST /auth/mfa/enroll`."),
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

fn error() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let problem = json!({
        "type": "object",
        "required": ["field", "problem"],
        "additionalProperties": false,
        "properties": { "field": { "type": "string" }, "problem": { "type": "string" } },
    });
    json!({
        "type": "object",
        "required": ["error"],
        "additionalProperties": false,
        "properties": { "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "additionalProperties": false,
            "properties": {
                "code": text("Stable error code for programs; see /docs/errors."),
                "message": text("Message for people; may change."),
                "request_id": text("Identifies the request in the server's log."),
                "hook": text("Name of the hook that denied the request or failed."),
                "details": { "type": "array", "items": problem, "description": "The problems, by field." },
            },
        } },
    })
}

fn user() -> Value {
    let time = json!({ "type": "string", "format": "date-time" });
    json!({
        "type": "object",
        "required": ["id", "email", "emailVerified", "metadata", "publicMetadata", "createdAt", "updatedAt"],
        "properties": {
            "id": { "type": "string" },
            "email": { "type": "string" },
            "emailVerified": { "type": "boolean" },
            "phone": { "type": "string" },
            "phoneVerified": { "type": "boolean" },
            "name": { "type": "string" },
            "metadata": { "type": "object" },
            "publicMetadata": { "type": "object" },
            "createdAt": time,
            "updatedAt": time,
        },
    })
}

fn grant() -> Value {
    json!({
        "type": "object",
        "description": "A session with its user and tokens.",
        "required": ["user", "session", "access_token", "token_type", "expires_in", "refresh_token"],
        "properties": {
            "user": { "$ref": "#/components/schemas/User" },
            "session": { "$ref": "#/components/schemas/Session" },
            "access_token": { "type": "string", "description": "The access token, a JWT." },
            "token_type": { "const": "Bearer" },
            "expires_in": { "type": "integer", "description": "Lifetime in seconds." },
            "refresh_token": { "type": "string" },
        },
    })
}

fn halfway(name: &str, about: &str) -> Value {
    json!({
        "type": "object",
        "description": about,
        "required": [name],
        "properties": { name: {
            "type": "object",
            "required": ["token", "methods", "expires_in"],
            "properties": {
                "token": { "type": "string" },
                "methods": { "type": "array", "items": { "type": "string" } },
                "expires_in": { "type": "integer", "description": "Lifetime in seconds." },
            },
        } },
    })
}
