//! `aerocall new`, and the way from there to a bundle.

use crate::support::{SIGNUP, project, run, tsc};

#[test]
fn a_new_project_checks_tests_builds_and_runs() {
    let home = project(&[("in.json", SIGNUP)]);
    run(home.path(), &["new", "My Hooks"]).expect(0);
    let made = home.path().join("My Hooks");
    let toml = std::fs::read_to_string(made.join("aerocall.toml")).unwrap();
    assert!(toml.contains("id = \"my-hooks\""), "{toml}");
    let checked = run(&made, &["check", "--json"]).expect(0).json();
    assert_eq!(
        (&checked["ok"], &checked["hooks"][0]["name"]),
        (&true.into(), &"signup".into()),
        "{checked}"
    );
    assert!(run(&made, &["test"]).expect(0).stdout.contains("2 passed, 0 failed"));
    run(&made, &["build"]).expect(0);
    let shown = run(&made, &["inspect", "dist/signup.wasm"]).expect(0).stdout;
    for line in [
        "name          signup",
        "contract      aerocall:hooks@",
        "limits        deadlineMs 500",
        "digest        sha256:",
    ] {
        assert!(shown.lines().any(|shown| shown.starts_with(line)), "{line}: {shown}");
    }
    let manifest = run(&made, &["inspect", "dist/signup.wasm", "--json"]).expect(0).json();
    assert_eq!(manifest["limits"]["deadlineMs"], 500, "{manifest}");
    let arguments = ["run", ".", "--hook", "beforeSignup", "--input", "../in.json", "--json"];
    assert_eq!(run(&made, &arguments).expect(0).json()["reply"]["kind"], "patch");
    run(&made, &["types", "--check"]).expect(0);
}

#[test]
fn a_new_project_is_strict_typescript_without_errors() {
    let Some(directory) = tsc() else { return };
    let home = project(&[]);
    run(home.path(), &["new", "hooks"]).expect(0);
    let made = home.path().join("hooks");
    let check = |path: &std::path::Path| {
        let paths = format!("{}:{}", directory.display(), std::env::var("PATH").unwrap_or_default());
        let output = crate::support::aerocall(path)
            .args(["check", "--json"])
            .env("PATH", paths)
            .output();
        crate::support::Done::from(output.unwrap())
    };
    assert_eq!(check(&made).expect(0).json()["types"]["status"], "ok");
    let hook = made.join("hooks/signup.ts");
    let text = std::fs::read_to_string(&hook)
        .unwrap()
        .replace("payload.user.email", "payload.user.mail");
    std::fs::write(&hook, text).unwrap();
    let failed = check(&made).expect(1).json();
    assert_eq!(failed["types"]["status"], "failed", "{failed}");
    assert_eq!(failed["types"]["errors"][0]["file"], "hooks/signup.ts", "{failed}");
    assert_eq!(failed["types"]["errors"][0]["code"], "TS2551", "{failed}");
}

#[test]
fn nothing_is_written_over() {
    let home = project(&[("full/file", "x"), ("plain", "x")]);
    let done = run(home.path(), &["new", "full"]).expect(2);
    assert!(done.stderr.contains("not empty"), "{}", done.stderr);
    assert_eq!(std::fs::read_dir(home.path().join("full")).unwrap().count(), 1);
    run(home.path(), &["new", "plain"]).expect(3);
    std::fs::create_dir(home.path().join("empty")).unwrap();
    run(home.path(), &["new", "empty"]).expect(0);
}

#[test]
fn every_command_shows_an_example() {
    let home = project(&[]);
    for command in [
        "new",
        "check",
        "test",
        "build",
        "run",
        "inspect",
        "types",
        "upgrade",
        "deploy",
        "rollback",
        "hooks",
        "secrets",
        "logs",
        "serve",
        "worker",
        "migrate",
        "backup",
        "restore",
        "doctor",
        "admin",
        "tokens",
        "keys",
        "projects",
        "environments",
    ] {
        let help = run(home.path(), &[command, "--help"]).expect(0).stdout;
        assert!(
            help.contains("Example") && help.contains(&format!("aerocall {command}")),
            "{help}"
        );
    }
    run(home.path(), &["frobnicate"]).expect(2);
}
