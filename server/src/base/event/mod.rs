//! The kinds of event and what each of them holds. An event is kept in the outbox, in the transaction of the change, and
//! dispatched by the worker.

mod schema;

use serde_json::{Value, json};

#[cfg(debug_assertions)]
pub(crate) use schema::fault;
pub(crate) use schema::schema;

use crate::base::ids::{Kind, new_id};

/// The kinds of event, and the names that webhooks and script hooks know them by.
macro_rules! kinds {
    ($($kind:ident => $name:literal,)*) => {
        /// A kind of event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum EventKind {
            $(#[doc = concat!("`", $name, "`")] $kind,)*
        }

        impl EventKind {
            pub(crate) const ALL: &[Self] = &[$(Self::$kind,)*];

            pub(crate) fn as_str(self) -> &'static str {
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

/// One event: `{ id, type, version, time, actor, data }`.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) kind: EventKind,
    /// Of the shape of `data`.
    pub(crate) version: i32,
    pub(crate) time_ms: i64,
    /// Who did it: `user:<id>`, `hook:<point>`, `admin:<id>`, `key:<scope>`, `anonymous`.
    pub(crate) actor: String,
    pub(crate) data: Value,
    /// How many jobs led to it: 0 for what a request did.
    pub(crate) hops: i32,
}

impl Event {
    pub(crate) fn new(kind: EventKind, actor: String, data: Value, time_ms: i64) -> Self {
        Self {
            id: new_id(Kind::Event),
            kind,
            version: 1,
            time_ms,
            actor,
            data,
            hops: 0,
        }
    }

    /// The user that it is about.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.data["user"]["id"].as_str()
    }

    /// An event about a user, as the user is after it, and about the session it happened in, if it did.
    pub(crate) fn of_user(
        kind: EventKind,
        actor: String,
        user: &Value,
        session_id: Option<&str>,
        time_ms: i64,
    ) -> Self {
        let mut data = json!({ "user": user });
        if let Some(id) = session_id {
            data["session"] = json!({ "id": id });
        }
        Self::new(kind, actor, data, time_ms)
    }

    /// The same event, as something that so many jobs led to.
    pub(crate) fn after(self, hops: i32) -> Self {
        Self { hops, ..self }
    }
}
