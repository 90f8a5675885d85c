//! `PUT|DELETE /admin/api/v1/projects/{project}/environments/{env}/secrets/{name}`, and their list. A value goes in and
//! never comes out.

use serde::Serialize;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::flows::steps::endpoint::Put;
use crate::{
    app::App,
    base::{
        clock,
        error::{Error, Problem, Refusal, Result},
        ids::{Scope, SecretName},
        input::{Fields, HostList, Parsed},
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    hooks::sdk::CallSecrets,
    storage::store::{NewSecret, SecretRow},
};

const MAX_VALUE_BYTES: usize = 16 << 10;
const MAX_HOSTS: usize = 50;
const MAX_SECRETS: usize = 100;

/// What the client sends: `{ value, hosts? }`.
pub(crate) struct Input {
    value: Zeroizing<String>,
    hosts: HostList,
}

/// A secret as the admin API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecretDocument {
    name: String,
    hosts: Value,
    created_at: String,
    updated_at: String,
}

impl Input {
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let value = fields.required("value", value);
        let hosts = fields.optional("hosts", hosts).unwrap_or_default();
        fields.finish(value.map(|value| Self { value, hosts }))
    }
}

fn value(value: Value) -> Parsed<Zeroizing<String>> {
    match value {
        Value::String(text) if text.is_empty() => Err("must not be empty".to_owned()),
        Value::String(text) if text.len() > MAX_VALUE_BYTES => {
            Err(format!("must have at most {MAX_VALUE_BYTES} bytes"))
        }
        Value::String(text) => Ok(Zeroizing::new(text)),
        _ => Err("must be a string".to_owned()),
    }
}

/// A secret for every host is no secret of a project: a hook could send it anywhere.
fn hosts(value: Value) -> Parsed<HostList> {
    let hosts = HostList::parse(MAX_HOSTS)(value)?;
    match hosts.has_any() {
        true => Err("must name the hosts; * would allow the secret for every host".to_owned()),
        false => Ok(hosts),
    }
}

/// The name in the path.
pub(crate) fn name(text: &str) -> Result<SecretName> {
    Ok(SecretName::parse(text).map_err(|problem| {
        Refusal::invalid_input(vec![Problem {
            field: "name".to_owned(),
            problem,
        }])
    })?)
}

/// Keeps the secret instead of the one before.
pub(crate) async fn put(
    app: &App,
    scope: &Scope,
    by: Actor,
    name: SecretName,
    input: Input,
) -> Result<Put<SecretDocument>> {
    let bound_to = CallSecrets::bound_to(scope, name.as_str());
    let new = NewSecret {
        sealed: app.master.seal(input.value.as_bytes(), &bound_to)?,
        hosts: input.hosts.to_json().to_string(),
        now_ms: app.clock.now_ms(),
        name: name.to_string(),
    };
    let scope = scope.clone();
    let kept = app.store.write(move |tx| {
        let entry = AuditEntry::new(Action::SecretPut, &new.name);
        if tx.update_secret(&scope, &new)? {
            audit::record(tx, Some(&scope), &by, entry, new.now_ms)?;
            return Ok(Ok(tx.secret(&scope, &new.name)?.map(Put::Replaced)));
        }
        if tx.secrets(&scope)?.len() >= MAX_SECRETS {
            return Ok(Err(Refusal::limit_reached(format!(
                "An environment can have at most {MAX_SECRETS} secrets"
            ))));
        }
        tx.insert_secret(&scope, &new)?;
        audit::record(tx, Some(&scope), &by, entry, new.now_ms)?;
        Ok(Ok(tx.secret(&scope, &new.name)?.map(Put::New)))
    });
    match kept.await?? {
        Some(Put::New(row)) => Ok(Put::New(SecretDocument::of(row)?)),
        Some(Put::Replaced(row)) => Ok(Put::Replaced(SecretDocument::of(row)?)),
        None => Err(Error::unexpected("keeping a secret", "it is not there afterwards")),
    }
}

pub(crate) async fn list(app: &App, scope: &Scope) -> Result<Vec<SecretDocument>> {
    let scope = scope.clone();
    let rows = app.store.read(move |tx| tx.secrets(&scope)).await?;
    rows.into_iter().map(SecretDocument::of).collect()
}

/// Takes the secret away; calls that have opened it keep it until they end.
pub(crate) async fn delete(app: &App, scope: &Scope, by: Actor, name: SecretName) -> Result<()> {
    let (scope, now_ms) = (scope.clone(), app.clock.now_ms());
    let there = app.store.write(move |tx| {
        let there = tx.delete_secret(&scope, name.as_str())?;
        if there {
            let entry = AuditEntry::new(Action::SecretDeleted, name.as_str());
            audit::record(tx, Some(&scope), &by, entry, now_ms)?;
        }
        Ok(there)
    });
    Ok(there.await?.then_some(()).ok_or_else(Refusal::not_found)?)
}

impl SecretDocument {
    fn of(row: SecretRow) -> Result<Self> {
        let hosts =
            HostList::stored(&row.hosts).map_err(|error| Error::unexpected("reading a secret's hosts", error))?;
        Ok(Self {
            name: row.name,
            hosts: hosts.to_json(),
            created_at: clock::iso(row.created_ms),
            updated_at: clock::iso(row.updated_ms),
        })
    }
}
