//! What a hook reaches on its author's machine: the server's own back ends as far as they need no server, and answers of
//! other hosts as a test case gives them. One `Local` a call; nothing is left of it afterwards. Knows no expectations.

mod http;
mod secrets;

use std::{collections::BTreeMap, sync::Arc};

use aerocall_compiler::capabilities::{Grant, Grants};
use aerocall_runtime::{Context, Host, Manifest, host::Cache};
use serde::Deserialize;
use serde_json::Value;

use self::{
    http::{Exchange, GivenHttp},
    secrets::GivenSecrets,
};
use crate::Failed;

/// What is there before the call. What is not given is empty, or answers `unavailable` where nothing can be made up.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Given {
    /// By key.
    pub(crate) cache: BTreeMap<String, Value>,
    /// By name.
    secrets: Option<BTreeMap<String, String>>,
    /// Each for one request.
    http: Option<Vec<Exchange>>,
}

/// The back ends of one call.
pub(crate) struct Local {
    cache: Arc<dyn Cache>,
    secrets: Option<Arc<GivenSecrets>>,
    http: Option<Arc<GivenHttp>>,
}

impl Local {
    /// Fresh back ends, with what is given in them.
    pub(crate) async fn open(context: &Context, manifest: &Manifest, given: &Given) -> Result<Self, Failed> {
        let cache = aerocall_server::local::cache(&context.project_id, &context.environment).map_err(Failed::Usage)?;
        for (key, value) in &given.cache {
            let set = cache.set(key, &value.to_string(), None).await;
            set.map_err(|error| Failed::Usage(format!("`cache`: {error}")))?;
        }
        let granted = granted(manifest)?;
        let secrets = given
            .secrets
            .clone()
            .map(|values| GivenSecrets::new(values, granted.clone()));
        let secrets = secrets.map(Arc::new);
        let http = given.http.clone();
        let http = http.map(|exchanges| Arc::new(GivenHttp::new(exchanges, granted, secrets.clone())));
        Ok(Self { cache, secrets, http })
    }

    /// As the runtime takes them.
    pub(crate) fn host(&self) -> Host {
        Host {
            cache: Some(Arc::clone(&self.cache)),
            secrets: self.secrets.clone().map(|secrets| secrets as _),
            http: self.http.clone().map(|http| http as _),
            ..Host::default()
        }
    }

    /// What the cache holds; `null` for nothing.
    pub(crate) async fn cached(&self, key: &str) -> Result<Value, Failed> {
        let json = self.cache.get(key).await?;
        Ok(json
            .map(|json| serde_json::from_str(&json))
            .transpose()?
            .unwrap_or(Value::Null))
    }

    /// Answers that were given and that nobody asked for.
    pub(crate) fn not_asked_for(&self) -> Vec<String> {
        self.http.iter().flat_map(|http| http.not_asked_for()).collect()
    }
}

/// What the bundle may use: the same ceiling as on a server.
fn granted(manifest: &Manifest) -> Result<Grants, Failed> {
    let parsed = manifest.capabilities.iter().map(|text| text.parse::<Grant>());
    parsed
        .collect::<Result<_, _>>()
        .map_err(|problem| Failed::Usage(format!("the bundle's capabilities: {problem}")))
}
