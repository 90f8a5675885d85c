//! The door: a [`Runtime`] per process loads bundles into [`Hook`]s, which are called.

use std::{path::PathBuf, sync::Arc};

use crate::{Call, Host, Invocation, Limits, Manifest};

/// How the runtime is set up, once per process.
#[derive(Clone, Debug)]
pub struct RuntimeConfig {
    /// Where compiled artefacts and the key that authenticates them are kept.
    pub cache_dir: PathBuf,
    /// The process that compiles what users upload.
    pub compile: CompileCommand,
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

/// A program that calls [`Runtime::compile_child`] when it is started with these arguments.
#[derive(Clone, Debug)]
pub struct CompileCommand {
    /// The executable.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// The runtime could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RuntimeError(pub String);

/// A bundle was refused or could not be made ready.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LoadError {
    /// Stable: `not_a_component`, `core_module`, `precompiled_artifact`, `truncated`, `wrong_world`, `forbidden_import`,
    /// `unknown_engine`, `bad_manifest`, `too_large`, `compile_failed`, `compile_limit`, `internal`.
    pub code: &'static str,
    /// What, where, how to put it right.
    pub message: String,
}

/// Loads and calls hooks. One per process; cheap to clone through `Arc`.
#[derive(Debug)]
pub struct Runtime {}

/// A bundle that is ready to be called.
#[derive(Debug)]
pub struct Hook {}

impl Runtime {
    /// Sets the engine up; compiles the JS engines on the first start and takes them from the cache afterwards.
    pub async fn new(_config: RuntimeConfig) -> Result<Arc<Self>, RuntimeError> {
        Err(RuntimeError("not built".into()))
    }

    /// Reads the manifest of a bundle without compiling it, after the checks every bundle passes.
    pub fn inspect(_component: &[u8]) -> Result<Manifest, LoadError> {
        Err(LoadError { code: "internal", message: "not built".into() })
    }

    /// Checks, compiles (or takes from the cache) and prepares a bundle.
    pub async fn load(self: &Arc<Self>, _component: &[u8]) -> Result<Arc<Hook>, LoadError> {
        Err(LoadError { code: "internal", message: "not built".into() })
    }
}

impl Hook {
    /// What the bundle says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        todo!()
    }

    /// `sha256:` and 64 hex digits over the component.
    #[must_use]
    pub fn digest(&self) -> &str {
        todo!()
    }

    /// Runs the hook once in a fresh instance. Never panics, never returns before the instance is gone.
    pub async fn call(&self, _call: Call, _limits: &Limits, _host: Host) -> Invocation {
        todo!()
    }
}
