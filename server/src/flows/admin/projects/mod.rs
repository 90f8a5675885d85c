//! Projects and their environments.

mod create;
mod create_environment;
mod delete;
mod delete_environment;
mod get;
mod get_environment;
mod list;
mod rename;
mod rename_environment;

use aerocall_api_types::{Environment, Project, ProjectKeys};
use serde_json::Value;

pub(crate) use create::CreateProject;
pub(crate) use create_environment::CreateEnvironment;
pub(crate) use delete::DeleteProject;
pub(crate) use delete_environment::DeleteEnvironment;
pub(crate) use get::GetProject;
pub(crate) use get_environment::GetEnvironment;
pub(crate) use list::ListProjects;
pub(crate) use rename::RenameProject;
pub(crate) use rename_environment::RenameEnvironment;

use super::api_keys::Drawn;
use crate::{
    base::{
        clock,
        error::{Refusal, Result},
        ids::{Scope, Slug},
        input::Parsed,
    },
    flows::steps::endpoint::{Field, FieldKind},
    storage::store::{EnvironmentRow, KeyKind, ProjectRow, StoreError, Tx},
};

/// Names of projects and environments.
const SLUG: FieldKind = FieldKind::Json(r#"{"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,62}$"}"#);

/// What a deletion must be confirmed with.
const CONFIRM: Field = Field::required(
    "confirm",
    SLUG,
    "What is deleted, once more: its id or name, as in the path.",
);

/// For the reference.
const PROJECT: &str =
    r#"{"id": "shop", "name": "Shop", "environments": ["production"], "createdAt": "2026-01-31T12:00:00.000Z"}"#;
/// For the reference.
const ENVIRONMENT: &str =
    r#"{"project": "shop", "name": "staging", "displayName": "Staging (EU)", "createdAt": "2026-01-31T12:00:00.000Z"}"#;

fn project(row: ProjectRow) -> Project {
    Project {
        id: row.id,
        name: row.name,
        environments: row.environments,
        created_at: clock::iso(row.created_ms).into(),
    }
}

fn environment(row: EnvironmentRow) -> Environment {
    Environment {
        project: row.project_id,
        display_name: row.display_name.unwrap_or_else(|| row.name.clone()),
        name: row.name,
        created_at: clock::iso(row.created_ms).into(),
    }
}

/// Whether what was sent is what the path names, which is there.
fn confirmed(confirm: &str, named: &str) -> std::result::Result<(), Refusal> {
    match confirm == named {
        true => Ok(()),
        false => Err(Refusal::invalid_field(
            "confirm",
            format!("must be {named}, which is what would be deleted"),
        )),
    }
}

fn slug(value: Value) -> Parsed<Slug> {
    Slug::parse(value.as_str().ok_or("must be a string")?)
}

/// The first keys of an environment.
struct FirstKeys {
    publishable: Drawn,
    secret: Drawn,
}

impl FirstKeys {
    fn new() -> Result<Self> {
        Ok(Self {
            publishable: Drawn::new(KeyKind::Publishable)?,
            secret: Drawn::new(KeyKind::Secret)?,
        })
    }

    /// The environment with these keys.
    fn insert_environment(
        self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        now_ms: i64,
    ) -> std::result::Result<ProjectKeys, StoreError> {
        tx.insert_environment(scope, now_ms)?;
        Ok(ProjectKeys {
            project_id: scope.project.to_string(),
            environment: scope.environment.to_string(),
            publishable_key: self.publishable.keep(tx, scope, "", None, now_ms)?.key,
            secret_key: self.secret.keep(tx, scope, "", None, now_ms)?.key,
        })
    }
}
