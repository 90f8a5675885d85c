//! Hooks in Rust: from a new project to a sign-up that they refuse, and what is said of everything that is wrong.

mod wrong;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    http_client,
    server::Site,
    support::{Done, SIGNUP, aerocall, project, run, unless_ci},
};

const TARGET: &str = "wasm32-unknown-unknown";
const WORKSPACE: &str = include_str!("../template/rust/workspace.toml");
const PACKAGE: &str = include_str!("../template/rust/package.toml");

/// A hook that refuses whoever has no address at work, and says what it does.
const WORK_ONLY: &str = r#"//! Work addresses alone.
use aerocall_hooks::{Denial, RequestContext, Result, before_signup, log};

#[before_signup]
fn check(context: &RequestContext, payload: before_signup::Payload) -> Result<before_signup::Reply> {
    log::info!("sign-up from {}", context.request.ip);
    if payload.user.email.ends_with("@home.example") {
        return Err(Denial::new("work_only", "Please use your address at work").status(422).into());
    }
    Ok(before_signup::Reply::allow())
}
"#;

/// One that uses the cache.
const CACHED: &str = r#"//! Counts.
use aerocall_hooks::{RequestContext, Result, before_signup, cache};

#[before_signup]
fn check(_: &RequestContext, _: before_signup::Payload) -> Result<before_signup::Reply> {
    cache::delete("key")?;
    Ok(before_signup::Reply::allow())
}
"#;

/// Whether hooks in Rust can be built here.
pub(crate) fn rust() -> Option<()> {
    rust_for(TARGET)
}

fn rust_for(target: &str) -> Option<()> {
    let arguments = ["--print", "target-libdir", "--target", target];
    let output = Command::new("rustc").args(arguments).output().ok();
    let there = output.filter(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir());
    let missing = format!("the target of hooks in Rust is not installed: rustup target add {target}");
    unless_ci(there.map(drop), &missing)
}

/// The binary; what hooks depend on is built once for all tests.
pub(crate) fn built(directory: &Path, arguments: &[&str]) -> Done {
    command(directory, arguments).output().unwrap().into()
}

pub(crate) fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = aerocall(directory);
    let guests = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests");
    command.args(arguments).env("CARGO_TARGET_DIR", guests);
    command
}

/// A project with a hook `signup` of this source, and more files.
fn hook(source: &str, more: &[(&str, &str)]) -> TempDir {
    let files = [
        ("Cargo.toml", WORKSPACE),
        ("hooks/signup/Cargo.toml", PACKAGE),
        ("hooks/signup/src/lib.rs", source),
        ("in.json", SIGNUP),
    ];
    let files: Vec<(&str, &str)> = files.into_iter().chain(more.iter().copied()).collect();
    project(&files)
}

fn write(directory: &Path, file: &str, text: &str) {
    let path = directory.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn from_a_new_project_to_a_sign_up_that_is_refused() {
    let Some(()) = rust() else { return };
    let home = project(&[("in.json", SIGNUP)]);
    run(home.path(), &["new", "hooks-in-rust", "--lang", "rust"]).expect(0);
    let made = home.path().join("hooks-in-rust");
    let checked = built(&made, &["check", "--json"]).expect(0).json();
    assert_eq!(
        (&checked["ok"], &checked["diagnostics"]),
        (&json!(true), &json!([])),
        "{checked}"
    );
    assert_eq!(checked["hooks"][0]["capabilities"], json!(["cache"]), "{checked}");
    assert!(built(&made, &["test"]).expect(0).stdout.contains("2 passed, 0 failed"));
    built(&made, &["types", "--check"]).expect(0);
    let arguments = ["run", ".", "--hook", "beforeSignup", "--input", "../in.json", "--json"];
    assert_eq!(built(&made, &arguments).expect(0).json()["reply"]["kind"], "patch");

    // An edit, and a hook in TypeScript beside it. The test cases were those of the template.
    std::fs::remove_file(made.join("tests/signup.json")).unwrap();
    write(&made, "hooks/signup/src/lib.rs", WORK_ONLY);
    write(
        &made,
        "hooks/audit.ts",
        "export const beforeSignup = () => ({ patch: { user: { metadata: { audited: true } } } });",
    );
    write(
        &made,
        "aerocall.toml",
        "[project]\nid = \"demo\"\nenvironment = \"development\"\n[hooks.signup]\norder = 1\n[hooks.audit]\norder = 2\n",
    );
    built(&made, &["build"]).expect(0);
    let manifest = built(&made, &["inspect", "dist/signup.wasm", "--json"])
        .expect(0)
        .json();
    assert_eq!(
        (&manifest["language"], &manifest["hooks"]),
        (&json!("rust"), &json!(["beforeSignup"])),
        "{manifest}"
    );
    assert!(
        manifest["toolchain"].as_str().unwrap().starts_with("rustc 1."),
        "{manifest}"
    );
    let validated = built(&made, &["validate", "--json"]).expect(0).json();
    assert_eq!(validated["findings"], json!([]), "{validated}");

    let site = Site::new(&[]);
    let arguments = ["deploy", "--json", "--server", &site.url];
    let deployed: Done = command(&made, &arguments)
        .env("AEROCALL_TOKEN", &site.token)
        .output()
        .unwrap()
        .into();
    let deployed = deployed.expect(0).json();
    assert_eq!(deployed["hooks"].as_array().unwrap().len(), 2, "{deployed}");
    let (status, refused) = site.register("jane@home.example");
    assert_eq!(
        (status, &refused["error"]["code"]),
        (422, &json!("work_only")),
        "{refused}"
    );
    let (status, user) = site.register("jane@work.example");
    assert_eq!(
        (status, &user["user"]["metadata"]["audited"]),
        (201, &json!(true)),
        "{user}"
    );
    shown_and_not_editable(&site);
}

/// The server shows the sources of a version in Rust, and says why they are not edited there.
fn shown_and_not_editable(site: &Site) {
    let sent = |method: &str, path: &str, body: &[u8]| {
        let url = format!("{}/admin/api/v1/projects/demo/hooks/signup{path}", site.url);
        let bearer = format!("Bearer {}", site.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        http_client::send(method, &url, &headers, body).unwrap()
    };
    // The first one is the demo's own.
    let files = sent("GET", "/versions/2/files", b"").json();
    let paths: Vec<&str> = files["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        [
            "Cargo.lock",
            "Cargo.toml",
            "hooks/signup/Cargo.toml",
            "hooks/signup/src/lib.rs"
        ]
    );
    let refused = sent("POST", "/draft", br#"{"from":2}"#).json();
    assert_eq!(refused["error"]["code"], "no_sources", "{refused}");
    assert!(
        refused["error"]["message"]
            .as_str()
            .unwrap()
            .contains("written in rust"),
        "{refused}"
    );
}

#[test]
fn the_same_sources_give_the_same_bytes_wherever_they_lie() {
    let Some(()) = rust() else { return };
    let bytes = |project: &TempDir| {
        // A flag of the machine does not count.
        let done: Done = command(project.path(), &["build"])
            .env("RUSTFLAGS", "-Copt-level=0")
            .output()
            .unwrap()
            .into();
        done.expect(0);
        std::fs::read(project.path().join("dist/signup.wasm")).unwrap()
    };
    let first = hook(WORK_ONLY, &[]);
    let one = bytes(&first);
    let lock = std::fs::read_to_string(first.path().join("Cargo.lock")).unwrap();
    let other = bytes(&hook(WORK_ONLY, &[("Cargo.lock", &lock)]));
    assert!(one == other, "the bytes differ");
    let parent = first.path().to_str().unwrap().as_bytes();
    assert!(
        !one.windows(parent.len()).any(|part| part == parent),
        "the bundle tells where it was built"
    );
}

/// The standard library's own clock and random numbers.
const WASI: &str = r#"//! The year, by the standard library.
use std::{collections::HashSet, time::{SystemTime, UNIX_EPOCH}};

use aerocall_hooks::{RequestContext, Result, UserPatch, before_signup};
use serde_json::json;

#[before_signup]
fn check(_: &RequestContext, _: before_signup::Payload) -> Result<before_signup::Reply> {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    let distinct: HashSet<u64> = [days, days].into();
    let years = days / 366 + 1970;
    Ok(before_signup::Reply::patch(UserPatch::new().metadata(json!({ "years": years >= 2025, "days": distinct.len() }))))
}
"#;

#[test]
fn a_hook_for_wasi_uses_the_standard_library() {
    let Some(()) = rust_for("wasm32-wasip2") else { return };
    let settings = "[hooks.signup]\ntarget = \"wasm32-wasip2\"\n";
    let project = hook(WASI, &[("aerocall.toml", settings)]);
    let arguments = ["run", ".", "--hook", "beforeSignup", "--input", "in.json", "--json"];
    let report = built(project.path(), &arguments).expect(0).json();
    assert_eq!(
        report["reply"]["patch"]["user"]["metadata"],
        json!({ "years": true, "days": 1 }),
        "{report}"
    );
    std::fs::remove_file(project.path().join("aerocall.toml")).unwrap();
    // Without WASI the standard library has no clock, and says so.
    let report = built(project.path(), &arguments).expect(1).json();
    assert_eq!(report["reply"]["error"]["name"], "Panic", "{report}");
}

/// What `aerocall check` says of a hook: each diagnostic in a line.
fn problems(directory: &Path) -> Vec<String> {
    let checked = built(directory, &["check", "--json"]).expect(1).json();
    let line = |one: &Value| {
        let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        format!(
            "{} {}:{} {} | {}",
            text("code"),
            text("file"),
            one["line"],
            text("message"),
            text("hint")
        )
    };
    checked["diagnostics"].as_array().unwrap().iter().map(line).collect()
}

/// A core module for the hooks world, as cargo makes it of a crate, without the section that lists handlers.
fn module(project: &TempDir) -> Vec<u8> {
    built(project.path(), &["build"]).expect(0);
    let guests: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests");
    let module = std::fs::read(guests.join(TARGET).join("release/signup.wasm")).unwrap();
    let name = b"aerocall:hooks{";
    let at = module.windows(name.len()).position(|part| part == name).unwrap();
    let mut module = module;
    module[at..at + 8].copy_from_slice(b"xerocall");
    module
}

#[test]
fn a_component_of_another_tool_is_a_hook_with_what_aerocall_toml_says_of_it() {
    let Some(()) = rust() else { return };
    let bytes = module(&hook(CACHED, &[]));
    let project = project(&[("in.json", SIGNUP)]);
    let path = project.path();
    std::fs::create_dir(path.join("hooks")).unwrap();
    std::fs::write(path.join("hooks/signup.wasm"), &bytes).unwrap();
    let found = problems(path).join("\n");
    assert!(
        found.contains("no-hooks hooks/signup.wasm:1") && found.contains("exports = [\"beforeSignup\"]"),
        "{found}"
    );
    for (settings, says) in [
        ("exports = [\"beforeSingup\"]", "did you mean `beforeSignup`?"),
        (
            "exports = [\"beforeSignup\"]\ncapabilities = []",
            "the hook uses `cache`",
        ),
    ] {
        write(path, "aerocall.toml", &format!("[hooks.signup]\n{settings}\n"));
        let found = problems(path).join("\n");
        assert!(found.contains(says), "{says}: {found}");
    }
    write(
        path,
        "aerocall.toml",
        "[hooks.signup]\nexports = [\"beforeSignup\"]\ncapabilities = [\"cache\"]\n",
    );
    let arguments = ["run", ".", "--hook", "beforeSignup", "--input", "in.json", "--json"];
    assert_eq!(
        run(path, &arguments).expect(0).json()["reply"],
        json!({ "kind": "allow" })
    );
    run(path, &["build"]).expect(0);
    let manifest = run(path, &["inspect", "dist/signup.wasm", "--json"]).expect(0).json();
    assert_eq!(
        (&manifest["language"], &manifest["capabilities"]),
        (&json!("rust"), &json!(["cache"])),
        "{manifest}"
    );
    run(path, &["validate", "--strict"]).expect(0);

    // A bundle is taken as it is.
    std::fs::copy(path.join("dist/signup.wasm"), path.join("hooks/signup.wasm")).unwrap();
    let found = problems(path).join("\n");
    assert!(found.contains("has its manifest already"), "{found}");
    std::fs::remove_file(path.join("aerocall.toml")).unwrap();
    run(path, &["check"]).expect(0);
    std::fs::rename(path.join("hooks/signup.wasm"), path.join("hooks/other.wasm")).unwrap();
    let found = problems(path).join("\n");
    assert!(found.contains("the bundle is of the hook `signup`"), "{found}");
    for bytes in [&b"hello"[..], b"\0asm\x01\0\0\0"] {
        std::fs::write(path.join("hooks/other.wasm"), bytes).unwrap();
        let found = problems(path).join("\n");
        assert!(
            found.contains("not-a-hook hooks/other.wasm:1") || found.contains("no-hooks"),
            "{found}"
        );
    }
}

#[test]
fn a_bundle_that_is_not_of_the_project_is_not_built_again() {
    let Some(()) = rust() else { return };
    let project = hook(WORK_ONLY, &[]);
    let path = project.path();
    built(path, &["build"]).expect(0);
    let reasons = || {
        let report = built(path, &["validate", "--json"]).json();
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["message"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(reasons(), Vec::<String>::new());
    write(path, "aerocall.toml", "[hooks.signup.limits]\ndeadline_ms = 300\n");
    let other = reasons();
    assert!(
        other.len() == 1 && other[0].contains("the code is the same, the manifest"),
        "{other:?}"
    );
    std::fs::remove_file(path.join("aerocall.toml")).unwrap();
    write(path, "hooks/signup/src/lib.rs", CACHED);
    let changed = reasons();
    assert_eq!(
        changed,
        ["not built again: its hooks/signup/src/lib.rs is not that of the project"]
    );
}
