//! Every directory of examples/ passes its own tests, its types are right, and a server takes it.

use std::{
    path::PathBuf,
    process::Command,
    sync::{Mutex, PoisonError},
};

use crate::{
    server::Site,
    support::{Done, aerocall, repository, run, tsc, unless_ci},
};

fn all() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(repository().join("examples")).unwrap();
    let mut examples: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    examples.sort();
    assert!(examples.len() >= 5, "{examples:?}");
    examples
}

/// Installs the packages of an example that has some; whether it can be tested.
fn is_ready(example: &std::path::Path) -> bool {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    if !example.join("package-lock.json").exists() || example.join("node_modules").exists() {
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
