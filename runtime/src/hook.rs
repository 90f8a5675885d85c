//! A bundle that is ready to be called.

use std::{collections::BTreeSet, sync::Arc};

use wasmtime::Engine;

use crate::{
    Call, Conditions, EngineRef, Host, Invocation, Limits, Manifest, Replayed,
    artifact::Loaded,
    bindings,
    invoke::{self, Slots},
    sources::Sources,
    state::CallState,
};

/// A bundle that is ready to be called.
pub struct Hook {
    pub(crate) engine: Engine,
    pub(crate) instance_pre: bindings::HookPre<CallState>,
    pub(crate) manifest: Manifest,
    pub(crate) declared: Arc<BTreeSet<String>>,
    /// Whether its code is all its own: in no language of an engine.
    pub(crate) is_native: bool,
    /// Whether it shares a JS engine of the host.
    pub(crate) shares_engine: bool,
    pub(crate) digest: String,
    pub(crate) sources: Sources,
    pub(crate) slots: Slots,
    /// Its artefact stays on disk as long as it is loaded.
    pub(crate) _loaded: Loaded,
}

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hook")
            .field("name", &self.manifest.name)
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

impl Hook {
    /// What the bundle says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// `sha256:` and 64 hex digits over the component.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The JS engine of the host that it shares. `None`: it brings all of its code.
    #[must_use]
    pub fn shared_engine(&self) -> Option<&EngineRef> {
        self.manifest.engine.as_ref().filter(|_| self.shares_engine)
    }

    /// Runs the hook once in a fresh instance. Needs a tokio runtime with time. Never panics; the instance is gone when
    /// the answer is there.
    pub async fn call(&self, call: Call, limits: &Limits, host: Host) -> Invocation {
        invoke::invoke(self, call, limits, host, Conditions::default())
            .await
            .invocation
    }

    /// The same under conditions. With a recording nothing is asked of `host`.
    pub async fn call_under(&self, conditions: Conditions, call: Call, limits: &Limits, host: Host) -> Replayed {
        invoke::invoke(self, call, limits, host, conditions).await
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn instance_pre(&self) -> &bindings::HookPre<CallState> {
        &self.instance_pre
    }

    pub(crate) fn declared(&self) -> Arc<BTreeSet<String>> {
        self.declared.clone()
    }

    /// Whether names of its functions and words of its panics are its author's.
    pub(crate) fn is_native(&self) -> bool {
        self.is_native
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    pub(crate) fn slots(&self) -> &Slots {
        &self.slots
    }
}
