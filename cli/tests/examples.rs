//! Every directory of examples/ passes its own tests, its types are right, and a server takes it; in Rust there are the same, in one project.

use std::{
    path::PathBuf,
    process::Command,
    sync::{Mutex, PoisonError},
};

use serde_json::Value;

use crate::{
    rust,
    server::Site,
    support::{Done, aerocall, repository, run, tsc, unless_ci},
};

/// The folder with all of them in Rust, as one project.
const RUST: &str = "rust";
/// Those that are built against the contract alone: the folder, its cases, and the example in TypeScript with the same cases.
const BY_THE_CONTRACT: &[(&str, &str, &str)] = &[
    ("c", "rate-limit-by-ip", "rate-limit-by-ip/tests/rate-limit.json"),
    ("zig", "normalise-email", "normalise-email/tests/signup.json"),
];

/// Those in TypeScript.
fn all() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(repository().join("examples")).unwrap();
    let mut examples: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("tsconfig.json").exists())
        .collect();
    examples.sort();
    assert!(examples.len() >= 5, "{examples:?}");
    examples
}

/// Installs the packages of an example that has some; whether it can be tested.
fn is_ready(example: &std::path::Path) -> bool {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let package = std::fs::read_to_string(example.join("package.json")).unwrap_or_default();
    if !package.contains("\"dependencies\"") || example.join("node_modules").exists() {
        return true;
    }
    let installed = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(example)
        .output();
    let done = installed.ok().filter(|output| output.status.success());
    unless_ci(done, &format!("`npm ci` does not work in {}", example.display())).is_some()
}

#[test]
fn every_example_passes_its_tests() {
    for example in all() {
        if !is_ready(&example) {
            continue;
        }
        let summary = run(&example, &["test", "--json"]).expect(0).json();
        assert!(
            summary["passed"].as_u64() >= Some(2),
            "{}: {summary}",
            example.display()
        );
    }
}

#[test]
fn examples_in_other_languages_pass_the_cases_of_those_in_typescript() {
    for (language, name, others) in BY_THE_CONTRACT {
        let example = repository().join("examples").join(language);
        let own = cases(&example.join("tests").join(name).with_extension("json"));
        let others = cases(&repository().join("examples").join(others));
        assert_eq!(own.len(), others.len(), "{language}");
        for (own, other) in own.iter().zip(&others) {
            assert_eq!(
                (&own["name"], &own["expect"]),
                (&other["name"], &other["expect"]),
                "{language}"
            );
        }
        let summary = run(&example, &["test", "--json"]).expect(0).json();
        assert_eq!(
            summary["passed"].as_u64(),
            Some(own.len() as u64),
            "{language}: {summary}"
        );
    }
}

#[test]
fn every_example_is_strict_typescript() {
    let Some(directory) = tsc() else { return };
    let paths = format!("{}:{}", directory.display(), std::env::var("PATH").unwrap_or_default());
    for example in all().iter().filter(|example| is_ready(example)) {
        let tsconfig = std::fs::read_to_string(example.join("tsconfig.json")).unwrap();
        assert!(tsconfig.contains("\"strict\": true"), "{}", example.display());
        let output = aerocall(example)
            .args(["check", "--json"])
            .env("PATH", &paths)
            .output()
            .unwrap();
        let checked = Done::from(output).expect(0).json();
        assert_eq!(checked["types"]["status"], "ok", "{}: {checked}", example.display());
    }
}

#[test]
fn every_example_goes_live_on_a_server() {
    let site = Site::new(&[]);
    for example in all().iter().filter(|example| is_ready(example)) {
        let done = site.deploy(example, &[]).expect(0).json();
        let migrations = example.join("migrations").read_dir();
        let files = migrations.map_or(0, Iterator::count);
        assert_eq!(
            done["migrations"].as_array().unwrap().len(),
            files,
            "{}",
            example.display()
        );
    }
    site.deploy(&repository().join("examples/send-welcome-job"), &[])
        .expect(0);
    let (status, user) = site.register("ada@work.example");
    assert_eq!(status, 201, "{user}");
    let jobs = site.admin("/jobs?queue=welcome");
    let job = site.admin(&format!("/jobs/{}", jobs["jobs"][0]["id"].as_str().unwrap()));
    assert_eq!(job["message"]["userId"], user["user"]["id"], "{job}");
    assert_eq!(
        (&job["state"], jobs["jobs"].as_array().unwrap().len()),
        (&"waiting".into(), 1),
        "{job}"
    );
}

fn cases(file: &std::path::Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap()
}

/// The cases of every example, with the name of its hook in Rust.
fn cases_for_rust() -> Vec<(String, Vec<Value>)> {
    let with_name = |example: PathBuf| {
        let name = example.file_name().unwrap().to_str().unwrap().to_owned();
        let files = example.join("tests").read_dir().unwrap();
        let files = files.map(|file| file.unwrap().path());
        let files = files.filter(|file| file.extension().is_some_and(|ending| ending == "json"));
        let mut all: Vec<Value> = files.flat_map(|file| cases(&file)).collect();
        for case in &mut all {
            case["file"] = name.as_str().into();
        }
        (name, all)
    };
    all().into_iter().map(with_name).collect()
}

#[test]
fn every_example_is_there_in_rust_with_the_same_cases() {
    let tests = repository().join("examples").join(RUST).join("tests");
    let expected = cases_for_rust();
    assert_eq!(tests.read_dir().unwrap().count(), expected.len());
    for (name, expected) in expected {
        assert_eq!(cases(&tests.join(format!("{name}.json"))), expected, "{name}");
    }
}

#[test]
fn every_example_in_rust_replies_as_the_one_in_typescript() {
    let Some(()) = rust::rust() else { return };
    let project = repository().join("examples").join(RUST);
    let summary = rust::built(&project, &["test", "--json"]).expect(0).json();
    let count: usize = cases_for_rust().iter().map(|(_, cases)| cases.len()).sum();
    assert_eq!(summary["passed"].as_u64(), Some(count as u64), "{summary}");
    let site = Site::new(&[]);
    let deploy = rust::command(&project, &["deploy", "--json", "--server", &site.url])
        .env("AEROCALL_TOKEN", &site.token)
        .output();
    Done::from(deploy.unwrap()).expect(0);
    let (status, refused) = site.register("ada@gmail.com");
    assert_eq!(
        (status, &refused["error"]["code"]),
        (403, &"domain_not_allowed".into()),
        "{refused}"
    );
}
