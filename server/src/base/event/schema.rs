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

const USER: Field = always("user", Shape::User, "The user after the event.");
const SESSION: Field = always("session", Shape::Session, "The session that the event is about.");
const SOME_SESSION: Field = sometimes(
    "session",
    Shape::Session,
    "The session of the request, if there was one.",
);
const EMAIL: Field = always("email", Shape::Text, "The email address.");
const REVOKED: Field = sometimes(
    "revoked",
    Shape::Count,
    "The number of sessions that ended. `auth.session.revoked` has it only if a session revoked all others; then `session` is the remaining one.",
);
const CHANNEL: Field = always("channel", Shape::OneOf(&["email", "sms"]), "How the code is sent.");
const TO: Field = always("to", Shape::Text, "The email address or phone number.");
const SOME_USER: Field = sometimes("user", Shape::User, "Absent if the code is for a new account.");

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
            "Who delivers the code: a hook at `beforeOtpSend` (`hook`), the server by mail (`server`), the first script hook on this event (`event`), or the first webhook endpoint with codes included (`webhook`).",
        ),
        sometimes("webhook", Shape::Text, "The webhook endpoint that delivers the code."),
        sometimes(
            "code",
            Shape::Text,
            "The code; only in the copy for the receiver that delivers it, never stored with the event.",
        ),
    ];
    const FAILED: &[Field] = &[
        EMAIL,
        always(
            "reason",
            Shape::Text,
            "Why the login failed; for the project, never shown to the user.",
        ),
    ];
    const REVOKED_SESSIONS: &[Field] = &[
        USER,
        SESSION,
        REVOKED,
        sometimes(
            "reason",
            Shape::Text,
            "`refresh_token_reused`, `banned` or `admin`; absent if the user revoked them.",
        ),
    ];
    const FACTOR: &[Field] = &[USER, SOME_SESSION, always("factor", Shape::Factor, "The factor.")];
    const METHOD: &[Field] = &[
        USER,
        SOME_SESSION,
        always(
            "method",
            Shape::OneOf(&["totp", "recovery_code"]),
            "The kind of factor.",
        ),
    ];
    const TEST: &[Field] = &[
        always("webhook", Shape::Text, "The webhook endpoint."),
        always("message", Shape::Text, "A text for people."),
    ];
    match kind {
        EventKind::Signup => ("An account was created.", &[USER, SOME_SESSION]),
        EventKind::Login => ("A user logged in.", &[USER, SESSION]),
        EventKind::LoginFailed => (
            "A login failed. The email address is as it was sent; there may be no such account.",
            FAILED,
        ),
        EventKind::Logout => ("A user logged out.", &[USER, SESSION, REVOKED]),
        EventKind::TokenRefreshed => ("A session was refreshed.", &[USER, SESSION]),
        EventKind::PasswordResetRequested => ("A password reset was requested, and its mail was sent.", &[USER, EMAIL]),
        EventKind::PasswordResetCompleted => ("A password was reset.", &[USER, SOME_SESSION]),
        EventKind::PasswordChanged => ("A user changed their password.", &[USER, SOME_SESSION]),
        EventKind::OtpSend => ("A one-time code was sent, or is about to be sent.", OTP_SEND),
        EventKind::OtpVerified => ("A one-time code was verified.", &[CHANNEL, TO, SOME_USER]),
        EventKind::EmailVerificationRequested => ("A verification mail was sent.", &[USER, EMAIL]),
        EventKind::EmailVerified => ("An email address was verified.", &[USER, EMAIL, SOME_SESSION]),
        EventKind::UserUpdated => (
            "A user was changed: by themselves, an admin or a hook.",
            &[USER, SOME_SESSION],
        ),
        EventKind::UserDeleted => ("A user was deleted.", &[USER, SOME_SESSION]),
        EventKind::SessionRevoked => (
            "Sessions were revoked: by the user from another session, by an admin, or because a refresh token was reused.",
            REVOKED_SESSIONS,
        ),
        EventKind::MfaEnrolled | EventKind::MfaRemoved => ("A second factor was enrolled or removed.", FACTOR),
        EventKind::MfaVerified | EventKind::MfaRecoveryUsed => ("A second factor was verified.", METHOD),
        EventKind::WebhookTest => ("A test requested by an admin. Sent to one webhook endpoint only.", TEST),
    }
}

/// What in the data of the event is not as it is described, if anything.
#[cfg(any(test, debug_assertions))]
pub(crate) fn fault(event: &Event) -> Option<String> {
    let (_, fields) = described(event.kind);
    let Some(data) = event.data.as_object() else {
        return Some("data is not an object".to_owned());
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
            "id": { "type": "string", "description": "Id of the event: the same at every attempt and for every receiver." },
            "version": { "type": "integer", "description": "Version of the shape of `data`; added fields do not make a new version." },
            "time": { "type": "string", "format": "date-time" },
            "timestamp": { "type": "string", "format": "date-time", "description": "The same as `time`, in webhooks (Standard Webhooks 1.0)." },
            "project": { "type": "string" },
            "environment": { "type": "string" },
            "actor": { "type": "string", "description": "Who caused the event: `user:<id>`, `hook:<point>`, `admin:<id>`, `key:<scope>`, `server` or `anonymous`." },
            "subject": { "type": ["string", "null"], "description": "Id of the user that the event is about." },
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
