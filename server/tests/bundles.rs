//! Bundles built from TypeScript by the compiler, each source once per test process.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex},
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
    let component: Arc<[u8]> = compile(name, source).into();
    BUILT.lock().unwrap().insert(key, Arc::clone(&component));
    component
}

/// A module with one hook: the body of `async (context, payload, Aerocall) => { … }`.
pub(crate) fn hook(point: &str, body: &str) -> String {
    format!("export const {point} = async (context: any, payload: any, Aerocall: any): Promise<any> => {{ {body} }};")
}

fn compile(name: &str, source: &str) -> Vec<u8> {
    static COMPILER: LazyLock<(tokio::runtime::Runtime, Compiler)> = LazyLock::new(|| {
        let tokio = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let compiler = Compiler::open(EngineName::QuickJs, &cache_dir()).unwrap();
        (tokio, compiler)
    });
    let (tokio, compiler) = &*COMPILER;
    let file = format!("{name}.ts");
    let source = Source::memory(&file, [(file.as_str(), source)]).unwrap();
    match tokio.block_on(compiler.compile(&source, Packaging::Shared)) {
        Ok(built) => built.component,
        Err(problems) => panic!(
            "{}",
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        ),
    }
}
