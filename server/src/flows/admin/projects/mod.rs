//! Projects and their environments.

mod create;
mod create_environment;
mod list;

use aerocall_api_types::ProjectKeys;
use serde_json::Value;

pub(crate) use create::CreateProject;
pub(crate) use create_environment::CreateEnvironment;
pub(crate) use list::ListProjects;

use crate::{
    base::{
        crypto::secret,
        error::Result,
        ids::{Scope, Slug},
        input::Parsed,
    },
    flows::steps::endpoint::FieldKind,
    storage::store::{KeyKind, StoreError, Tx},
};

/// Names of projects and environments.
const SLUG: FieldKind = FieldKind::Json(r#"{"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,62}$"}"#);

fn slug(value: Value) -> Parsed<Slug> {
    Slug::parse(value.as_str().ok_or("must be a string")?)
}

/// New keys of an environment.
fn new_keys(scope: &Scope) -> Result<ProjectKeys> {
    Ok(ProjectKeys {
        project_id: scope.project.to_string(),
        environment: scope.environment.to_string(),
        publishable_key: secret::new_key("pk")?,
        secret_key: secret::new_key("sk")?,
    })
}

/// The environment with these keys; of the secret one, its hash.
fn insert_environment(
    tx: &mut Tx<'_>,
    scope: &Scope,
    keys: &ProjectKeys,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    let hash = secret::fingerprint(&keys.secret_key);
    tx.insert_environment(scope, now_ms)?;
    tx.insert_api_key(scope, KeyKind::Publishable, &keys.publishable_key, now_ms)?;
    tx.insert_api_key(scope, KeyKind::Secret, &hash, now_ms)
}
