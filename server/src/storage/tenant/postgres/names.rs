//! What a scope's schema and roles are called. Roles are the cluster's, schemas the database's, so the database is part of
//! the name: two servers on one cluster do not meet.

use sha2::{Digest as _, Sha256};

use crate::base::ids::Scope;

/// Names that need no quotes.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) schema: String,
    /// Owns the tables and runs migrations.
    pub(super) owner: String,
    /// Runs the statements of hooks.
    pub(super) hooks: String,
}

impl Names {
    pub(super) fn of(database: &str, scope: &Scope) -> Self {
        let text = format!("{database}\0{}\0{}", scope.project, scope.environment);
        let digest = Sha256::digest(text.as_bytes());
        let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self::of_schema(&format!("aerocall_{hex}"))
    }

    /// Of a schema that was named so.
    pub(super) fn of_schema(schema: &str) -> Self {
        Self {
            owner: format!("{schema}_owner"),
            hooks: format!("{schema}_hooks"),
            schema: schema.to_owned(),
        }
    }
}
