//! `@aerocall/hooks/testing`: hooks that are run from tests in JavaScript, with the files that `aerocall types` writes.

use std::{
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::support::{aerocall, project, repository, run, unless_ci};

const CASES: &str = r#"[
    { "name": "allowed", "hook": "beforeSignup", "payload": { "user": { "email": "a@b.example", "metadata": {} }, "provider": "password", "client": {} },
      "expect": { "reply": { "kind": "allow" } } },
    { "name": "expected to be denied", "hook": "beforeSignup", "payload": { "user": { "email": "a@b.example", "metadata": {} }, "provider": "password", "client": {} },
      "expect": { "replyIncludes": { "kind": "deny" } } }
]"#;

/// A command with the program where `aerocall` finds it, and the cache of the tests.
fn command(name: &str, directory: &Path) -> Command {
    let as_program = aerocall(directory);
    let mut command = Command::new(name);
    command
        .current_dir(directory)
        .env("AEROCALL_BIN", as_program.get_program());
    for (name, value) in as_program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// What a runner said, if it is installed.
fn said(mut command: Command) -> Option<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let Output { status, stdout, stderr } = unless_ci(command.output().ok(), &format!("{name} is not installed"))?;
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    assert!(status.success(), "{text}");
    Some(text)
}

/// What `npm install ./.aerocall/types` makes.
fn link(directory: &Path) {
    let scope = directory.join("node_modules/@aerocall");
    std::fs::create_dir_all(&scope).unwrap();
    std::os::unix::fs::symlink("../../.aerocall/types", scope.join("hooks")).unwrap();
}

#[test]
fn hooks_are_run_from_tests_in_javascript() {
    let broken = "export const beforeSignup = () => {\n  oops(;\n};";
    let project = project(&[
        ("aerocall.toml", ""),
        ("hooks/signup.ts", include_str!("testing/signup.ts")),
        ("tests/signup.json", CASES),
        ("tests/hooks.test.mjs", include_str!("testing/hooks.test.mjs")),
        ("broken/aerocall.toml", ""),
        ("broken/hooks/a.ts", broken),
        ("broken/tests/a.json", CASES),
    ]);
    run(project.path(), &["types"]).expect(0);
    link(project.path());
    let mut node = command("node", project.path());
    node.args(["--test", "--test-reporter=tap", "tests/hooks.test.mjs"]);
    let Some(text) = said(node) else { return };
    let count = include_str!("testing/hooks.test.mjs").matches("\ntest(").count();
    assert!(text.contains(&format!("# pass {count}\n")), "{text}");
}

#[test]
fn the_example_with_tests_of_its_own_passes_them() {
    let example = repository().join("examples/rate-limit-by-ip");
    let files = [
        "aerocall.toml",
        "package.json",
        "package-lock.json",
        "hooks/rate-limit.ts",
        "tests/rate-limit.json",
        "tests/rate-limit.test.mjs",
    ];
    let here = TempDir::new().unwrap();
    for file in files {
        let copy = here.path().join(file);
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(example.join(file), copy).unwrap();
    }
    run(here.path(), &["types"]).expect(0);
    let mut install = command("npm", here.path());
    install.args(["ci", "--offline", "--no-audit", "--no-fund"]);
    if said(install).is_none() {
        return;
    }
    let mut tests = command("npm", here.path());
    tests.arg("test");
    let text = said(tests).unwrap();
    assert!(text.contains("pass 9\n"), "{text}");
}
