//! Secrets of an environment: a value goes in and never comes out.

mod delete;
mod list;
mod put;

use aerocall_api_types::{Secret, SecretUse};

use crate::{
    base::{
        clock,
        error::{Error, Problem, Refusal, Result},
        ids::SecretName,
        input::HostList,
    },
    hooks::Live,
    storage::store::SecretRow,
};

pub(crate) use delete::DeleteSecret;
pub(crate) use list::ListSecrets;
pub(crate) use put::PutSecret;

/// For the reference.
const EXAMPLE: &str = r#"{"name": "crm_token", "hosts": ["api.example.com"], "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "updatedBy": "account:acc_…", "usedBy": [{"hook": "crm", "version": 3}]}"#;

/// The name in the path.
fn name(text: &str) -> Result<SecretName> {
    Ok(SecretName::parse(text).map_err(|problem| {
        Refusal::invalid_input(vec![Problem {
            field: "name".to_owned(),
            problem,
        }])
    })?)
}

/// The live hooks whose manifests name the secret.
fn used_by(live: Option<&Live>, name: &str) -> Vec<SecretUse> {
    let capability = format!("secrets:{name}");
    let hooks = live.map(|live| live.hooks.as_slice()).unwrap_or_default();
    let uses = hooks
        .iter()
        .filter(|hook| hook.manifest.capabilities.contains(&capability));
    uses.map(|hook| SecretUse {
        hook: hook.name.clone(),
        version: hook.version_number,
    })
    .collect()
}

fn secret(row: SecretRow, live: Option<&Live>) -> Result<Secret> {
    let hosts = HostList::stored(&row.hosts).map_err(|error| Error::unexpected("reading a secret's hosts", error))?;
    Ok(Secret {
        used_by: used_by(live, &row.name),
        updated_by: row.updated_by,
        name: row.name,
        hosts: hosts.names(),
        created_at: clock::iso(row.created_ms).into(),
        updated_at: clock::iso(row.updated_ms).into(),
    })
}
