//! Secrets of an environment: a value goes in and never comes out.

mod delete;
mod list;
mod put;

use aerocall_api_types::Secret;

use crate::{
    base::{
        clock,
        error::{Error, Problem, Refusal, Result},
        ids::SecretName,
        input::HostList,
    },
    storage::store::SecretRow,
};

pub(crate) use delete::DeleteSecret;
pub(crate) use list::ListSecrets;
pub(crate) use put::PutSecret;

/// For the reference.
const EXAMPLE: &str = r#"{"name": "crm_token", "hosts": ["api.example.com"], "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z"}"#;

/// The name in the path.
fn name(text: &str) -> Result<SecretName> {
    Ok(SecretName::parse(text).map_err(|problem| {
        Refusal::invalid_input(vec![Problem {
            field: "name".to_owned(),
            problem,
        }])
    })?)
}

fn secret(row: SecretRow) -> Result<Secret> {
    let hosts = HostList::stored(&row.hosts).map_err(|error| Error::unexpected("reading a secret's hosts", error))?;
    Ok(Secret {
        name: row.name,
        hosts: hosts.names(),
        created_at: clock::iso(row.created_ms).into(),
        updated_at: clock::iso(row.updated_ms).into(),
    })
}
