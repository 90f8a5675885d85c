//! What the commands share: the compiler and the runtime on this machine, and the settings of a server on it.

use std::{path::PathBuf, sync::Arc};

use aerocall_compiler::{Compiler, EngineName};
use aerocall_runtime::{CompileCommand, Runtime, RuntimeConfig};
use aerocall_server::{Config, ConfigError, ConfigSources};

use crate::Failed;

/// Where compiled engines and hooks are kept: `AEROCALL_CACHE_DIR`, else the user's cache directory.
pub(crate) fn cache_dir() -> PathBuf {
    let under = |name: &str, rest: &str| std::env::var_os(name).map(|base| PathBuf::from(base).join(rest));
    under("AEROCALL_CACHE_DIR", "")
        .or_else(|| under("XDG_CACHE_HOME", "aerocall"))
        .or_else(|| under("HOME", ".cache/aerocall"))
        .unwrap_or_else(|| std::env::temp_dir().join("aerocall"))
}

/// The settings of a server: `AEROCALL_*` variables over `server/config.default.toml`.
pub(crate) fn config() -> Result<Config, ConfigError> {
    let sources = ConfigSources {
        env: std::env::vars().collect(),
        // These are the command line's own.
        foreign_env: ["AEROCALL_CACHE_DIR", "AEROCALL_SERVER", "AEROCALL_TOKEN"]
            .map(str::to_owned)
            .to_vec(),
        ..ConfigSources::default()
    };
    Config::load(&sources)
}

/// Where a server of these settings keeps compiled hooks.
pub(crate) fn artifacts(config: &Config) -> PathBuf {
    config.data_dir.join("artifacts")
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
