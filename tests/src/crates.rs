//! Which crate may depend on which, and which folder alone may name a library.

use crate::{
    Tree,
    text::{rust_code, words},
};

/// The product's crates: folder, name, what each may depend on. Tests and build scripts of a crate may use
/// [`IN_TESTS`] as well.
const EDGES: &[(&str, &str, &[&str])] = &[
    ("runtime/contract", "aerocall-contract", &[]),
    ("sdk-rust", "aerocall-hooks", &["aerocall-hooks-macros"]),
    ("sdk-rust/macros", "aerocall-hooks-macros", &[]),
    ("runtime", "aerocall-runtime", &["aerocall-contract"]),
    (
        "sdk-js/compiler",
        "aerocall-compiler",
        &["aerocall-contract", "aerocall-runtime"],
    ),
    // In place of the bundler's own, by the name of which it is found.
    ("sdk-js/compiler/minifier", "oxc_minifier", &[]),
    (
        "sdk-rust/build",
        "aerocall-rust-build",
        &["aerocall-compiler", "aerocall-contract", "aerocall-runtime"],
    ),
    ("runtime/tests/guests", "aerocall-test-guest", &[]),
    ("sdk-js/engine", "aerocall-engine", &[]),
    ("sdk-js/engine/adapter", "aerocall-engine-adapter", &[]),
    ("server/api-types", "aerocall-api-types", &["aerocall-contract"]),
    (
        "server",
        "aerocall-server",
        &["aerocall-api-types", "aerocall-contract", "aerocall-runtime"],
    ),
    // What is built of the pages knows nothing, so that a change of one builds little.
    ("admin", "aerocall-admin", &[]),
    (
        "cli",
        "aerocall-cli",
        &[
            "aerocall-admin",
            "aerocall-api-types",
            "aerocall-compiler",
            "aerocall-contract",
            "aerocall-runtime",
            "aerocall-rust-build",
            "aerocall-server",
        ],
    ),
    (
        "benches",
        "aerocall-benches",
        &[
            "aerocall-api-types",
            "aerocall-compiler",
            "aerocall-runtime",
            "aerocall-rust-build",
            "aerocall-server",
        ],
    ),
    ("tests", "aerocall-tests", &[]),
];

/// Dev-dependencies beyond the edges: tests make real bundles, and hold the crate for hooks against the contract.
const IN_TESTS: &[&str] = &[
    "aerocall-api-types",
    "aerocall-compiler",
    "aerocall-hooks",
    "aerocall-runtime",
];

/// Workspaces of hooks, as authors have them, each crate in a folder of its name. Of ours they know the crate for hooks alone.
const OF_HOOKS: &[&str] = &["benches/hooks/rust", "examples/rust"];

/// What a hook may depend on.
const FOR_HOOKS: &[&str] = &["aerocall-hooks"];

/// A library (its name as in code, a `*` at the end for a family) and the paths that may name it. Tests may too where
/// a path says so.
const PLACES: &[(&str, &[&str])] = &[
    ("wasmtime", &["runtime/"]),
    ("wasmtime_wasi*", &["runtime/src/wasi/"]),
    ("rolldown*", &["sdk-js/compiler/"]),
    ("oxc*", &["sdk-js/compiler/", "sdk-js/compiler/minifier/"]),
    (
        "wasm_encoder",
        &[
            "sdk-js/compiler/src/",
            "sdk-js/engine/adapter/src/",
            "server/tests/",
            "runtime/tests/",
        ],
    ),
    (
        "wit_component",
        &["sdk-js/compiler/src/", "server/tests/", "runtime/tests/"],
    ),
    (
        "wasmparser",
        &[
            "runtime/",
            "sdk-js/compiler/",
            "sdk-js/engine/adapter/src/",
            "sdk-rust/build/src/",
        ],
    ),
    ("sourcemap", &["runtime/src/sources.rs"]),
    ("rquickjs*", &["sdk-js/engine/src/binding", "benches/src/native.rs"]),
    ("javy*", &["sdk-js/engine/src/binding"]),
    (
        "wit_bindgen*",
        &[
            "sdk-js/engine/src/contract.rs",
            "sdk-rust/src/bindings.rs",
            "runtime/contract/src/documents/bindings.rs",
            "runtime/tests/guests/",
        ],
    ),
    ("wit_parser", &["runtime/contract/src/documents/bindings.rs"]),
    ("inventory", &["sdk-rust/src/"]),
    ("actix*", &["server/src/http/"]),
    ("diesel*", &["server/src/storage/store/"]),
    ("rusqlite", &["server/src/storage/tenant/sqlite/"]),
    (
        "tokio_postgres*",
        &[
            "server/src/storage/tenant/postgres/",
            "server/src/storage/store/postgres.rs",
            "server/src/storage/pooler.rs",
            "server/tests/",
        ],
    ),
    ("libsqlite3_sys", &["server/src/storage/store/"]),
    ("argon2", &["server/src/security/password/"]),
    ("moka", &["server/src/storage/cache/memory.rs"]),
    ("ed25519_dalek", &["server/src/security/token/", "server/tests/"]),
    ("chacha20poly1305", &["server/src/base/crypto/master_key.rs"]),
    ("deadpool_redis", &["server/src/storage/cache/redis", "server/tests/"]),
    (
        "standardwebhooks",
        &["server/src/outbound/webhooks/sign.rs", "server/tests/webhooks"],
    ),
    ("lapin", &["server/src/storage/queue/rabbitmq/", "server/tests/"]),
    ("landlock", &["runtime/src/build/confine.rs"]),
    ("notify", &["cli/src/dev/watch.rs"]),
    ("croner", &["server/src/hooks/schedule.rs"]),
    ("chrono", &["server/src/hooks/schedule.rs"]),
    ("totp_rs", &["server/src/flows/steps/totp.rs", "server/tests/"]),
    (
        "sha1",
        &["server/src/flows/steps/breaches.rs", "server/tests/", "sdk-js/engine/"],
    ),
    ("zxcvbn", &["server/src/base/input/plaintext.rs"]),
    ("rand_chacha", &["runtime/src/"]),
    ("lettre", &["server/src/outbound/mail/smtp"]),
    ("idna", &["server/src/base/input/domain.rs"]),
    ("reqwest", &["server/src/outbound/egress/"]),
    ("eventsource_stream", &["server/src/outbound/models/events.rs"]),
    ("similar", &["server/src/assistant/diff.rs"]),
    ("openidconnect", &["server/src/outbound/oidc/"]),
    ("minijinja", &["server/src/outbound/mail/template"]),
    ("prometheus_client", &["server/src/observability/metrics/"]),
    ("opentelemetry*", &["cli/src/telemetry.rs"]),
    ("tracing_opentelemetry", &["cli/src/telemetry.rs"]),
    ("aho_corasick", &["server/src/hooks/sdk/secrets"]),
    ("clap*", &["cli/src/"]),
];

/// Every crate is in the table and depends on no other of ours than the table says.
#[must_use]
pub fn edges(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, manifest) in manifests(tree, &mut broken) {
        let folder = path.trim_end_matches("/Cargo.toml");
        if OF_HOOKS.contains(&folder) {
            continue;
        }
        let of_hook = OF_HOOKS
            .iter()
            .find_map(|workspace| folder.strip_prefix(*workspace)?.strip_prefix("/hooks/"));
        let of_hook = of_hook.map(|name| (name, FOR_HOOKS));
        let of_table = EDGES
            .iter()
            .find(|(known, ..)| *known == folder)
            .map(|(_, name, allowed)| (*name, *allowed));
        let Some((name, allowed)) = of_hook.or(of_table) else {
            broken.push(format!(
                "{path}: the crate is not in the table of allowed edges in tests/src/crates.rs"
            ));
            continue;
        };
        if manifest
            .get("package")
            .and_then(|package| package.get("name")?.as_str())
            != Some(name)
        {
            broken.push(format!("{path}: the package is to be named {name}"));
        }
        for (kind, dependency) in dependencies(&manifest) {
            let ours = EDGES.iter().any(|(_, name, _)| *name == dependency);
            let tested = kind == "dev-dependencies" && IN_TESTS.contains(&dependency.as_str());
            if ours && !allowed.contains(&dependency.as_str()) && !tested {
                broken.push(format!("{path}: {name} may not depend on {dependency} ({kind})"));
            }
        }
    }
    broken
}

/// A library is a dependency only of crates that may name it, and is named in code only where it may be.
#[must_use]
pub fn places(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, manifest) in manifests(tree, &mut Vec::new()) {
        let folder = path.trim_end_matches("Cargo.toml");
        for (kind, dependency) in dependencies(&manifest) {
            if let Some((_, places)) = place(&dependency.replace('-', "_"))
                && !places.iter().any(|place| place.starts_with(folder))
                && folder != "benches/"
            {
                broken.push(format!(
                    "{path}: {dependency} ({kind}) is for {} alone",
                    places.join(", ")
                ));
            }
        }
    }
    for (path, text) in tree.ending(".rs") {
        for (number, line) in (1..).zip(rust_code(text).lines()) {
            let named = words(line).find_map(|(word, after)| names_crate(line, word, after).then(|| place(word))?);
            if let Some((library, places)) = named
                && !places.iter().any(|place| path.starts_with(place))
            {
                broken.push(format!(
                    "{path}:{number}: {library} is named only in {}",
                    places.join(", ")
                ));
            }
        }
    }
    broken
}

/// Whether a word on a line is the name of a crate: `word::…` at the start of a path, or `use word`.
fn names_crate(line: &str, word: &str, after: &str) -> bool {
    let before = line[..line.len() - after.len() - word.len()].trim_end();
    let starts_path = !before.ends_with("::") || before.ends_with(" ::");
    starts_path && (after.starts_with("::") || before.ends_with("use") || before.ends_with("extern crate"))
}

fn place(library: &str) -> Option<(&'static str, &'static [&'static str])> {
    let is = |name: &str| match name.strip_suffix('*') {
        Some(family) => library == family || library.starts_with(&format!("{family}_")),
        None => library == name,
    };
    PLACES.iter().find(|(name, _)| is(name)).copied()
}

/// Every member crate's manifest, read; those that cannot be are reported.
fn manifests(tree: &Tree, broken: &mut Vec<String>) -> Vec<(String, toml::Table)> {
    let mut read = Vec::new();
    for (path, text) in tree.ending("/Cargo.toml") {
        match text.parse() {
            Ok(manifest) => read.push((path.to_owned(), manifest)),
            Err(error) => broken.push(format!("{path}: {error}")),
        }
    }
    read
}

/// Kind and package name of every dependency, those for one target included.
fn dependencies(manifest: &toml::Table) -> Vec<(&'static str, String)> {
    const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
    let mut found = Vec::new();
    let mut tables = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(toml::Value::as_table));
    }
    for table in tables {
        for kind in KINDS {
            let Some(dependencies) = table.get(kind).and_then(toml::Value::as_table) else {
                continue;
            };
            found.extend(dependencies.iter().map(|(key, value)| {
                let renamed = value.get("package").and_then(toml::Value::as_str);
                (kind, renamed.unwrap_or(key).to_owned())
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{edges, places};
    use crate::{assert_found, assert_kept};

    #[test]
    fn crates_depend_one_way() {
        assert_kept(edges);
    }

    #[test]
    fn a_forbidden_edge_is_found() {
        let files = [
            (
                "runtime/Cargo.toml",
                "[package]\nname = \"aerocall-runtime\"\n[dependencies]\naerocall-server.workspace = true\n",
            ),
            (
                "server/Cargo.toml",
                "[package]\nname = \"aerocall-server\"\n[dev-dependencies]\naerocall-compiler.workspace = true\n[target.'cfg(unix)'.dependencies]\nc = { package = \"aerocall-compiler\", path = \"x\" }\n",
            ),
            ("tests/Cargo.toml", "[package]\nname = \"other\"\n"),
            ("new/Cargo.toml", "[package]\nname = \"new\"\n"),
            ("examples/rust/Cargo.toml", "[workspace]\n"),
            (
                "examples/rust/hooks/one/Cargo.toml",
                "[package]\nname = \"one\"\n[dependencies]\naerocall-contract = \"1\"\naerocall-hooks = \"1\"\n",
            ),
            ("cli/Cargo.toml", "[package"),
        ];
        let expected = [
            "runtime/Cargo.toml: aerocall-runtime may not depend on aerocall-server",
            "server/Cargo.toml: aerocall-server may not depend on aerocall-compiler (dependencies)",
            "tests/Cargo.toml: the package is to be named aerocall-tests",
            "new/Cargo.toml: the crate is not in the table",
            "examples/rust/hooks/one/Cargo.toml: one may not depend on aerocall-contract",
            "cli/Cargo.toml: TOML parse error",
        ];
        assert_found(edges, &files, &expected);
    }

    #[test]
    fn libraries_have_one_place() {
        assert_kept(places);
    }

    #[test]
    fn a_library_past_its_door_is_found() {
        let files = [
            (
                "runtime/Cargo.toml",
                "[dependencies]\nwasmtime = \"1\"\ndiesel_migrations = \"1\"\n",
            ),
            ("runtime/src/a.rs", "use wasmtime::Engine;\n"),
            (
                "server/src/flows/a.rs",
                "//! wasmtime::Engine\nuse diesel::prelude::*;\nlet s = \"actix_web::x\";\nfn a() { actix_web::rt::spawn(b); self::moka::x(); moka(1) }\n",
            ),
            (
                "server/src/storage/store/a.rs",
                "use {diesel::x, diesel as d};\nuse argon2;\n",
            ),
        ];
        let expected = [
            "runtime/Cargo.toml: diesel_migrations (dependencies) is for server/src/storage/store/ alone",
            "server/src/flows/a.rs:2: diesel* is named only in server/src/storage/store/",
            "server/src/flows/a.rs:4: actix*",
            "server/src/storage/store/a.rs:2: argon2",
        ];
        assert_found(places, &files, &expected);
    }
}
