//! Hooks that are built and run, as a host would: compiler, engine and runtime together, with the widest limits.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

use std::path::PathBuf;
use std::sync::Arc;

use aerocall_compiler::diagnostics::Diagnostic;
use aerocall_compiler::source::Source;
use aerocall_compiler::{Compiler, EngineName, Packaging};
use aerocall_runtime::{Call, CompileCommand, Context, Host, Limits, Outcome, Runtime, RuntimeConfig};
use serde_json::Value;
use tokio::sync::OnceCell;

/// The repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Kept between runs: the engine is compiled once.
pub(crate) fn cache() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

async fn runtime() -> Arc<Runtime> {
    static RUNTIME: OnceCell<Arc<Runtime>> = OnceCell::const_new();
    let make = || async {
        let engines = EngineName::ALL.iter().map(|name| name.engine().unwrap().source());
        let config = RuntimeConfig {
            cache_dir: cache(),
            artifact_bytes: 1 << 30,
            compile: CompileCommand {
                program: env!("CARGO_BIN_EXE_aerocall-compiler-precompile").into(),
                arguments: Vec::new(),
            },
            build: CompileCommand {
                program: env!("CARGO_BIN_EXE_aerocall-compiler-builder").into(),
                arguments: vec![cache().to_str().unwrap().to_owned()],
            },
            engines: engines.collect(),
            max_instances: 4,
        };
        Runtime::new(config).await.unwrap()
    };
    RUNTIME.get_or_init(make).await.clone()
}

/// Builds a hook for an engine and gives what its `beforeSignup` patches the payload with.
pub(crate) async fn patch(engine: EngineName, source: &Source) -> Result<Value, Vec<Diagnostic>> {
    let compiler = Compiler::open(engine, &cache()).unwrap();
    let built = compiler.compile(source, Packaging::Shared).await?;
    let hook = runtime().await.load(&built.component).await.unwrap();
    let context = Context {
        hook: "beforeSignup".to_owned(),
        attempt: 1,
        ..Context::default()
    };
    let payload = "{}".to_owned();
    let call = hook.call(Call { context, payload }, &Limits::CEILING, Host::default());
    match call.await.outcome {
        Outcome::Patch(patch) => Ok(Value::Object(patch)),
        other => panic!("no patch from {} in {}: {other:?}", source.name(), engine.as_str()),
    }
}

/// Runs a script in Node.js and gives what it prints.
pub(crate) fn node(script: &str, arguments: &[&str]) -> String {
    let output = std::process::Command::new("node")
        .arg(root().join(script))
        .args(arguments)
        .output()
        .expect("Node.js is there: `make setup` says how to install it");
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{script}: {shown}{}",
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// What differs between two documents of cases by name, known differences left out; a known one that is none any more
/// is a difference too.
pub(crate) fn differences(expected: &Value, found: &Value, known: &Value) -> Vec<String> {
    let (expected, found) = (expected.as_object().unwrap(), found.as_object().unwrap());
    let known = known.as_object().unwrap();
    let mut names: Vec<&String> = expected.keys().chain(found.keys()).chain(known.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let difference = |name: &&String| {
        let (wanted, got) = (expected.get(*name), found.get(*name));
        match (wanted == got, known.contains_key(*name)) {
            (true, true) => Some(format!(
                "{name}: is as in Node.js now; take it from the known differences"
            )),
            (false, false) => {
                let shown = |value: Option<&Value>| value.map_or("no such case".to_owned(), Value::to_string);
                Some(format!(
                    "{name}:\n    Node.js {}\n    engine  {}",
                    shown(wanted),
                    shown(got)
                ))
            }
            _ => None,
        }
    };
    names.iter().filter_map(difference).collect()
}

/// Every kind of difference is seen, and nothing else.
#[test]
fn differences_are_seen() {
    let expected = serde_json::json!({ "same": 1, "other": 1, "known": 1, "mended": 1, "absent": 1 });
    let found = serde_json::json!({ "same": 1, "other": 2, "known": 2, "mended": 1, "new": 1 });
    let known = serde_json::json!({ "known": "why", "mended": "why" });
    let found = differences(&expected, &found, &known);
    let names: Vec<&str> = found.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(names, ["absent", "mended", "new", "other"]);
}
