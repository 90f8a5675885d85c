//! The entry point: a [`Runtime`] per process loads bundles into [`Hook`]s, which are called.

use std::{
    collections::BTreeSet,
    fs::File,
    os::fd::AsRawFd,
    path::{Path, PathBuf},
    sync::Arc,
};

use aerocall_contract::errors::{self, Code};
use tokio::sync::Semaphore;
use wasmtime::{
    Engine, Module,
    component::{Component, HasSelf, InstancePre, Linker},
};

use crate::{
    BuildDiagnostic, BuildOutput, BuildRequest, CompileCommand, Hook, Manifest, Requester, TypesRequest, address_space,
    artifact::{self, ArtifactCache, Busy, Checked, Compiling, Kind, Turn, Turns, compile_in_child},
    bindings,
    build::{build_in_child, types_in_child},
    engine::{self, Purpose},
    invoke::Slots,
    shared::SharedEngines,
    sources::Sources,
    state::CallState,
    wasi,
};

/// How the runtime is set up, once per process.
#[derive(Clone, Debug)]
pub struct RuntimeConfig {
    /// Where compiled artefacts and the key that authenticates them are kept.
    pub cache_dir: PathBuf,
    /// Bytes that compiled hooks may take there.
    pub artifact_bytes: u64,
    /// The process that compiles what users upload.
    pub compile: CompileCommand,
    /// The process that builds sources, from a request of [`crate::read_request`] to a reply of [`crate::write_reply`].
    pub build: CompileCommand,
    /// The JS engines this host offers.
    pub engines: Vec<EngineSource>,
    /// Instances that may be alive at the same time.
    pub max_instances: u32,
}

/// A JS engine that bundles share.
#[derive(Clone, Debug)]
pub struct EngineSource {
    /// `quickjs` or `javy`.
    pub name: String,
    /// The shared engine: a core module that imports its memory.
    pub module: Arc<[u8]>,
}

/// The runtime could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RuntimeError(pub String);

/// A bundle was refused or could not be made ready.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LoadError {
    /// Of a bundle; [`errors::BUSY`] if the compiler is busy, [`errors::INTERNAL_ERROR`] if the runtime failed.
    pub code: Code,
    /// What, where, how to put it right.
    pub message: String,
}

/// Loads and calls hooks. One per process.
pub struct Runtime {
    engine: Engine,
    cache: ArtifactCache,
    compile: CompileCommand,
    build: CompileCommand,
    turns: Arc<Turns>,
    engines: SharedEngines,
    slots: Slots,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime")
            .field("engines", &self.engines)
            .finish_non_exhaustive()
    }
}

impl Runtime {
    /// Sets the engine up. A JS engine is made ready when the first bundle that needs it is loaded.
    ///
    /// # Errors
    /// When the cache directory cannot be used or the host refuses the address space.
    pub async fn new(config: RuntimeConfig) -> Result<Arc<Self>, RuntimeError> {
        let made = tokio::task::spawn_blocking(move || Self::make(config)).await;
        let runtime = made.map_err(|error| RuntimeError(format!("the runtime's start was interrupted: {error}")))??;
        Ok(Arc::new(runtime))
    }

    fn make(config: RuntimeConfig) -> Result<Self, RuntimeError> {
        let failed = |what: &str, error: &dyn std::fmt::Display| RuntimeError(format!("{what}: {error:#}"));
        address_space::check(config.max_instances).map_err(RuntimeError)?;
        let engine = engine::engine(Purpose::Calls {
            max_instances: config.max_instances,
        })
        .map_err(|error| failed("the WebAssembly engine cannot start", &error))?;
        let compatibility = engine::compatibility(&engine);
        let cache = ArtifactCache::open(&config.cache_dir, compatibility, config.artifact_bytes).map_err(|error| {
            failed(
                &format!("the artefact cache {} cannot be used", config.cache_dir.display()),
                &error,
            )
        })?;
        let slots = Arc::new(Semaphore::new(config.max_instances as usize));
        Ok(Self {
            engine,
            cache,
            compile: config.compile,
            build: config.build,
            turns: Arc::default(),
            engines: SharedEngines::new(config.engines),
            slots,
        })
    }

    /// Name and digest of each JS engine that this host offers.
    #[must_use]
    pub fn engines(&self) -> Vec<(String, String)> {
        self.engines.names()
    }

    /// Offers one more JS engine: that of another release, which bundles of then share.
    pub fn add_engine(&self, engine: EngineSource) {
        self.engines.add(engine);
    }

    /// The JS engine with this digest, if this host offers it.
    #[must_use]
    pub fn engine(&self, digest: &str) -> Option<EngineSource> {
        self.engines.source(digest)
    }

    /// Reads the manifest of a bundle without compiling it, after the checks every bundle passes.
    ///
    /// # Errors
    /// [`LoadError`] with the reason.
    pub fn inspect(component: &[u8]) -> Result<Manifest, LoadError> {
        artifact::check(component).map(|checked| checked.manifest)
    }

    /// The interfaces of the world that a bundle imports, such as `cache`.
    ///
    /// # Errors
    /// As [`Runtime::inspect`].
    pub fn interfaces(component: &[u8]) -> Result<BTreeSet<&'static str>, LoadError> {
        artifact::check(component).map(|checked| checked.imports.interfaces)
    }

    /// Checks, compiles (or takes from the cache) and prepares a bundle.
    ///
    /// # Errors
    /// [`LoadError`] with the reason.
    pub async fn load(self: &Arc<Self>, component: &[u8]) -> Result<Arc<Hook>, LoadError> {
        let nobody = Requester {
            name: "",
            patience: None,
        };
        self.load_for(nobody, component).await
    }

    /// As [`Runtime::load`], for one of several who take turns. Of a bundle that is refused nothing is kept.
    ///
    /// # Errors
    /// [`LoadError`] with the reason; [`errors::BUSY`] if its turn did not come in time.
    pub async fn load_for(
        self: &Arc<Self>,
        requester: Requester<'_>,
        component: &[u8],
    ) -> Result<Arc<Hook>, LoadError> {
        let checked = artifact::check(component)?;
        let shared = self.shared_engine_of(&checked).await?;
        let loaded = self.cache.load(&checked.digest);
        let prepared = match self.cache.get(Kind::Hook, &checked.digest) {
            Some(file) => {
                let compiled = self.deserialize(&file).map_err(|error| internal(&error));
                compiled.and_then(|compiled| self.link(&compiled, &checked, shared.as_ref()))
            }
            None => self.compiled(requester, component, &checked, shared.as_ref()).await,
        };
        let instance_pre = match prepared {
            Ok(instance_pre) => instance_pre,
            Err(error) => {
                drop(loaded);
                self.discard(&checked.digest);
                return Err(error);
            }
        };
        Ok(Arc::new(Hook {
            engine: self.engine.clone(),
            instance_pre,
            declared: Arc::new(checked.manifest.kinds()),
            shares_engine: checked.imports.engine,
            is_native: !checked.imports.engine && checked.manifest.engine.is_none(),
            manifest: checked.manifest,
            digest: checked.digest,
            sources: Sources::of(component),
            slots: self.slots.clone(),
            _loaded: loaded,
        }))
    }

    /// Removes what was compiled of a bundle, unless it is loaded.
    pub fn discard(&self, digest: &str) {
        self.cache.discard(digest);
    }

    /// Compiles a bundle, and keeps what came of it once it is known to load and to fit the world.
    async fn compiled(
        &self,
        requester: Requester<'_>,
        component: &[u8],
        checked: &Checked,
        shared: Option<&Module>,
    ) -> Result<bindings::HookPre<CallState>, LoadError> {
        let code = self.compile(requester, component).await?;
        let draft = self.cache.draft(Kind::Hook, &checked.digest, &code);
        let draft = draft.map_err(|error| internal(&error))?;
        // It has just been compiled: what the runtime has no room for is the bundle's fault.
        let compiled = self.deserialize(draft.file()).map_err(|error| LoadError {
            code: errors::INVALID_WASM,
            message: format!("the component asks for more than hooks can have: {error:#}"),
        })?;
        let instance_pre = self.link(&compiled, checked, shared)?;
        draft.keep().map_err(|error| internal(&error))?;
        Ok(instance_pre)
    }

    /// Builds sources in a child process, when it is the requester's turn. What is wrong with them is no error but an output
    /// without a bundle.
    ///
    /// # Errors
    /// [`LoadError`] with the reason; [`errors::BUSY`] if its turn did not come in time.
    pub async fn build_for(&self, requester: Requester<'_>, request: &BuildRequest) -> Result<BuildOutput, LoadError> {
        let turn = self.turn(requester).await?;
        used_up(&turn, build_in_child(&self.build, request).await)
    }

    /// Checks the types of sources with TypeScript's compiler at `tsc`, in a process of its own, when it is the requester's turn.
    ///
    /// # Errors
    /// The compiler is busy, or the check takes more than it may.
    pub async fn check_types_for(
        &self,
        requester: Requester<'_>,
        tsc: &Path,
        request: &TypesRequest,
    ) -> Result<Vec<BuildDiagnostic>, LoadError> {
        let turn = self.turn(requester).await?;
        used_up(&turn, types_in_child(&self.build, tsc, request).await)
    }

    /// How busy its compilers are.
    #[must_use]
    pub fn compiling(&self) -> Compiling {
        self.turns.figures()
    }

    async fn compile(&self, requester: Requester<'_>, component: &[u8]) -> Result<Vec<u8>, LoadError> {
        let turn = self.turn(requester).await?;
        used_up(&turn, compile_in_child(&self.compile, component).await)
    }

    async fn turn(&self, requester: Requester<'_>) -> Result<Turn, LoadError> {
        self.turns.take(requester).await.map_err(|Busy| LoadError {
            code: errors::BUSY,
            message: "the compiler is busy with other bundles: try again in a few seconds".into(),
        })
    }

    async fn shared_engine_of(self: &Arc<Self>, checked: &artifact::Checked) -> Result<Option<Module>, LoadError> {
        if !checked.imports.engine {
            return Ok(None);
        }
        let Some(wanted) = checked.manifest.engine.clone() else {
            let message = "the component imports a JS engine but its manifest names none".to_owned();
            return Err(LoadError {
                code: errors::BAD_MANIFEST,
                message,
            });
        };
        let runtime = self.clone();
        // The first time this compiles for about a second.
        let find = move || runtime.engines.module(&wanted, &runtime.engine, &runtime.cache);
        let found = tokio::task::spawn_blocking(find).await;
        found.map_err(|error| internal(&error))?.map(Some)
    }

    fn deserialize(&self, file: &File) -> wasmtime::Result<Component> {
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        // SAFETY: this host's compiler has just written exactly this open file, or the cache checked its MAC, for which only
        // this host's compiler holds the key.
        unsafe { Component::deserialize_file(&self.engine, path) }
    }

    fn link(
        &self,
        component: &Component,
        checked: &Checked,
        shared: Option<&Module>,
    ) -> Result<bindings::HookPre<CallState>, LoadError> {
        let wrong = |error: wasmtime::Error| LoadError {
            code: errors::WRONG_WORLD,
            message: format!(
                "the component does not fit the world aerocall:hooks/hook@{}: {error:#}; build it again, `aerocall upgrade` says what \
                 has changed",
                artifact::release()
            ),
        };
        let mut linker: Linker<CallState> = Linker::new(&self.engine);
        bindings::Hook::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state).map_err(wrong)?;
        if checked.imports.wasi {
            wasi::link(&mut linker).map_err(wrong)?;
        }
        if let Some(module) = shared {
            linker.root().module(artifact::ENGINE_IMPORT, module).map_err(wrong)?;
        }
        let instance_pre: InstancePre<CallState> = linker.instantiate_pre(component).map_err(wrong)?;
        bindings::HookPre::new(instance_pre).map_err(wrong)
    }
}

/// Notes whether the limits of the compiler were used up.
fn used_up<T>(turn: &Turn, done: Result<T, LoadError>) -> Result<T, LoadError> {
    if done.as_ref().is_err_and(|error| error.code == errors::COMPILE_LIMIT) {
        turn.used_up();
    }
    done
}

pub(crate) fn internal(error: &dyn std::fmt::Display) -> LoadError {
    LoadError {
        code: errors::INTERNAL_ERROR,
        message: format!("the bundle could not be made ready: {error:#}"),
    }
}
