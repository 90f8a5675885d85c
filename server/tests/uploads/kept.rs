//! What uploads leave on disk and in the database: nothing if they are refused, little if they are small, and never more than
//! there is room for.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use aerocall_compiler::EngineName;
use aerocall_runtime::{CompileCommand, Runtime, RuntimeConfig};
use serde_json::{Value, json};
use tempfile::TempDir;
use wasm_encoder::{
    ConstExpr, DataSection, InstanceSection, MemorySection, MemoryType, Module, ModuleArg, ModuleSection,
};

use super::{Component, pretender, refused, with};
use crate::{
    bundles::{self, hook},
    site::{self, Answer, Site},
};

const PAGE: u64 = 64 << 10;

/// A site that keeps what it compiles in a directory of its own.
struct Own {
    site: Site,
    cache: TempDir,
}

impl Own {
    fn new(env: &[(&str, &str)]) -> Self {
        let cache = tempfile::tempdir().unwrap();
        let runtime = site::runtime_with(cache.path(), &[EngineName::QuickJs]);
        let site = Site::with_runtime(tempfile::tempdir().unwrap(), env, runtime);
        site.project("a");
        Self { site, cache }
    }

    /// With so many bytes for compiled hooks.
    fn with_quota(bytes: u64) -> Self {
        let cache = tempfile::tempdir().unwrap();
        let config = RuntimeConfig {
            cache_dir: cache.path().to_owned(),
            artifact_bytes: bytes,
            compile: CompileCommand {
                program: env!("CARGO_BIN_EXE_aerocall-server-precompile").into(),
                arguments: Vec::new(),
            },
            build: crate::site::builder(cache.path()),
            engines: vec![EngineName::QuickJs.engine().unwrap().source()],
            max_instances: 8,
        };
        let runtime = async { Runtime::new(config).await.unwrap() };
        let site = Site::with_runtime(tempfile::tempdir().unwrap(), &[], runtime);
        site.project("a");
        Self { site, cache }
    }

    fn upload(&self, component: &[u8]) -> Answer {
        self.site.upload("a", "gate", component)
    }

    fn versions(&self, hook: &str) -> Vec<Value> {
        let listed = self
            .site
            .admin("GET", &format!("/projects/a/hooks/{hook}/versions"), None);
        listed.json["versions"].as_array().unwrap().clone()
    }
}

/// The compiled hooks there, and what is being written.
fn kept(cache: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path());
    let is_hook = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with("hook-") || name.starts_with(".tmp")
    };
    entries.filter(is_hook).collect()
}

fn bytes(cache: &Path) -> u64 {
    kept(cache).iter().map(|path| fs::metadata(path).unwrap().len()).sum()
}

/// A module with a memory of so many pages, and a byte at its beginning and at its end.
fn sparse(pages: u64) -> Module {
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: pages,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut data = DataSection::new();
    for at in [0, pages * PAGE - 1] {
        data.active(0, &ConstExpr::i32_const(i32::try_from(at).unwrap()), [1]);
    }
    let mut module = Module::new();
    module.section(&memories).section(&data);
    module
}

/// A bundle with further modules, which nothing uses.
fn beside(bundle: &[u8], modules: &[Module]) -> Vec<u8> {
    let mut more = Component::new();
    for module in modules {
        more.section(&ModuleSection(module));
    }
    [bundle, &more.finish()[8..]].concat()
}

/// As [`pretender`], with an instance of the module.
fn living_pretender(module: &Module) -> Vec<u8> {
    let mut component = Component::new();
    let mut instances = InstanceSection::new();
    instances.instantiate::<[(&str, ModuleArg); 0], &str>(0, []);
    component.section(&ModuleSection(module)).section(&instances);
    let rest = pretender(None, None);
    let mut whole = component.finish();
    whole.extend_from_slice(&rest[8..]);
    whole
}

fn denying(code: &str) -> Arc<[u8]> {
    bundles::bundle(
        "gate",
        &hook("beforeSignup", &format!("return {{ deny: {{ code: '{code}' }} }};")),
    )
}

#[test]
fn a_bundle_that_is_refused_leaves_nothing() {
    let own = Own::new(&[]);
    let good = denying("good");
    let many: Vec<Module> = (0..20).map(|_| sparse(63)).collect();
    let bad_name = with(&good, "[\"beforeSignup\"]", "[\"beforeSignUp\"]");
    let small = pretender(None, Some(&sparse(1_000)));
    assert!(small.len() < 400, "{} bytes", small.len());
    for (what, component, code) in [
        ("a memory of 62 MiB for a few bytes", small, "wrong_world"),
        ("a name that means nothing", bad_name, "bad_manifest"),
        (
            "more memory than there is",
            living_pretender(&sparse(2_000)),
            "invalid_wasm",
        ),
        (
            "many memories of 4 MiB for a few bytes",
            beside(&good, &many),
            "compile_limit",
        ),
    ] {
        let answer = own.upload(&component);
        refused(&answer, code);
        assert_eq!(kept(own.cache.path()), Vec::<PathBuf>::new(), "{what}");
        assert_eq!(own.versions("gate"), Vec::<Value>::new(), "{what}");
    }
    assert_eq!(own.upload(&good).status, 201, "and the honest one goes in");
    assert_eq!(kept(own.cache.path()).len(), 2, "its code and its tag");
}

#[test]
fn a_bundle_is_compiled_into_a_few_times_its_size() {
    let own = Own::new(&[]);
    for (what, component) in [
        ("honest", denying("honest").to_vec()),
        (
            "with a memory of 62 MiB beside",
            beside(&denying("wide"), &[sparse(1_000)]),
        ),
    ] {
        let before = bytes(own.cache.path());
        let answer = own.upload(&component);
        assert_eq!(answer.status, 201, "{what}: {answer:?}");
        let taken = bytes(own.cache.path()) - before;
        assert!(
            taken < (6 << 20) + 8 * component.len() as u64,
            "{what}: {} bytes became {taken}",
            component.len()
        );
    }
}

#[test]
fn compiled_hooks_have_a_quota_and_what_was_removed_is_compiled_again() {
    let size = {
        let own = Own::new(&[]);
        assert_eq!(own.upload(&denying("measured")).status, 201);
        bytes(own.cache.path())
    };
    let quota = size * 7 / 2;
    let own = Own::with_quota(quota);
    let deploy = |number: u64| {
        let deployed = own.site.deploy("a", json!([{ "name": "gate", "number": number }]));
        assert_eq!(deployed.status, 201, "{deployed:?}");
    };
    assert_eq!(own.upload(&denying("n1")).status, 201);
    deploy(1);
    let live = kept(own.cache.path());
    for n in 2..=8 {
        assert_eq!(own.upload(&denying(&format!("n{n}"))).status, 201);
        let taken = bytes(own.cache.path());
        // Tags are not counted: they have 32 bytes.
        assert!(taken <= quota + 32 * 4, "{taken} bytes of {quota}");
    }
    assert!(live.iter().all(|path| path.exists()), "what is live stays");
    deploy(2);
    let pk = own.site.project("b").pk;
    assert_eq!(own.site.registered(&pk, "ada@example.com").status, 201);
    let listed = own.site.admin("GET", "/projects/a/environments/production/hooks", None);
    assert!(!listed.json.to_string().contains("problem\":\""), "{listed:?}");
}

#[test]
fn a_project_has_so_many_versions_and_the_oldest_that_is_not_deployed_makes_room() {
    let own = Own::new(&[("AEROCALL_HOOKS_VERSIONS_PER_PROJECT", "3")]);
    let numbers = || -> Vec<u64> {
        let versions = own.versions("gate");
        versions
            .iter()
            .map(|version| version["number"].as_u64().unwrap())
            .collect()
    };
    let deploy = |number: u64| {
        own.site
            .deploy("a", json!([{ "name": "gate", "number": number }]))
            .status
    };
    for n in 1..=3 {
        assert_eq!(own.upload(&denying(&format!("v{n}"))).status, 201);
    }
    assert_eq!(deploy(1), 201);
    assert_eq!(own.upload(&denying("v4")).status, 201);
    assert_eq!(numbers(), [4, 3, 1], "the live one stays");
    assert_eq!((deploy(3), deploy(2)), (201, 422), "what has gone cannot be deployed");
    // Every one is in a recent deployment now.
    assert_eq!(deploy(4), 201);
    let before = kept(own.cache.path()).len();
    let full = own.upload(&denying("v5"));
    assert_eq!((full.status, full.code()), (409, "limit_reached"));
    let message = full.json["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("3 versions") && message.contains("versions_per_project"),
        "{message}"
    );
    assert_eq!((numbers(), kept(own.cache.path()).len()), (vec![4, 3, 1], before));
    // Another project has its own, and the same bytes again need no room.
    own.site.project("b");
    assert_eq!(own.site.upload("b", "gate", &denying("v5")).status, 201);
    assert_eq!(own.upload(&denying("v4")).status, 200);
    // One that was deployed long ago goes, and the project works on.
    for _ in 0..10 {
        assert_eq!(deploy(4), 201);
    }
    assert_eq!(own.upload(&denying("v5")).status, 201);
    assert_eq!(numbers(), [5, 4, 3]);
    let listed = own
        .site
        .admin("GET", "/projects/a/environments/production/deployments", None);
    assert_eq!(
        listed.json["deployments"].as_array().unwrap().len(),
        13,
        "deployments stay"
    );
}

#[test]
fn a_number_is_never_given_again() {
    let own = Own::new(&[("AEROCALL_HOOKS_VERSIONS_PER_PROJECT", "3")]);
    let made = |hook: &str, code: &str| {
        let sent = own.site.upload("a", hook, &denying(code));
        assert_eq!(sent.status, 201, "{sent:?}");
        sent.json["number"].as_u64().unwrap()
    };
    assert_eq!(["v1", "v2", "v3"].map(|code| made("gate", code)), [1, 2, 3]);
    let deployed = own.site.deploy("a", json!([{ "name": "gate", "number": 1 }]));
    assert_eq!(deployed.status, 201, "{deployed:?}");
    // Two others make room for themselves: first the version in the middle goes, then the newest.
    assert_eq!((made("other", "a"), made("more", "b")), (1, 1));
    let left: Vec<Value> = own
        .versions("gate")
        .iter()
        .map(|version| version["number"].clone())
        .collect();
    assert_eq!(left, [1]);
    assert_eq!(made("gate", "v4"), 4);
    // Of `other`, nothing was left.
    assert_eq!(made("other", "c"), 2);
    // The only one of a hook makes room for the next one of it.
    assert_eq!((made("gate", "v5"), made("gate", "v6")), (5, 6));
    // Another project has numbers of its own.
    own.site.project("b");
    assert_eq!(own.site.upload("b", "other", &denying("a")).json["number"], 1);
}
