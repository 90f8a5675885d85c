//! `Aerocall.secrets`: secrets that a hook can use and not read (`wit/secrets.wit`). What the hook holds is a placeholder
//! that means something only inside its call; `CallSecrets` is what the call knows of it, shared with `sdk::http`, which
//! puts the value in where a request leaves.

mod known;
mod redact;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aerocall_runtime::host::{ErrorCode, HmacHash, SdkError, Secrets};
use aho_corasick::AhoCorasick;
use async_trait::async_trait;
use hmac::Hmac;
use url::Url;
use zeroize::Zeroizing;

pub(crate) use redact::Redactor;

use crate::{
    base::{
        crypto::{MasterKey, secret},
        ids::{Scope, SecretName},
        input::{HostList, Parsed, host_of},
    },
    storage::store::Store,
};

/// The longest value of a secret.
const MAX_VALUE_BYTES: usize = 16 << 10;

/// A placeholder is this, the secret's name, a hyphen, and random digits.
const PLACEHOLDER: &str = "aerocall-secret-";
const PLACEHOLDER_BYTES: usize = 16;

/// What the value of a secret can be.
pub(crate) fn check_secret_value(value: &str) -> Parsed<()> {
    match value.len() {
        0 => Err("must not be empty".to_owned()),
        len if len > MAX_VALUE_BYTES => Err(format!("must have at most {MAX_VALUE_BYTES} bytes")),
        _ => Ok(()),
    }
}

/// The text with `[secret NAME]` in the place of each placeholder.
pub(crate) fn with_secret_names(text: &str) -> String {
    let mut parts = text.split(PLACEHOLDER);
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match after_placeholder(part) {
            Some((name, rest)) => {
                named.push_str(&format!("[secret {name}]"));
                named.push_str(rest);
            }
            None => {
                named.push_str(PLACEHOLDER);
                named.push_str(part);
            }
        }
    }
    named
}

/// The name of a placeholder, from what comes after its beginning, and what comes after it.
fn after_placeholder(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once('-')?;
    let (digits, rest) = rest.split_at_checked(2 * PLACEHOLDER_BYTES)?;
    let is_placeholder = SecretName::parse(name).is_ok() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_placeholder.then_some((name, rest))
}

/// The secrets of one call: opened when they are first named, wiped with the call.
pub(crate) struct CallSecrets {
    store: Store,
    master: Arc<MasterKey>,
    scope: Scope,
    /// What the bundle declared; `None` is every name.
    declared: Option<Vec<String>>,
    open: Mutex<BTreeMap<String, Arc<OpenSecret>>>,
}

/// A secret that the call has named.
struct OpenSecret {
    name: String,
    placeholder: String,
    value: Zeroizing<Vec<u8>>,
    hosts: HostList,
}

/// A placeholder stands where its secret may not go.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotApproved {
    pub(crate) name: String,
}

/// `Aerocall.secrets` of one call.
pub(crate) struct ScopedSecrets(Arc<CallSecrets>);

impl ScopedSecrets {
    pub(crate) fn new(secrets: Arc<CallSecrets>) -> Self {
        Self(secrets)
    }
}

#[async_trait]
impl Secrets for ScopedSecrets {
    async fn placeholder(&self, name: &str) -> Result<String, SdkError> {
        Ok(self.0.named(name).await?.placeholder.clone())
    }

    async fn hmac(&self, name: &str, hash: HmacHash, data: &[u8]) -> Result<Vec<u8>, SdkError> {
        let secret = self.0.named(name).await?;
        let mac = match hash {
            HmacHash::Sha256 => mac::<Hmac<sha2::Sha256>>(&secret.value, data),
            HmacHash::Sha384 => mac::<Hmac<sha2::Sha384>>(&secret.value, data),
            HmacHash::Sha512 => mac::<Hmac<sha2::Sha512>>(&secret.value, data),
        };
        mac.ok_or_else(internal)
    }
}

impl CallSecrets {
    /// `declared`: [`aerocall_runtime::Manifest::parts`] of `secrets`.
    pub(crate) fn new(store: Store, master: Arc<MasterKey>, scope: &Scope, declared: Option<Vec<&str>>) -> Self {
        Self {
            store,
            master,
            scope: scope.clone(),
            declared: declared.map(|names| names.into_iter().map(str::to_owned).collect()),
            open: Mutex::default(),
        }
    }

    /// What a sealed value is bound to: it opens in no other place.
    pub(crate) fn bound_to(scope: &Scope, name: &str) -> String {
        format!("secret {scope}/{name}")
    }

    async fn named(&self, name: &str) -> Result<Arc<OpenSecret>, SdkError> {
        let name = SecretName::parse(name)
            .map_err(|problem| SdkError::new(ErrorCode::InvalidArgument, format!("secrets: a name {problem}")))?;
        self.check_declared(&name)?;
        if let Some(open) = self.opened().get(name.as_str()) {
            return Ok(Arc::clone(open));
        }
        let opened = Arc::new(self.open(&name).await?);
        // Of two that opened it at the same time, the first placeholder is the one that counts.
        Ok(Arc::clone(self.opened().entry(name.to_string()).or_insert(opened)))
    }

    /// Decided by the declaration alone, so that the answer does not reveal what exists.
    fn check_declared(&self, name: &SecretName) -> Result<(), SdkError> {
        match &self.declared {
            Some(declared) if !declared.iter().any(|one| one == name.as_str()) => {
                let message = format!(
                    "secrets: this hook does not declare the secret {name}; to use it, add `capabilities: {{ secrets: [\"{name}\"] \
                     }}` to its `export const config`"
                );
                Err(SdkError::new(ErrorCode::NotFound, message))
            }
            _ => Ok(()),
        }
    }

    async fn open(&self, name: &SecretName) -> Result<OpenSecret, SdkError> {
        let (scope, wanted) = (self.scope.clone(), name.clone());
        let kept = self
            .store
            .read(move |tx| tx.sealed_secret(&scope, wanted.as_str()))
            .await
            .map_err(|error| {
                tracing::error!(scope = %self.scope, error = %error, "reading a secret");
                unavailable()
            })?;
        let Some(kept) = kept else {
            let message = format!(
                "secrets: there is no secret {name} in this environment; an admin sets it with PUT \
                 /admin/api/v1/projects/{}/environments/{}/secrets/{name}",
                self.scope.project, self.scope.environment
            );
            return Err(SdkError::new(ErrorCode::NotFound, message));
        };
        let opened = self
            .master
            .open(&kept.sealed, &Self::bound_to(&self.scope, name.as_str()));
        let (Ok(value), Ok(hosts)) = (opened, HostList::stored(&kept.hosts)) else {
            tracing::error!(scope = %self.scope, secret = %name, "a stored secret cannot be opened");
            return Err(internal());
        };
        let random = secret::random::<PLACEHOLDER_BYTES>().map_err(|_| internal())?;
        Ok(OpenSecret {
            placeholder: format!("{PLACEHOLDER}{name}-{}", secret::hex(random.as_slice())),
            name: name.to_string(),
            value,
            hosts,
        })
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<OpenSecret>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn all(&self) -> Vec<Arc<OpenSecret>> {
        self.opened().values().cloned().collect()
    }

    /// Whether a placeholder of this call stands in the text.
    pub(crate) fn named_in(&self, text: &str) -> Option<String> {
        let all = self.all();
        let found = all.iter().find(|secret| text.contains(&secret.placeholder))?;
        Some(found.name.clone())
    }

    /// The bytes with the values in the places of the placeholders, if each of them is approved for the URL's host.
    /// `None` where none stands in them.
    pub(crate) fn fill(&self, url: &Url, bytes: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, NotApproved> {
        let all = self.all();
        let Ok(search) = AhoCorasick::new(all.iter().map(|secret| &secret.placeholder)) else {
            return Ok(None);
        };
        let found: Vec<_> = search.find_iter(bytes).collect();
        if found.is_empty() {
            return Ok(None);
        }
        for place in &found {
            let secret = &all[place.pattern().as_usize()];
            if !secret.hosts.covers(url) {
                return Err(NotApproved {
                    name: secret.name.clone(),
                });
            }
        }
        let values: Vec<&[u8]> = all.iter().map(|secret| secret.value.as_slice()).collect();
        Ok(Some(Zeroizing::new(search.replace_all_bytes(bytes, &values))))
    }

    /// Takes the values that this call has opened out of what comes back.
    pub(crate) fn redactor(&self) -> Redactor {
        let all = self.all();
        Redactor::new(all.iter().map(|secret| (secret.name.as_str(), secret.value.as_slice())))
    }

    /// Why a request was refused, and the line that would allow it.
    pub(crate) fn refusal(&self, refused: &NotApproved, url: &Url) -> String {
        let (name, host) = (&refused.name, host_of(url));
        format!(
            "the secret {name} is not approved for {host}; an admin approves it with PUT \
             /admin/api/v1/projects/{}/environments/{}/secrets/{name} and \"hosts\": [\"{host}\"]",
            self.scope.project, self.scope.environment
        )
    }
}

fn mac<M: hmac::Mac + hmac::digest::KeyInit>(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut mac = <M as hmac::digest::KeyInit>::new_from_slice(key).ok()?;
    mac.update(data);
    Some(mac.finalize().into_bytes().to_vec())
}

fn unavailable() -> SdkError {
    SdkError {
        retryable: true,
        ..SdkError::new(ErrorCode::BackendUnavailable, "secrets: not available right now")
    }
}

fn internal() -> SdkError {
    SdkError::new(ErrorCode::Internal, "secrets: an unexpected error occurred")
}

#[cfg(test)]
mod tests;
