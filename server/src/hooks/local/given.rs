//! What is there before a call: the documents of a test case, as types.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Everything a call can find.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// `[a-z0-9-]`
    pub project: String,
    /// `[a-z0-9-]`
    pub environment: String,
    /// What the cache holds.
    pub cache: BTreeMap<String, Value>,
    /// Users.
    pub users: Vec<GivenUser>,
    /// Secrets, by name.
    pub secrets: BTreeMap<String, GivenSecret>,
    /// Migrations of the project's database: name and SQL, in order.
    pub migrations: Vec<(String, String)>,
    /// SQL that fills the tables after the migrations.
    pub rows: Vec<String>,
    /// The password that the flow has, if it has one.
    pub password: Option<String>,
    /// `egress.private_networks`, as the server reads it from its environment: where requests may go on this machine.
    pub private_networks: Option<String>,
}

/// A secret of the project.
#[derive(Clone, Default)]
pub struct GivenSecret {
    /// What hooks can use and not read.
    pub value: String,
    /// Where it may be sent: hosts as an admin approves them.
    pub hosts: Vec<String>,
}

impl std::fmt::Debug for GivenSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GivenSecret")
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}

/// A user of the project.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GivenUser {
    /// Made up when left out.
    pub id: Option<String>,
    /// One address.
    pub email: String,
    /// Their name.
    pub name: Option<String>,
    /// What only the project sees.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// What the user sees as well.
    #[serde(default)]
    pub public_metadata: Map<String, Value>,
    /// For `password.verify`.
    pub password: Option<String>,
}
