//! The JS engines that bundles share: each compiled (or taken from the cache) when the first bundle that names it is
//! loaded, so that a host pays only for the engines in use. A host begins with those of its release, and may be given those of
//! others. Knows no bundle and no call.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use aerocall_contract::errors;
use wasmtime::{Engine, Module};

use crate::{
    EngineRef, EngineSource, LoadError,
    artifact::{self, ArtifactCache, Kind},
    runtime::internal,
};

/// The engines a host offers.
pub(crate) struct SharedEngines {
    /// By digest.
    engines: RwLock<BTreeMap<String, Arc<SharedEngine>>>,
}

impl std::fmt::Debug for SharedEngines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

struct SharedEngine {
    source: EngineSource,
    /// The lock is held while the engine is compiled: whoever needs it meanwhile waits instead of compiling it too.
    module: Mutex<Option<Module>>,
}

impl SharedEngines {
    pub(crate) fn new(sources: Vec<EngineSource>) -> Self {
        let engines = Self {
            engines: RwLock::default(),
        };
        sources.into_iter().for_each(|source| engines.add(source));
        engines
    }

    /// Offers one more.
    pub(crate) fn add(&self, source: EngineSource) {
        let digest = artifact::digest(&source.module);
        let module = Mutex::new(None);
        let mut engines = self.engines.write().unwrap_or_else(PoisonError::into_inner);
        let engine = || Arc::new(SharedEngine { source, module });
        engines.entry(digest).or_insert_with(engine);
    }

    /// Name and digest of each.
    pub(crate) fn names(&self) -> Vec<(String, String)> {
        let engines = self.engines.read().unwrap_or_else(PoisonError::into_inner);
        let name = |(digest, engine): (&String, &Arc<SharedEngine>)| (engine.source.name.clone(), digest.clone());
        engines.iter().map(name).collect()
    }

    /// The engine with this digest.
    pub(crate) fn source(&self, digest: &str) -> Option<EngineSource> {
        self.get(digest).map(|engine| engine.source.clone())
    }

    fn get(&self, digest: &str) -> Option<Arc<SharedEngine>> {
        let engines = self.engines.read().unwrap_or_else(PoisonError::into_inner);
        engines.get(digest).cloned()
    }

    /// The engine a bundle names, ready to be linked. Blocks for as long as it is being compiled.
    pub(crate) fn module(
        &self,
        wanted: &EngineRef,
        engine: &Engine,
        cache: &ArtifactCache,
    ) -> Result<Module, LoadError> {
        let shared = self.get(&wanted.digest).ok_or_else(|| LoadError {
            code: errors::UNKNOWN_ENGINE,
            message: format!(
                "the bundle needs the JS engine {} ({}), which this host does not have: build it again with this host's `aerocall`",
                wanted.name, wanted.digest
            ),
        })?;
        // Nothing is half written when a compilation panics: the slot is still empty.
        let mut slot = shared.module.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = &*slot {
            return Ok(module.clone());
        }
        let module = ready(engine, cache, &wanted.digest, &shared.source).map_err(|error| internal(&error))?;
        *slot = Some(module.clone());
        Ok(module)
    }
}

/// Compiles an engine, or takes it from the cache. It comes with a release of this program, so it needs no child process.
fn ready(engine: &Engine, cache: &ArtifactCache, digest: &str, source: &EngineSource) -> wasmtime::Result<Module> {
    let file = match cache.get(Kind::Engine, digest) {
        Some(file) => file,
        None => cache.put(Kind::Engine, digest, &engine.precompile_module(&source.module)?)?,
    };
    // SAFETY: the cache checked the MAC of exactly this open file, and only this host's compiler holds the key.
    unsafe { Module::deserialize_open_file(engine, file) }
}
