//! The JavaScript engines that hooks share. A bundle names the one that it was built for, by digest. Each that a hook of this
//! installation runs on is kept in the store: after an update of the server, which brings others, hooks go on with theirs, and
//! while nodes of two releases run, each runs what the other one built.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aerocall_contract::errors;
use aerocall_runtime::{EngineRef, EngineSource, Hook, LoadError, Requester, Runtime};

use crate::{
    base::clock::Clock,
    storage::store::{EngineRow, Store, StoreError},
};

/// Loads bundles, with the engines that the runtime has and those that are kept.
pub(super) struct Engines {
    runtime: Arc<Runtime>,
    store: Store,
    clock: Clock,
    /// Digests of those that are known to be kept.
    kept: Mutex<HashSet<String>>,
}

impl Engines {
    pub(super) fn new(runtime: Arc<Runtime>, store: Store, clock: Clock) -> Self {
        Self {
            runtime,
            store,
            clock,
            kept: Mutex::default(),
        }
    }

    /// Loads a bundle, and keeps the engine that it shares.
    pub(super) async fn load(&self, requester: Requester<'_>, component: &[u8]) -> Result<Arc<Hook>, LoadError> {
        let hook = match self.runtime.load_for(requester, component).await {
            Err(unknown) if unknown.code == errors::UNKNOWN_ENGINE => {
                self.take_from_store(component).await?;
                self.runtime.load_for(requester, component).await?
            }
            loaded => loaded?,
        };
        if let Some(engine) = hook.shared_engine()
            && let Err(error) = self.keep(engine).await
        {
            // The hook runs; the next one that is loaded tries again.
            tracing::error!(engine = engine.name, digest = engine.digest, %error, "a JavaScript engine could not be kept");
        }
        Ok(hook)
    }

    /// Gives the runtime the engine that a bundle names, if it is kept.
    async fn take_from_store(&self, component: &[u8]) -> Result<(), LoadError> {
        let Some(EngineRef { digest, .. }) = Runtime::inspect(component)?.engine else {
            return Ok(());
        };
        let wanted = digest.clone();
        let kept = self.store.read(move |tx| tx.engine(&wanted)).await;
        let kept = kept.map_err(|error| LoadError {
            code: errors::INTERNAL_ERROR,
            message: format!("looking for the JavaScript engine {digest}: {error}"),
        })?;
        if let Some(EngineRow { name, module, .. }) = kept {
            tracing::info!(
                engine = name,
                digest,
                "hooks run on a JavaScript engine of another release"
            );
            let module = module.into();
            self.runtime.add_engine(EngineSource { name, module });
        }
        Ok(())
    }

    async fn keep(&self, engine: &EngineRef) -> Result<(), StoreError> {
        let digest = &engine.digest;
        if self.kept().contains(digest) {
            return Ok(());
        }
        let wanted = digest.clone();
        let is_kept = self.store.read(move |tx| tx.has_engine(&wanted)).await?;
        if let Some(source) = self.runtime.engine(digest).filter(|_| !is_kept) {
            let row = EngineRow {
                digest: digest.clone(),
                name: source.name,
                module: source.module.to_vec(),
                created_ms: self.clock.now_ms(),
            };
            self.store.write(move |tx| tx.put_engine(&row)).await?;
        }
        self.kept().insert(digest.clone());
        Ok(())
    }

    fn kept(&self) -> MutexGuard<'_, HashSet<String>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
