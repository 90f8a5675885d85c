//! What the commands share: the compiler and the runtime on this machine.

use std::{path::PathBuf, sync::Arc};

use aerocall_compiler::{Compiler, EngineName};
use aerocall_runtime::{CompileCommand, Runtime, RuntimeConfig};

use crate::Failed;

/// Where compiled engines and hooks are kept: `AEROCALL_CACHE_DIR`, else the user's cache directory.
pub(crate) fn cache_dir() -> PathBuf {
    let under = |name: &str, rest: &str| std::env::var_os(name).map(|base| PathBuf::from(base).join(rest));
    under("AEROCALL_CACHE_DIR", "")
        .or_else(|| under("XDG_CACHE_HOME", "aerocall"))
        .or_else(|| under("HOME", ".cache/aerocall"))
        .unwrap_or_else(|| std::env::temp_dir().join("aerocall"))
}

/// The compiler for an engine.
pub(crate) fn compiler(engine: EngineName) -> Result<Compiler, Failed> {
    Ok(Compiler::open(engine, &cache_dir())?)
}

/// The runtime, with this program as its compiling child.
pub(crate) async fn runtime(cache_dir: PathBuf, max_instances: u32) -> Result<Arc<Runtime>, Failed> {
    let engines = EngineName::ALL
        .iter()
        .map(|name| name.engine().map(|engine| engine.source()));
    let config = RuntimeConfig {
        cache_dir,
        compile: CompileCommand {
            program: std::env::current_exe()?,
            arguments: vec!["precompile".into()],
        },
        engines: engines.collect::<Result<_, _>>()?,
        max_instances,
    };
    Ok(Runtime::new(config).await?)
}
