//! What the commands share: the compiler and the runtime on this machine.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use aerocall_compiler::{Built, Compiler, EngineName, Packaging, Source};
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

/// Builds one source file and says what is wrong with it.
#[expect(clippy::print_stderr, reason = "diagnostics go to standard error")]
pub(crate) async fn build(compiler: &Compiler, source: &Source, packaging: Packaging) -> Result<Built, Failed> {
    match compiler.compile(source, packaging).await {
        Ok(built) => {
            built.warnings.iter().for_each(|warning| eprintln!("{warning}"));
            Ok(built)
        }
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}"));
            Err(Failed::Checked)
        }
    }
}

/// A source file inside the project around it: the nearest directory above with `aerocall.toml` or `package.json`.
pub(crate) fn source(path: &Path) -> Result<Source, Failed> {
    let file = path
        .canonicalize()
        .map_err(|error| Failed::Environment(format!("{}: {error}", path.display())))?;
    let parent = file.parent().unwrap_or(Path::new("/"));
    let is_root =
        |directory: &&Path| directory.join("aerocall.toml").exists() || directory.join("package.json").exists();
    let root = parent.ancestors().find(is_root).unwrap_or(parent);
    let entry = file.strip_prefix(root).unwrap_or(&file);
    Source::project(root, entry).map_err(|problem| Failed::Environment(problem.to_string()))
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
