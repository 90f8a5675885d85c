//! What is in `data` of each event: the one list from which `docs/events.md`, `docs/events.schema.json` and the TypeScript
//! types are made, and against which every event is held where debug assertions are on. A field that is added later is optional; anything else
//! is another `version`.

use serde_json::{Value, json};

#[cfg(any(test, debug_assertions))]
use super::Event;
use super::EventKind;

/// A field of `data`.
#[derive(Clone, Copy, Debug)]
struct Field {
    name: &'static str,
    shape: Shape,
    presence: Presence,
    about: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    User,
    /// `{ id }`
    Session,
    /// `{ id, type }`
    Factor,
    Text,
    Count,
    OneOf(&'static [&'static str]),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Always,
    Sometimes,
}

const fn always(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field {
        name,
        shape,
        presence: Presence::Always,
        about,
    }
}

const fn sometimes(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field {
        name,
        shape,
        presence: Presence::Sometimes,
        about,
    }
}

const USER: Field = always("user", Shape::User, "The user as they are after it.");
const SESSION: Field = always("session", Shape::Session, "The session it happened in.");
const SOME_SESSION: Field = sometimes(
    "session",
    Shape::Session,
    "The session it happened in, if it did in one.",
);
const EMAIL: Field = always("email", Shape::Text, "The address.");
const REVOKED: Field = sometimes("revoked", Shape::Count, "How many sessions ended.");
const CHANNEL: Field = always("channel", Shape::OneOf(&["email", "sms"]), "Which way.");
const TO: Field = always("to", Shape::Text, "The address or the number.");
const SOME_USER: Field = sometimes("user", Shape::User, "Absent when the code is to make an account.");

/// When it happens, and what its data are.
fn described(kind: EventKind) -> (&'static str, &'static [Field]) {
    const OTP_SEND: &[Field] = &[
        CHANNEL,
        TO,
        SOME_USER,
        always(
            "purpose",
            Shape::OneOf(&["login", "verify_phone"]),
            "What the code is for.",
        ),
        always(
            "delivery",
            Shape::OneOf(&["hook", "server", "event", "webhook"]),
            "Who delivers it: a hook at beforeOtpSend has, the server by mail, the first script hook on this event, or the first \
             webhook endpoint that asked for codes.",
        ),
        sometimes("webhook", Shape::Text, "The endpoint that delivers it."),
        sometimes(
            "code",
            Shape::Text,
            "For whoever delivers it and for nobody else: it is not kept with the event.",
        ),
    ];
    const FAILED: &[Field] = &[EMAIL, always("reason", Shape::Text, "Why, for the project alone.")];
    const REVOKED_SESSIONS: &[Field] = &[
        USER,
        SESSION,
        REVOKED,
        sometimes(
            "reason",
            Shape::Text,
            "`refresh_token_reused`, `banned`, `admin`; absent when their owner did it.",
        ),
    ];
    const FACTOR: &[Field] = &[USER, SOME_SESSION, always("factor", Shape::Factor, "Which one.")];
    const METHOD: &[Field] = &[
        USER,
        SOME_SESSION,
        always("method", Shape::OneOf(&["totp", "recovery_code"]), "Which kind."),
    ];
    const TEST: &[Field] = &[
        always("webhook", Shape::Text, "The endpoint."),
        always("message", Shape::Text, "For people."),
    ];
    match kind {
        EventKind::Signup => ("Somebody has an account now.", &[USER, SOME_SESSION]),
        EventKind::Login => ("A user has logged in.", &[USER, SESSION]),
        EventKind::LoginFailed => (
            "Somebody could not log in. The address is as it was sent; there need be no account.",
            FAILED,
        ),
        EventKind::Logout => ("A user has logged out.", &[USER, SESSION, REVOKED]),
        EventKind::TokenRefreshed => ("A session goes on.", &[USER, SESSION]),
        EventKind::PasswordResetRequested => ("A way to a new password was sent.", &[USER, EMAIL]),
        EventKind::PasswordResetCompleted => ("A new password was set by such a way.", &[USER, SOME_SESSION]),
        EventKind::PasswordChanged => ("A user has changed their password.", &[USER, SOME_SESSION]),
        EventKind::OtpSend => ("A one-time code was sent, or is to be sent.", OTP_SEND),
        EventKind::OtpVerified => ("A one-time code was right.", &[CHANNEL, TO, SOME_USER]),
        EventKind::EmailVerificationRequested => ("A link to confirm an address was sent.", &[USER, EMAIL]),
        EventKind::EmailVerified => ("An address was confirmed.", &[USER, EMAIL, SOME_SESSION]),
        EventKind::UserUpdated => ("A user was changed, by whomever.", &[USER, SOME_SESSION]),
        EventKind::UserDeleted => ("A user is gone.", &[USER, SOME_SESSION]),
        EventKind::SessionRevoked => ("Sessions ended without a logout in them.", REVOKED_SESSIONS),
        EventKind::MfaEnrolled | EventKind::MfaRemoved => ("A second factor was added or taken away.", FACTOR),
        EventKind::MfaVerified | EventKind::MfaRecoveryUsed => ("A second factor was shown.", METHOD),
        EventKind::WebhookTest => ("An admin has asked for a test. It is for one endpoint alone.", TEST),
    }
}

/// What in the data of the event is not as it is described, if anything.
#[cfg(any(test, debug_assertions))]
pub(crate) fn fault(event: &Event) -> Option<String> {
    let (_, fields) = described(event.kind);
    let Some(data) = event.data.as_object() else {
        return Some("data is no object".to_owned());
    };
    let unknown = data.keys().find(|name| fields.iter().all(|field| field.name != *name));
    let unlike = fields.iter().find(|field| match data.get(field.name) {
        None => field.presence == Presence::Always,
        Some(value) => !field.shape.fits(value),
    });
    unknown
        .map(|name| format!("{name} is not described"))
        .or_else(|| unlike.map(|field| format!("{} is not as described", field.name)))
}

impl Shape {
    #[cfg(any(test, debug_assertions))]
    fn fits(self, value: &Value) -> bool {
        let text = |name: &str| value[name].is_string();
        match self {
            Self::User => text("id") && text("email") && value["metadata"].is_object(),
            Self::Session => text("id"),
            Self::Factor => text("id") && text("type"),
            Self::Text => value.is_string(),
            Self::Count => value.is_u64(),
            Self::OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        }
    }

    fn schema(self) -> Value {
        match self {
            Self::User => json!({ "$ref": "#/$defs/user" }),
            Self::Session => json!({ "$ref": "#/$defs/session" }),
            Self::Factor => json!({ "$ref": "#/$defs/factor" }),
            Self::Text => json!({ "type": "string" }),
            Self::Count => json!({ "type": "integer", "minimum": 0 }),
            Self::OneOf(words) => json!({ "enum": words }),
        }
    }
}

/// JSON Schema 2020-12 of every event.
pub(crate) fn schema() -> Value {
    let events: Vec<Value> = EventKind::ALL.iter().map(|kind| one(*kind)).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Events of Aerocall Hooks",
        "type": "object",
        "required": ["id", "type", "version", "time", "project", "environment", "actor", "subject", "data"],
        "properties": {
            "id": { "type": "string", "description": "The same at every attempt and for every receiver." },
            "version": { "type": "integer", "description": "Of the shape of data; more fields are no new version." },
            "time": { "type": "string", "format": "date-time" },
            "timestamp": { "type": "string", "format": "date-time", "description": "The same, in webhooks (Standard Webhooks 1.0)." },
            "project": { "type": "string" },
            "environment": { "type": "string" },
            "actor": { "type": "string", "description": "Who did it: user:<id>, hook:<point>, admin:<id>, key:<scope>, server, anonymous." },
            "subject": { "type": ["string", "null"], "description": "The user that it is about." },
        },
        "oneOf": events,
        "$defs": {
            "user": {
                "type": "object",
                "required": ["id", "email", "metadata", "publicMetadata"],
                "properties": {
                    "id": { "type": "string" },
                    "email": { "type": "string" },
                    "emailVerified": { "type": "boolean" },
                    "phone": { "type": "string" },
                    "phoneVerified": { "type": "boolean" },
                    "name": { "type": "string" },
                    "metadata": { "type": "object" },
                    "publicMetadata": { "type": "object" },
                    "createdAt": { "type": "string", "format": "date-time" },
                    "updatedAt": { "type": "string", "format": "date-time" },
                },
            },
            "session": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } },
            "factor": {
                "type": "object",
                "required": ["id", "type"],
                "properties": { "id": { "type": "string" }, "type": { "const": "totp" } },
            },
        },
    })
}

fn one(kind: EventKind) -> Value {
    let (about, fields) = described(kind);
    let property = |field: &Field| {
        let mut schema = field.shape.schema();
        schema["description"] = field.about.into();
        (field.name.to_owned(), schema)
    };
    let properties: serde_json::Map<String, Value> = fields.iter().map(property).collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.presence == Presence::Always)
        .map(|field| field.name)
        .collect();
    json!({
        "title": kind.as_str(),
        "description": about,
        "properties": {
            "type": { "const": kind.as_str() },
            "data": { "type": "object", "required": required, "properties": properties },
        },
    })
}

#[cfg(test)]
mod documents;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_that_is_not_as_described_is_found() {
        let event = |data: Value| Event::new(EventKind::LoginFailed, "anonymous".to_owned(), data, 1);
        assert_eq!(
            fault(&event(json!({ "email": "ada@example.com", "reason": "x" }))),
            None
        );
        for wrong in [
            json!({ "email": "ada@example.com" }),
            json!({ "email": 1, "reason": "x" }),
            json!({ "email": "a", "reason": "x", "password": "y" }),
            json!(null),
        ] {
            assert!(fault(&event(wrong.clone())).is_some(), "{wrong}");
        }
    }
}
