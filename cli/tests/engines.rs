//! The engines behind a hook: each builds it and runs it, and a host makes ready only the one it needs.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// A project with one hook, and a cache of its own.
struct Project {
    directory: tempfile::TempDir,
}

impl Project {
    fn new(body: &str) -> Self {
        let project = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        let source = format!("export const beforeSignup = async (context, payload, Aerocall) => {{ {body} }};");
        std::fs::write(project.path("signup.ts"), source).unwrap();
        std::fs::write(project.path("input.json"), r#"{"user":{"email":"Jane@Example.com"}}"#).unwrap();
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn aerocall(&self, cache: &Path, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new(env!("CARGO_BIN_EXE_aerocall"))
            .args(arguments)
            .current_dir(self.directory.path())
            .env("AEROCALL_CACHE_DIR", cache)
            .output()
            .unwrap();
        assert!(
            output.status.code() != Some(2),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    fn build(&self, cache: &Path, engine: &str) -> Vec<u8> {
        self.aerocall(cache, &["build", "signup.ts", "--engine", engine, "-o", "signup.wasm"]);
        std::fs::read(self.path("signup.wasm")).unwrap()
    }

    fn reply(&self, cache: &Path) -> Value {
        let arguments = [
            "run",
            "signup.wasm",
            "--json",
            "--hook",
            "beforeSignup",
            "--input",
            "input.json",
        ];
        let report: Value = serde_json::from_slice(&self.aerocall(cache, &arguments)).unwrap();
        report["reply"].clone()
    }
}

fn shared_cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

const ENGINES: [&str; 2] = ["quickjs", "javy"];

#[test]
fn every_engine_answers_alike() {
    let cases = [
        (
            "return { patch: { user: { email: payload.user.email.toLowerCase() } } };",
            "patch",
        ),
        ("throw new Aerocall.Deny('no', { code: 'nope', status: 422 });", "deny"),
        (
            "const f = (): number => f() + 1; return { patch: { n: f() } };",
            "failure",
        ),
        ("throw new TypeError('bad');", "failure"),
        (
            "console.log('x'); return { patch: { user: { metadata: { year: new Date(1e12).getFullYear(), id: crypto.randomUUID().length } } } };",
            "patch",
        ),
    ];
    for (body, kind) in cases {
        let project = Project::new(body);
        let [first, second] = ENGINES.map(|engine| {
            project.build(&shared_cache(), engine);
            let mut reply = project.reply(&shared_cache());
            // How deep a recursion goes before it is stopped is each engine's own.
            if let Some(error) = reply["error"].as_object_mut() {
                error.remove("stack");
            }
            reply
        });
        assert_eq!(first["kind"], kind, "{first}");
        assert_eq!(first, second, "{body}");
    }
}

#[test]
fn each_call_has_its_own_randomness_and_time() {
    let project = Project::new("return { patch: { user: { metadata: { random: Math.random(), now: Date.now() } } } };");
    for engine in ENGINES {
        project.build(&shared_cache(), engine);
        let [first, second] = [(); 2].map(|()| project.reply(&shared_cache())["patch"]["user"]["metadata"].clone());
        assert_ne!(first["random"], second["random"], "{engine}");
        assert!(first["now"].as_f64() > Some(1.7e12), "{engine}: {first}");
    }
}

#[test]
fn the_same_source_gives_the_same_bytes_and_names_its_engine() {
    let project = Project::new("return { patch: { a: [...new Set([1, 2])] } };");
    let [quickjs, javy] = ENGINES.map(|engine| {
        let built = project.build(&shared_cache(), engine);
        assert!(built == project.build(&shared_cache(), engine), "{engine}");
        built
    });
    assert!(quickjs != javy);
}

#[test]
fn a_host_makes_ready_only_the_engine_it_needs() {
    let project = Project::new("");
    project.build(&shared_cache(), "javy");
    let cache = project.path("cache");
    assert_eq!(project.reply(&cache)["kind"], "allow");
    let engines = std::fs::read_dir(&cache).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        let name = name.to_string_lossy();
        name.starts_with("engine-") && name.ends_with(".bin")
    });
    assert_eq!(engines.count(), 1);
}
