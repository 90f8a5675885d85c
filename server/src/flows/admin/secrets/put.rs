//! `PUT …/secrets/{name}`

use aerocall_api_types::{Permission, Secret};
use aerocall_contract::errors;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{EXAMPLE, name, secret};
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::Scope,
        input::{Fields, HostList, Parsed},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, Put, environment},
    },
    hooks::sdk::{CallSecrets, check_secret_value},
    storage::store::{NewSecret, SecretHosts, SecretRow, StoreError, Tx},
};

const MAX_HOSTS: usize = 50;
const MAX_SECRETS: usize = 100;

/// Creates a secret, or replaces its value and hosts, or its hosts alone.
pub(crate) struct PutSecret;

/// What the client sends.
pub(crate) struct Input {
    /// None: the stored value stays.
    value: Option<Zeroizing<String>>,
    hosts: HostList,
}

impl Flow for PutSecret {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = Put<Secret>;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Put, environment!("/secrets/{name}"), "Create or replace a secret")
        .fields(&[
            Field::optional("value", FieldKind::Text(16_384), "The value, at most 16 KiB. Required for a new secret; if omitted, the stored value stays, and hosts can only be taken from the list: a further host needs the value."),
            Field::optional(
                "hosts",
                FieldKind::Json(r#"{"type":"array","maxItems":50,"items":{"type":"string"}}"#),
                "Hosts that hooks may send the value to, at most 50; `*.example.com` stands for every subdomain. None if omitted.",
            ),
        ])
        .example(r#"{"value":"s3cret","hosts":["api.example.com"]}"#)
        .answers(201, "The secret without its value.", EXAMPLE)
        .errors(&[errors::LIMIT_REACHED]);

    /// A value of the largest size, each byte of it an escape of six.
    const BODY: BodyLimit = BodyLimit::Bytes(128 << 10);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let value = fields.optional("value", value);
        let hosts = fields.optional("hosts", hosts).unwrap_or_default();
        Some(Input { value, hosts })
    }

    fn status(output: &Put<Secret>) -> u16 {
        output.status()
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<Put<Secret>> {
        let name = name(caller.part("name")?)?;
        let scope = caller.scope.clone();
        let bound_to = CallSecrets::bound_to(&scope, name.as_str());
        let sealed = input
            .value
            .map(|value| app.master.seal(value.as_bytes(), &bound_to))
            .transpose()?;
        let (hosts, by) = (input.hosts.to_json().to_string(), caller.actor().author());
        let live = app.hooks.registry.live(&scope);
        let kept = caller.change(app, move |tx, now_ms| {
            let name = name.to_string();
            match sealed {
                Some(sealed) => {
                    let new = NewSecret {
                        name,
                        sealed,
                        hosts,
                        by,
                        now_ms,
                    };
                    put(tx, &scope, &new)
                }
                None => {
                    let hosts = SecretHosts {
                        name,
                        hosts,
                        by,
                        now_ms,
                    };
                    narrow(tx, &scope, &hosts)
                }
            }
        });
        let kept = kept.await??;
        kept.ok_or_else(|| Error::unexpected("storing a secret", "it is not there afterwards"))?
            .try_map(|row| secret(row, live.as_deref()))
    }
}

/// What a change came to: the secret as it is stored afterwards, or why nothing was stored.
type Changed = std::result::Result<Audited<std::result::Result<Option<Put<SecretRow>>, Refusal>>, StoreError>;

/// Creates the secret, or replaces its value and hosts.
fn put(tx: &mut Tx<'_>, scope: &Scope, new: &NewSecret) -> Changed {
    let before = tx.secret(scope, &new.name)?;
    let entry = audited(&new.name, before.as_ref(), &new.hosts);
    if tx.update_secret(scope, new)? {
        let secret = tx.secret(scope, &new.name)?.map(Put::Replaced);
        return Ok(Audited::Changed(Ok(secret), entry));
    }
    if tx.secrets(scope)?.len() >= MAX_SECRETS {
        let message = format!("An environment has at most {MAX_SECRETS} secrets");
        return Ok(Audited::Unchanged(Err(Refusal::limit_reached(message))));
    }
    tx.insert_secret(scope, new)?;
    let secret = tx.secret(scope, &new.name)?.map(Put::New);
    Ok(Audited::Changed(Ok(secret), entry))
}

/// Takes hosts from the list of a secret whose value stays. Whoever adds a host can have the value sent to it, so that needs the value.
fn narrow(tx: &mut Tx<'_>, scope: &Scope, hosts: &SecretHosts) -> Changed {
    let Some(before) = tx.secret(scope, &hosts.name)? else {
        let problem = Refusal::invalid_field("value", "is required for a new secret");
        return Ok(Audited::Unchanged(Err(problem)));
    };
    if let Some(added) = added(&before.hosts, &hosts.hosts) {
        let problem = format!("is required to add a host ({added}): without it, hosts can only be removed");
        return Ok(Audited::Unchanged(Err(Refusal::invalid_field("value", problem))));
    }
    let entry = audited(&hosts.name, Some(&before), &hosts.hosts);
    tx.update_secret_hosts(scope, hosts)?;
    let secret = tx.secret(scope, &hosts.name)?.map(Put::Replaced);
    Ok(Audited::Changed(Ok(secret), entry))
}

/// The first host of a list that another list does not have.
fn added(before: &str, after: &str) -> Option<String> {
    let (before, after) = (hosts_of(before), hosts_of(after));
    let known = |host: &Value| before.as_array().is_some_and(|before| before.contains(host));
    let added = after.as_array()?.iter().find(|host| !known(host))?;
    added.as_str().map(str::to_owned)
}

fn audited(name: &str, before: Option<&SecretRow>, hosts: &str) -> AuditEntry {
    let before = before.map(|before| hosts_of(&before.hosts));
    let data = json!({ "before": { "hosts": before }, "after": { "hosts": hosts_of(hosts) } });
    AuditEntry::new(Action::SecretPut, name).with(data)
}

fn hosts_of(stored: &str) -> Value {
    serde_json::from_str(stored).unwrap_or_default()
}

fn value(value: Value) -> Parsed<Zeroizing<String>> {
    match value {
        Value::String(text) => check_secret_value(&text).map(|()| Zeroizing::new(text)),
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
