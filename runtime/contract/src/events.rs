//! Events: what happened, for webhooks, script hooks and the event stream. Names, when each happens and what is in its `data`:
//! the one list from which `docs/events.md`, `docs/events.schema.json` and the TypeScript types are made, and against which
//! the server holds every event where debug assertions are on. A field that is added later is optional; anything else is
//! another `version`. To add an event, add its line to `kinds!` and to `described`.

use serde_json::{Value, json};

use crate::shape::{self, Field, Shape, always, sometimes};

/// The kinds of event, and the names that webhooks and script hooks know them by.
macro_rules! kinds {
    ($($kind:ident => $name:literal,)*) => {
        /// A kind of event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind {
            $(#[doc = concat!("`", $name, "`")] $kind,)*
        }

        impl EventKind {
            /// In the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// Its name: `type` of the event.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    Signup => "auth.signup",
    Login => "auth.login",
    LoginFailed => "auth.login.failed",
    Logout => "auth.logout",
    TokenRefreshed => "auth.token.refreshed",
    PasswordResetRequested => "auth.password.reset.requested",
    PasswordResetCompleted => "auth.password.reset.completed",
    PasswordChanged => "auth.password.changed",
    OtpSend => "auth.otp.send",
    OtpVerified => "auth.otp.verified",
    EmailVerificationRequested => "auth.email.verification.requested",
    EmailVerified => "auth.email.verified",
    UserUpdated => "auth.user.updated",
    UserDeleted => "auth.user.deleted",
    SessionRevoked => "auth.session.revoked",
    MfaEnrolled => "auth.mfa.enrolled",
    MfaVerified => "auth.mfa.verified",
    MfaRecoveryUsed => "auth.mfa.recovery.used",
    MfaRemoved => "auth.mfa.removed",
    WebhookTest => "webhook.test",
}

impl EventKind {
    /// The event with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// Whether script hooks can handle it. The test event of a webhook goes to its endpoint only.
    #[must_use]
    pub fn reaches_hooks(self) -> bool {
        self != Self::WebhookTest
    }

    /// When it happens.
    #[must_use]
    pub fn about(self) -> &'static str {
        described(self).0
    }

    /// What is in its `data`.
    #[must_use]
    pub fn data(self) -> &'static [Field] {
        described(self).1
    }

    /// A sample of its `data`, with every field.
    #[must_use]
    pub fn sample(self) -> Value {
        shape::sample(self.data())
    }

    /// What in its `data` is not as it is described, if anything.
    #[must_use]
    pub fn fault(self, data: &Value) -> Option<String> {
        shape::fault(self.data(), data)
    }
}

const USER: Field = always("user", Shape::User, "The user after the event.");
const SESSION: Field = always("session", Shape::Session, "The session that the event is about.");
const SOME_SESSION: Field = sometimes(
    "session",
    Shape::Session,
    "The session of the request, if there was one.",
);
const EMAIL: Field = always("email", Shape::Text("ada@example.com"), "The email address.");
const REVOKED: Field = sometimes(
    "revoked",
    Shape::Count,
    "The number of sessions that ended. `auth.session.revoked` has it only if a session revoked all others; then `session` is the remaining one.",
);
const CHANNEL: Field = always("channel", Shape::OneOf(&["email", "sms"]), "How the code is sent.");
const TO: Field = always(
    "to",
    Shape::Text("ada@example.com"),
    "The email address or phone number.",
);
const SOME_USER: Field = sometimes("user", Shape::User, "Absent if the code is for a new account.");

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
    sometimes(
        "webhook",
        Shape::Text("whk_01kx4m5n6p7q8r9s0t1v2w3x4y"),
        "The webhook endpoint that delivers the code.",
    ),
    sometimes(
        "code",
        Shape::Text("123456"),
        "The code; only in the copy for the receiver that delivers it, never stored with the event.",
    ),
];
const FAILED: &[Field] = &[
    EMAIL,
    always(
        "reason",
        Shape::Text("wrong_password"),
        "Why the login failed; for the project, never shown to the user.",
    ),
];
const REVOKED_SESSIONS: &[Field] = &[
    USER,
    SESSION,
    REVOKED,
    sometimes(
        "reason",
        Shape::Text("admin"),
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
    always(
        "webhook",
        Shape::Text("whk_01kx4m5n6p7q8r9s0t1v2w3x4y"),
        "The webhook endpoint.",
    ),
    always("message", Shape::Text("A test"), "A text for people."),
    sometimes(
        "sample",
        Shape::Object,
        "`type` and `data` of the event that the message shows in place of this one, if the admin asked for a type.",
    ),
];

/// When it happens, and what its data are.
fn described(kind: EventKind) -> (&'static str, &'static [Field]) {
    match kind {
        EventKind::Signup => ("An account was created.", &[USER, SOME_SESSION]),
        EventKind::Login => ("A user logged in.", &[USER, SESSION]),
        EventKind::LoginFailed => (
            "A login failed. The email address is the one that the client sent; there may be no such account.",
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

/// What every event has.
pub(crate) const FRAME: [&str; 9] = [
    "id",
    "type",
    "version",
    "time",
    "project",
    "environment",
    "actor",
    "subject",
    "data",
];

/// What every event has besides its type and its data, as the properties of a JSON Schema.
pub(crate) fn frame() -> Value {
    json!({
        "id": { "type": "string", "description": "Id of the event: the same at every attempt and for every receiver." },
        "version": { "type": "integer", "description": "Version of the shape of `data`; added fields do not make a new version." },
        "time": { "type": "string", "format": "date-time" },
        "timestamp": { "type": "string", "format": "date-time", "description": "The same as `time`, in webhooks (Standard Webhooks 1.0)." },
        "project": { "type": "string" },
        "environment": { "type": "string" },
        "actor": { "type": "string", "description": "Who caused the event: `user:<id>`, `hook:<point>`, `admin:<id>`, `key:<scope>`, `server` or `anonymous`." },
        "subject": { "type": ["string", "null"], "description": "Id of the user that the event is about." },
    })
}

/// JSON Schema 2020-12 of every event.
#[must_use]
pub fn event_schema() -> Value {
    let events: Vec<Value> = EventKind::ALL.iter().map(|kind| one(*kind)).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Events of Aerocall Hooks",
        "type": "object",
        "required": FRAME,
        "properties": frame(),
        "oneOf": events,
        "$defs": shape::definitions(&["user", "session", "factor"]),
    })
}

fn one(kind: EventKind) -> Value {
    json!({
        "title": kind.as_str(),
        "description": kind.about(),
        "properties": { "type": { "const": kind.as_str() }, "data": shape::schema(kind.data()) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_that_is_not_as_described_is_found() {
        let fault = |data: &Value| EventKind::LoginFailed.fault(data);
        assert_eq!(fault(&json!({ "email": "ada@example.com", "reason": "x" })), None);
        for wrong in [
            json!({ "email": "ada@example.com" }),
            json!({ "email": 1, "reason": "x" }),
            json!({ "email": "a", "reason": "x", "password": "y" }),
            json!(null),
        ] {
            assert!(fault(&wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_of_one_event_and_its_sample_is_as_described() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::named(kind.as_str()), Some(*kind));
            assert_eq!(kind.fault(&kind.sample()), None, "{kind:?}");
        }
        assert_eq!(EventKind::named("auth.nothing"), None);
    }
}
