//! Secrets that a test case or `--given` gives. Hooks use them as those of a server, whose own code keeps them; here is only
//! what can be written down, and where they may be sent when the other hosts are given too.

use std::{collections::BTreeMap, fmt};

use aerocall_contract::Capability;
use aerocall_runtime::{ErrorCode, Manifest, SdkError, host::HttpRequest};
use serde::Deserialize;
use url::Url;

use super::{GivenSecret, LocalFault};
use crate::{
    base::input::{HostList, HostPattern, host_of},
    hooks::sdk::with_secret_names,
};

/// The value alone, or with the hosts that an admin has approved for it.
#[derive(Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "a secret is its value, or { \"value\": \"…\", \"hosts\": [\"api.example.com\"] }"
)]
pub(super) enum Secret {
    /// Approved for every host that the hook declares.
    Value(String),
    /// With the hosts that it is approved for.
    Full(Full),
}

/// A secret and where it may be sent.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Full {
    value: String,
    hosts: Vec<String>,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// As the server's code takes it. `manifest`: what the hook declares.
    pub(super) fn given(&self, manifest: &Manifest) -> GivenSecret {
        match self {
            Self::Value(value) => GivenSecret {
                value: value.clone(),
                hosts: hosts(manifest),
            },
            Self::Full(Full { value, hosts }) => GivenSecret {
                value: value.clone(),
                hosts: hosts.clone(),
            },
        }
    }
}

/// The hosts that a hook declares.
fn hosts(manifest: &Manifest) -> Vec<String> {
    match manifest.parts(Capability::Http) {
        None => vec!["*".to_owned()],
        Some(parts) => parts.into_iter().map(str::to_owned).collect(),
    }
}

/// The hosts that secrets may be sent to, by the names of those that are not approved for all that the hook declares.
pub(super) struct Approved {
    hosts: BTreeMap<String, HostList>,
    /// Where a host is added, before and after the secret's name.
    place: (&'static str, &'static str),
}

/// Reads them.
pub(super) fn approved(secrets: &BTreeMap<String, Secret>) -> Result<Approved, LocalFault> {
    let mut all = BTreeMap::new();
    for (name, secret) in secrets {
        if let Secret::Full(Full { hosts, .. }) = secret {
            let patterns = hosts.iter().map(|host| HostPattern::read(host));
            let patterns: Result<HostList, String> = patterns.collect();
            let wrong = |problem| LocalFault::Given(format!("given.secrets[{name:?}].hosts: {problem}"));
            all.insert(name.clone(), patterns.map_err(wrong)?);
        }
    }
    Ok(Approved {
        hosts: all,
        place: ("add the host to `given.secrets.", ".hosts`"),
    })
}

impl Approved {
    /// Nothing is said of any secret.
    pub(super) fn anywhere() -> Self {
        Self::of_scope(BTreeMap::new())
    }

    /// As the admins of an environment have approved them.
    pub(super) fn of_scope(hosts: BTreeMap<String, HostList>) -> Self {
        Self {
            hosts,
            place: ("an admin approves it with PUT …/secrets/", ""),
        }
    }

    /// Refuses a request that carries a secret where it may not go, as a server does.
    pub(super) fn check(&self, host: &Url, request: &HttpRequest) -> Result<(), SdkError> {
        let denied = |message: String| Err(SdkError::new(ErrorCode::Denied, message));
        if with_secret_names(&request.url) != request.url {
            return denied("http: a secret can be sent in a header or in the body, not in the URL".to_owned());
        }
        let body = String::from_utf8_lossy(request.body.as_deref().unwrap_or_default());
        let texts = request.headers.iter().map(|(_, text)| text.as_str()).chain([&*body]);
        let texts: Vec<String> = texts.map(with_secret_names).collect();
        let carries = |name: &str| texts.iter().any(|text| text.contains(&format!("[secret {name}]")));
        let refused = self
            .hosts
            .iter()
            .find(|(name, hosts)| !hosts.covers(host) && carries(name));
        match refused {
            Some((name, _)) => denied(format!(
                "the secret {name} is not approved for {}: {}{name}{}",
                host_of(host),
                self.place.0,
                self.place.1
            )),
            None => Ok(()),
        }
    }
}
