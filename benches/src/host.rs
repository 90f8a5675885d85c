//! A compiler and a runtime on a cache of their own, and the cache that H4 reaches.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aerocall_compiler::{Compiler, EngineName, Packaging, Source};
use aerocall_runtime::{CompileCommand, Hook, Host, Limits, Runtime, RuntimeConfig, SdkError, host::Cache};
use async_trait::async_trait;
use tempfile::TempDir;
use tokio::sync::{Semaphore, watch};

/// Argument that turns a bench into the child process that compiles components.
const COMPILE: &str = "compile-component";

/// A machine as a server has it.
pub struct Machine {
    /// Source to component.
    pub compiler: Compiler,
    /// Component to call.
    pub runtime: Arc<Runtime>,
    _cache: TempDir,
}

/// Must be the first line of `main`: the runtime starts this program again to compile components.
pub fn serve_compile_child() {
    if std::env::args().nth(1).as_deref() == Some(COMPILE) {
        std::process::exit(aerocall_runtime::compile_child());
    }
}

impl Machine {
    /// Opens both for an engine. Instances come from a pool of `max_instances`.
    ///
    /// # Errors
    /// The temporary directory or the address space cannot be had.
    pub async fn open(engine: EngineName, max_instances: u32) -> anyhow::Result<Self> {
        let cache = tempfile::tempdir()?;
        let compiler = Compiler::open(engine, cache.path())?;
        let runtime = Runtime::new(RuntimeConfig {
            cache_dir: cache.path().to_owned(),
            artifact_bytes: 1 << 30,
            compile: CompileCommand {
                program: std::env::current_exe()?,
                arguments: vec![COMPILE.to_owned()],
            },
            // Nothing here builds sources in another process.
            build: CompileCommand {
                program: "/nonexistent".into(),
                arguments: Vec::new(),
            },
            engines: vec![engine.engine()?.source()],
            max_instances,
        })
        .await?;
        Ok(Self {
            compiler,
            runtime,
            _cache: cache,
        })
    }

    /// Compiles one file of JavaScript to a component.
    ///
    /// # Errors
    /// What the compiler says.
    pub async fn component(&self, code: &str) -> anyhow::Result<Vec<u8>> {
        let source = Source::memory("hook.js", [("hook.js", code)]).map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let built = self.compiler.compile(&source, Packaging::Shared).await;
        let built = built.map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
        Ok(built.component)
    }

    /// Compiles and loads.
    ///
    /// # Errors
    /// What the compiler or the runtime says.
    pub async fn hook(&self, code: &str) -> anyhow::Result<Arc<Hook>> {
        Ok(self.runtime.load(&self.component(code).await?).await?)
    }
}

/// A host whose cache is a map in this process.
#[must_use]
pub fn host_with_cache() -> Host {
    Host {
        cache: Some(Arc::new(MapCache::default())),
        ..Host::default()
    }
}

/// The least a cache can be, so that the figure is the boundary's.
#[derive(Default)]
struct MapCache(Mutex<HashMap<String, String>>);

impl MapCache {
    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Cache for MapCache {
    async fn get(&self, key: &str) -> Result<Option<String>, SdkError> {
        Ok(self.map().get(key).cloned())
    }

    async fn set(&self, key: &str, value: &str, _ttl_seconds: Option<u32>) -> Result<(), SdkError> {
        self.map().insert(key.to_owned(), value.to_owned());
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<bool, SdkError> {
        Ok(self.map().remove(key).is_some())
    }

    async fn increment(&self, key: &str, by: i64, _ttl_seconds: Option<u32>) -> Result<i64, SdkError> {
        let mut map = self.map();
        let sum = map.get(key).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0) + by;
        map.insert(key.to_owned(), sum.to_string());
        Ok(sum)
    }

    async fn set_if_absent(&self, key: &str, value: &str, ttl_seconds: Option<u32>) -> Result<bool, SdkError> {
        if self.map().contains_key(key) {
            return Ok(false);
        }
        self.set(key, value, ttl_seconds).await.map(|()| true)
    }
}

/// Limits for calls that are made to wait.
pub const PATIENT: Limits = Limits {
    deadline_ms: 30_000,
    ..Limits::DEFAULT
};

/// Holds every call at its first look into the cache, so that all of them are alive at the same time.
pub struct Gate {
    waiting: watch::Sender<usize>,
    open: Semaphore,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            waiting: watch::Sender::new(0),
            open: Semaphore::new(0),
        }
    }
}

impl Gate {
    /// Waits until that many calls wait here.
    pub async fn wait_for(&self, calls: usize) {
        // The sender is `self`, so the channel cannot close.
        let _ = self.waiting.subscribe().wait_for(|waiting| *waiting >= calls).await;
    }

    /// Lets everybody through, now and later.
    pub fn open(&self) {
        self.open.close();
    }

    async fn pass(&self) {
        self.waiting.send_modify(|waiting| *waiting += 1);
        // Closed means open: nobody ever gets a permit.
        let _ = self.open.acquire().await;
    }
}

/// A host whose cache is empty and waits at the gate.
#[must_use]
pub fn host_with_gate(gate: &Arc<Gate>) -> Host {
    Host {
        cache: Some(Arc::new(GatedCache(Arc::clone(gate)))),
        ..Host::default()
    }
}

struct GatedCache(Arc<Gate>);

#[async_trait]
impl Cache for GatedCache {
    async fn get(&self, _key: &str) -> Result<Option<String>, SdkError> {
        self.0.pass().await;
        Ok(None)
    }

    async fn set(&self, _key: &str, _value: &str, _ttl_seconds: Option<u32>) -> Result<(), SdkError> {
        Ok(())
    }

    async fn delete(&self, _key: &str) -> Result<bool, SdkError> {
        Ok(false)
    }

    async fn increment(&self, _key: &str, by: i64, _ttl_seconds: Option<u32>) -> Result<i64, SdkError> {
        Ok(by)
    }

    async fn set_if_absent(&self, _key: &str, _value: &str, _ttl_seconds: Option<u32>) -> Result<bool, SdkError> {
        Ok(true)
    }
}
