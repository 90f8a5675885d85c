//! Entries of the audit log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Object, Timestamp};

/// An entry of the audit log: who did what to what, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Identifies the entry.
    pub id: String,
    /// The project it is about; `null` if it is about the whole server.
    pub project: Option<String>,
    /// The environment it is about; `null` if it is about all environments of the project, or about the whole server.
    pub environment: Option<String>,
    /// When it was done.
    pub time: Timestamp,
    /// Who did it: `account:…`, `admin:…`, `key:…`, `user:…` or `server`.
    pub actor: String,
    /// The address that the account had; `null` if it was not an account of an admin.
    pub actor_email: Option<String>,
    /// The session or personal token by which the account did it; `null` if it was not an account of an admin.
    pub via: Option<String>,
    /// What was done, such as `user.banned`. New versions of the server can add actions.
    pub action: String,
    /// The id or the name of what it was done to.
    pub target: String,
    /// IP address of the request; empty if there was none.
    pub ip: String,
    /// Identifies the request in the server's log; empty if there was none.
    pub request_id: String,
    /// More about it, by the action; never a secret.
    pub data: Object,
}

/// A page of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditLog {
    /// Newest first.
    pub audit: Vec<AuditEntry>,
    /// What to send as `before` for the next page; `null` on the last one.
    pub next: Option<String>,
}
