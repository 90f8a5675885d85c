//! What a hook reaches where it is tried: the server's own back ends as far as they need no server, and answers of other hosts as
//! somebody gives them. One `Local` a call; nothing is left of it afterwards. Knows no expectations.

use std::{collections::BTreeMap, sync::Arc};

use aerocall_contract::Capability;
use aerocall_runtime::{Call, Conditions, Context, Hook, Host, Limits, Manifest, Replayed};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Given, GivenUser, LocalFault, Sandbox,
    exchanges::{Exchange, GivenHttp},
    given_secrets::{self, Secret},
};
use crate::base::input::HostPattern;

/// What is there before the call. What is not given is empty; without answers of other hosts, requests really leave.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GivenDocument {
    /// By key.
    pub cache: BTreeMap<String, Value>,
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
pub struct Local {
    sandbox: Sandbox,
    http: Option<Arc<GivenHttp>>,
    has_password: bool,
}

impl GivenDocument {
    /// A test never sends anything: requests without a given answer are refused.
    #[must_use]
    pub fn offline(mut self) -> Self {
        self.http.get_or_insert_default();
        self
    }

    /// Whether nothing is given.
    pub(super) fn is_empty(&self) -> bool {
        self.size().0 == 0 && self.password.is_none()
    }

    /// How many things are given, and the bytes of their texts.
    pub(crate) fn size(&self) -> (usize, usize) {
        let http = self.http.as_ref().map_or(0, Vec::len);
        let count = self.cache.len() + self.secrets.len() + http + self.users.len() + self.rows.len();
        (count, self.rows.iter().map(String::len).sum())
    }
}

impl Local {
    /// Fresh back ends: tables as the migrations (name and SQL) make them, then what is given. `private_networks`: where requests
    /// may go on this machine, as a server's setting.
    ///
    /// # Errors
    /// What is given and cannot be.
    pub async fn open(
        context: &Context,
        manifest: &Manifest,
        given: &GivenDocument,
        migrations: &[(String, String)],
        private_networks: Option<String>,
    ) -> Result<Self, LocalFault> {
        let secrets = given.secrets.iter();
        let secrets = secrets.map(|(name, secret)| (name.clone(), secret.given(manifest)));
        let approved = given_secrets::approved(&given.secrets)?;
        // A part that is no host allows none.
        let declared = manifest.parts(Capability::Http).map(|parts| {
            let patterns = parts.into_iter().filter_map(|part| HostPattern::read(part).ok());
            patterns.collect()
        });
        let http = given.http.clone();
        let http = http.map(|exchanges| Arc::new(GivenHttp::new(exchanges, declared, approved)));
        let sandbox = Sandbox::open(Given {
            project: context.project_id.clone(),
            environment: context.environment.clone(),
            cache: given.cache.clone(),
            users: given.users.clone(),
            secrets: secrets.collect(),
            migrations: migrations.to_vec(),
            rows: given.rows.clone(),
            password: given.password.clone(),
            private_networks,
        });
        Ok(Self {
            sandbox: sandbox.await.map_err(LocalFault::Given)?,
            http,
            has_password: given.password.is_some(),
        })
    }

    /// Calls the hook. What it did is there afterwards if it succeeded.
    ///
    /// # Errors
    /// The payload is not JSON.
    pub async fn call(
        &self,
        hook: &Hook,
        mut call: Call,
        limits: &Limits,
        conditions: Conditions,
    ) -> Result<Replayed, LocalFault> {
        if self.has_password {
            call.payload = with_handle(&call.payload)?;
        }
        let adjust = |host: &mut Host| {
            if let Some(http) = &self.http {
                host.http = Some(Arc::<GivenHttp>::clone(http));
            }
        };
        Ok(Box::pin(self.sandbox.call_under(conditions, hook, call, limits, adjust)).await)
    }

    /// What the cache holds; `null` for nothing.
    pub(super) async fn cached(&self, key: &str) -> Result<Value, LocalFault> {
        let held = self.sandbox.cached(key).await.map_err(LocalFault::Given)?;
        Ok(held.unwrap_or(Value::Null))
    }

    /// The messages that were put into queues.
    pub(crate) async fn queued(&self) -> Result<Value, LocalFault> {
        self.sandbox
            .queued()
            .await
            .map(Value::Array)
            .map_err(LocalFault::Machine)
    }

    /// The mails that were sent.
    pub(crate) async fn emails(&self) -> Result<Value, LocalFault> {
        self.sandbox
            .emails()
            .await
            .map(Value::Array)
            .map_err(LocalFault::Machine)
    }

    /// What a query of the project's tables answers: a list of objects.
    pub(super) async fn rows(&self, sql: &str) -> Result<Value, LocalFault> {
        self.sandbox
            .rows(sql)
            .await
            .map(Value::Array)
            .map_err(LocalFault::Given)
    }

    /// Answers that were given and that nobody asked for.
    #[must_use]
    pub fn not_asked_for(&self) -> Vec<String> {
        self.http.iter().flat_map(|http| http.not_asked_for()).collect()
    }
}

/// The payload with the handle that a flow with a password puts there.
fn with_handle(payload: &str) -> Result<String, LocalFault> {
    let mut document: Value =
        serde_json::from_str(payload).map_err(|error| LocalFault::Given(format!("the payload: {error}")))?;
    if let Value::Object(members) = &mut document {
        members.insert("password".to_owned(), serde_json::json!({ "handle": 1 }));
    }
    Ok(document.to_string())
}
