//! Bundles built from TypeScript by the compiler, each source once: what a test has built is on disk for the tests beside it and
//! after it, until the program with the tests is built anew, and the compiler with it.

use std::{
    collections::HashMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex},
    time::SystemTime,
};

use aerocall_compiler::{Compiler, EngineName, Packaging, Source};

/// Compiled engines and hooks; outlives a test run, so that only the first one compiles the engine.
pub(crate) fn cache_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("server-cache")
}

/// Components by name and source.
type Built = HashMap<(String, String), Arc<[u8]>>;

/// The component of a hook.
pub(crate) fn bundle(name: &str, source: &str) -> Arc<[u8]> {
    static BUILT: LazyLock<Mutex<Built>> = LazyLock::new(Mutex::default);
    let key = (name.to_owned(), source.to_owned());
    if let Some(component) = BUILT.lock().unwrap().get(&key) {
        return Arc::clone(component);
    }
    let file = built_dir().map(|dir| dir.join(aerocall_runtime::digest(format!("{name}\0{source}").as_bytes())));
    let kept = file.as_ref().and_then(|file| fs::read(file).ok());
    let component: Arc<[u8]> = kept
        .unwrap_or_else(|| {
            let component = compile(EngineName::QuickJs, name, source);
            if let Some(file) = file {
                // A program that was built anew may have deleted the folder.
                drop(keep(&file, &component));
            }
            component
        })
        .into();
    BUILT.lock().unwrap().insert(key, Arc::clone(&component));
    component
}

/// Where the components are that this program has built. Those of the program that was here before are deleted. `None`: this is
/// that program.
fn built_dir() -> Option<&'static Path> {
    static DIR: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
        let program = std::env::current_exe().ok()?;
        let modified = program.metadata().ok()?.modified().ok()?;
        let modified = modified.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_nanos();
        let all = cache_dir().join("bundles").join(program.file_name()?);
        let dir = all.join(modified.to_string());
        fs::create_dir_all(&dir).unwrap();
        for other in fs::read_dir(&all).unwrap().filter_map(|entry| Some(entry.ok()?.path())) {
            if other != dir {
                // Another test may be deleting it as well.
                drop(fs::remove_dir_all(other));
            }
        }
        Some(dir)
    });
    DIR.as_deref()
}

/// Another test may be writing the same: one of them is there as a whole.
fn keep(file: &Path, component: &[u8]) -> std::io::Result<()> {
    let dir = file.parent().ok_or(std::io::ErrorKind::NotFound)?;
    let mut written = tempfile::NamedTempFile::new_in(dir)?;
    written.write_all(component)?;
    written.persist(file)?;
    Ok(())
}

/// A module with one hook: the body of `async (context, payload, Aerocall) => { … }`.
pub(crate) fn hook(point: &str, body: &str) -> String {
    format!("export const {point} = async (context: any, payload: any, Aerocall: any): Promise<any> => {{ {body} }};")
}

/// Builds it anew, for an engine.
pub(crate) fn compile(engine: EngineName, name: &str, source: &str) -> Vec<u8> {
    static TOKIO: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
        let mut tokio = tokio::runtime::Builder::new_multi_thread();
        tokio.worker_threads(1).enable_all().build().unwrap()
    });
    let compiler = Compiler::open(engine, &cache_dir()).unwrap();
    let file = format!("{name}.ts");
    let source = Source::memory(&file, [(file.as_str(), source)]).unwrap();
    match TOKIO.block_on(compiler.compile(&source, Packaging::Shared)) {
        Ok(built) => built.component,
        Err(problems) => panic!(
            "{}",
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        ),
    }
}
