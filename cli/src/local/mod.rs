//! What a hook reaches on its author's machine: the server's own back ends as far as they need no server, and answers of
//! other hosts as a test case gives them. One `Local` a call; nothing is left of it afterwards. Knows no expectations.

mod http;
mod secrets;

use std::{collections::BTreeMap, sync::Arc};

use aerocall_compiler::capabilities::{Grant, Grants};
use aerocall_runtime::{Call, Context, Hook, Host, Invocation, Limits, Manifest};
use aerocall_server::local::{GivenUser, Sandbox};
use serde::Deserialize;
use serde_json::Value;

use self::{
    http::{Exchange, GivenHttp},
    secrets::Secret,
};
use crate::{Failed, migrations::Migration};

/// What is there before the call. What is not given is empty; without answers of other hosts, requests really leave.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Given {
    /// By key.
    pub(crate) cache: BTreeMap<String, Value>,
    /// By name.
    secrets: BTreeMap<String, Secret>,
    /// Each for one request.
    http: Option<Vec<Exchange>>,
    /// Of the project and environment of the context.
    users: Vec<GivenUser>,
    /// Statements that fill the project's tables, after its migrations.
    rows: Vec<String>,
    /// The password of the flow: the payload has a handle to it.
    password: Option<String>,
}

/// The back ends of one call.
pub(crate) struct Local {
    sandbox: Sandbox,
    http: Option<Arc<GivenHttp>>,
    has_password: bool,
}

impl Given {
    /// A case of a test never sends anything: requests without a given answer are refused.
    pub(crate) fn offline(mut self) -> Self {
        self.http.get_or_insert_default();
        self
    }
}

impl Local {
    /// Fresh back ends: tables as the migrations make them, then what is given.
    pub(crate) async fn open(
        context: &Context,
        manifest: &Manifest,
        given: &Given,
        migrations: &[Migration],
    ) -> Result<Self, Failed> {
        let granted = granted(manifest)?;
        let secrets = given.secrets.iter();
        let secrets = secrets.map(|(name, secret)| (name.clone(), secret.given(&granted)));
        let http = given.http.clone();
        let approved = secrets::approved(&given.secrets)?;
        let http = http.map(|exchanges| Arc::new(GivenHttp::new(exchanges, granted.clone(), approved)));
        let sandbox = Sandbox::open(aerocall_server::local::Given {
            project: context.project_id.clone(),
            environment: context.environment.clone(),
            cache: given.cache.clone(),
            users: given.users.clone(),
            secrets: secrets.collect(),
            migrations: migrations.iter().cloned().map(Migration::into_parts).collect(),
            rows: given.rows.clone(),
            password: given.password.clone(),
            private_networks: std::env::var("AEROCALL_EGRESS_PRIVATE_NETWORKS").ok(),
        });
        Ok(Self {
            sandbox: sandbox.await.map_err(Failed::Usage)?,
            http,
            has_password: given.password.is_some(),
        })
    }

    /// Calls the hook. What it did is there afterwards if it succeeded.
    pub(crate) async fn call(&self, hook: &Hook, mut call: Call, limits: &Limits) -> Result<Invocation, Failed> {
        if self.has_password {
            call.payload = with_handle(&call.payload)?;
        }
        let adjust = |host: &mut Host| {
            if let Some(http) = &self.http {
                host.http = Some(Arc::<GivenHttp>::clone(http));
            }
        };
        Ok(Box::pin(self.sandbox.call(hook, call, limits, adjust)).await)
    }

    /// What the cache holds; `null` for nothing.
    pub(crate) async fn cached(&self, key: &str) -> Result<Value, Failed> {
        let held = self.sandbox.cached(key).await.map_err(Failed::Usage)?;
        Ok(held.unwrap_or(Value::Null))
    }

    /// The messages that were put into queues.
    pub(crate) async fn queued(&self) -> Result<Value, Failed> {
        self.sandbox
            .queued()
            .await
            .map(Value::Array)
            .map_err(Failed::Environment)
    }

    /// The mails that were sent.
    pub(crate) async fn emails(&self) -> Result<Value, Failed> {
        self.sandbox
            .emails()
            .await
            .map(Value::Array)
            .map_err(Failed::Environment)
    }

    /// What a query of the project's tables answers: a list of objects.
    pub(crate) async fn rows(&self, sql: &str) -> Result<Value, Failed> {
        self.sandbox.rows(sql).await.map(Value::Array).map_err(Failed::Usage)
    }

    /// Answers that were given and that nobody asked for.
    pub(crate) fn not_asked_for(&self) -> Vec<String> {
        self.http.iter().flat_map(|http| http.not_asked_for()).collect()
    }
}

/// The payload with the handle that a flow with a password puts there.
fn with_handle(payload: &str) -> Result<String, Failed> {
    let mut document: Value = serde_json::from_str(payload)?;
    if let Value::Object(members) = &mut document {
        members.insert("password".to_owned(), serde_json::json!({ "handle": 1 }));
    }
    Ok(document.to_string())
}

/// What the bundle may use: the same ceiling as on a server.
fn granted(manifest: &Manifest) -> Result<Grants, Failed> {
    let parsed = manifest.capabilities.iter().map(|text| text.parse::<Grant>());
    parsed
        .collect::<Result<_, _>>()
        .map_err(|problem| Failed::Usage(format!("the bundle's capabilities: {problem}")))
}
