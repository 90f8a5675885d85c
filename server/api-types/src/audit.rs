//! The audit log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Object, Timestamp};

/// An entry of the audit log. Entries are immutable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its id.
    pub id: String,
    /// The project; `null` if it is about the server as a whole.
    pub project: Option<String>,
    /// The environment; `null` if it is about a project or the server as a whole.
    pub environment: Option<String>,
    /// When it was done.
    pub time: Timestamp,
    /// Who did it: `admin:<id>`, `key:<project>/<environment>`, `user:<id>` or `server`.
    pub actor: String,
    /// What was done, such as `user.banned`. New versions of the server can add actions.
    pub action: String,
    /// Id or name of what it was done to.
    pub target: String,
    /// IP address of the request; empty if the server did it itself.
    pub ip: String,
    /// The request; empty if the server did it itself.
    pub request_id: String,
    /// More about it; the members depend on the action.
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
