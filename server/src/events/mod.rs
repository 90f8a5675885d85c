//! What happened, for webhooks, script hooks and the people who look at it. Kept in the outbox; sending is a later step.

use serde_json::{Value, json};

use crate::ids::{Kind, new_id};

/// The kinds of event, by the names that webhooks and script hooks use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// `auth.signup`
    Signup,
    /// `auth.login`
    Login,
    /// `auth.user.updated`
    UserUpdated,
}

impl EventKind {
    pub(crate) const ALL: [Self; 3] = [Self::Signup, Self::Login, Self::UserUpdated];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Signup => "auth.signup",
            Self::Login => "auth.login",
            Self::UserUpdated => "auth.user.updated",
        }
    }
}

/// One event: `{ id, type, version, time, actor, data }`.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) kind: EventKind,
    /// Of the shape of `data`.
    pub(crate) version: i32,
    pub(crate) time_ms: i64,
    /// Who did it: `user:<id>`, `hook:<point>`.
    pub(crate) actor: String,
    pub(crate) data: Value,
}

impl Event {
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
        Self {
            id: new_id(Kind::Event),
            kind,
            version: 1,
            time_ms,
            actor,
            data,
        }
    }
}
