//! What is said of hooks in Rust that are wrong, and of what is no hook: by name, with what to do.

use tempfile::TempDir;

use super::{CACHED, PACKAGE, WORK_ONLY, built, hook, problems, rust, write};
use crate::support::{Done, aerocall, project, run};

#[test]
fn what_is_wrong_in_rust_is_said_with_its_place() {
    let Some(()) = rust() else { return };
    let project = hook(
        &WORK_ONLY.replace("payload.user.email.ends_with", "payload.user.mail.ends_with"),
        &[],
    );
    let path = project.path();
    let found = problems(path);
    assert!(
        found.len() == 1 && found[0].starts_with("E0609 hooks/signup/src/lib.rs:7 no field `mail`"),
        "{found:?}"
    );
    let text = built(path, &["build"]).expect(1).stderr;
    assert!(
        text.contains("  7 |     if payload.user.mail.ends_with") && text.contains("^^^^"),
        "{text}"
    );

    let cases: [(&str, &str, &[&str]); 5] = [
        (
            "//! Nothing.\n",
            "",
            &["no-hooks hooks/signup:1", "#[aerocall_hooks::before_signup]"],
        ),
        (
            &(WORK_ONLY.to_owned()
                + &WORK_ONLY[WORK_ONLY.find("#[before_signup]").unwrap()..].replace("check", "again")),
            "",
            &[
                "duplicate-handler hooks/signup/src/lib.rs:",
                "two handlers of `beforeSignup`",
            ],
        ),
        (
            CACHED,
            "[hooks.signup]\ncapabilities = [\"db\"]\n",
            &["undeclared-capability", "capabilities = [\"cache\", \"db\"]"],
        ),
        (
            NIGHTLY,
            "",
            &["bad-config", "in aerocall.toml, [hooks.signup.schedules]: nightly"],
        ),
        (
            NIGHTLY,
            "[hooks.signup.schedules]\nnightly = \"0 3 * * *\"\nnightli = \"0 3 * * *\"\n",
            &["bad-config", "the schedule `nightli` has no handler"],
        ),
    ];
    for (source, settings, says) in cases {
        write(path, "hooks/signup/src/lib.rs", source);
        write(path, "aerocall.toml", settings);
        let found = problems(path).join("\n");
        for part in says {
            assert!(found.contains(part), "{part}: {found}");
        }
    }
}

const NIGHTLY: &str = r#"//! At night.
use aerocall_hooks::{Context, Event, Result, ScheduleData, on};

#[on("cron.nightly")]
fn clean(_: &Context, _: Event<ScheduleData>) -> Result<()> {
    Ok(())
}
"#;

#[test]
fn what_is_wrong_with_a_crate_is_said_with_what_to_do() {
    let Some(()) = rust() else { return };
    let project = hook(WORK_ONLY, &[("Cargo.lock", "version = 4\n")]);
    let path = project.path();
    let locked = problems(path).join("\n");
    assert!(
        locked.starts_with("cargo hooks/signup/Cargo.toml:1 ") && locked.contains("cargo update --workspace"),
        "{locked}"
    );
    std::fs::remove_file(path.join("Cargo.lock")).unwrap();
    for (manifest, says) in [
        ("[package\n", "cargo hooks/signup/Cargo.toml:1"),
        (
            &*PACKAGE.replace("serde_json.workspace = true", "serde_json = { path = \"none\" }"),
            "hooks/signup/none",
        ),
    ] {
        write(path, "hooks/signup/Cargo.toml", manifest);
        let found = problems(path).join("\n");
        assert!(found.contains(says), "{says}: {found}");
    }
    write(path, "hooks/signup/Cargo.toml", PACKAGE);
    std::fs::rename(
        path.join("hooks/signup/src/lib.rs"),
        path.join("hooks/signup/src/main.rs"),
    )
    .unwrap();
    let found = problems(path).join("\n");
    assert!(found.contains("a hook is `src/lib.rs`"), "{found}");
}

#[test]
fn what_is_no_hook_of_a_project_is_refused_by_its_name() {
    let toml = |text: &str| ("aerocall.toml".to_owned(), text.to_owned());
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let crate_of = |name: &str| file(&format!("hooks/{name}/Cargo.toml"), PACKAGE);
    let script = || file("hooks/signup.ts", "export const beforeSignup = () => {};");
    for (files, says) in [
        (
            vec![crate_of("signup"), script()],
            "hooks/signup and hooks/signup.ts would be the same hook `signup`",
        ),
        (
            vec![file("hooks/signup.rs", WORK_ONLY)],
            "move it to hooks/signup/src/lib.rs",
        ),
        (
            vec![file("hooks/signup/src/lib.rs", WORK_ONLY)],
            "hooks/signup has src/lib.rs, but no Cargo.toml",
        ),
        (
            vec![script(), toml("[hooks.signup]\ntarget = \"wasm32-wasip2\"\n")],
            "`target` is for Rust crates",
        ),
        (
            vec![crate_of("signup"), toml("[hooks.signup]\ntarget = \"wasm32-wasip1\"\n")],
            "hooks are not built for `wasm32-wasip1`",
        ),
        (
            vec![
                crate_of("signup"),
                toml("[hooks.signup]\nexports = [\"beforeSignup\"]\n"),
            ],
            "`exports` is for components",
        ),
        (
            vec![script(), toml("[hooks.other]\nsource = \"lib/none\"\n")],
            "source \"lib/none\" cannot be opened",
        ),
        (
            vec![script(), toml("[hooks.other]\nsource = \"..\"\n")],
            "is not inside the project",
        ),
        (
            vec![script(), toml("[hooks.other]\nsource = \"hooks\"\n")],
            "is none of a folder with Cargo.toml",
        ),
        (
            vec![script(), toml("[hooks.other]\nsource = \"hooks/signup.ts\"\n")],
            "is the hook `signup`",
        ),
    ] {
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let done = run(project(&files).path(), &["build"]).expect(2);
        assert!(done.stderr.contains(says), "{says}: {}", done.stderr);
    }
}

/// A directory with programs of these names, which print these texts.
fn programs(all: &[(&str, &str)]) -> TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = TempDir::new().unwrap();
    for (name, script) in all {
        let path = directory.path().join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    directory
}

#[test]
fn a_missing_toolchain_or_target_is_named_with_the_line_that_installs_it() {
    let project = hook(WORK_ONLY, &[]);
    let with = |programs: &TempDir| -> Done {
        let mut command = aerocall(project.path());
        command
            .args(["build"])
            .env("PATH", programs.path())
            .env_remove("CARGO")
            .env_remove("RUSTC");
        command.output().unwrap().into()
    };
    let nothing = with(&programs(&[])).expect(3).stderr;
    assert!(
        nothing.contains("Rust is not installed") && nothing.contains("https://sh.rustup.rs | sh"),
        "{nothing}"
    );
    let without_target = "case \"$1\" in --version) echo 'rustc 1.95.0 (x)';; *) echo /nonexistent;; esac";
    let no_target = with(&programs(&[("rustc", without_target)])).expect(3).stderr;
    assert!(
        no_target.contains("rustc 1.95.0 (x) cannot build for wasm32-unknown-unknown yet")
            && no_target.contains("\n  rustup target add wasm32-unknown-unknown"),
        "{no_target}"
    );
    let broken = with(&programs(&[("rustc", "echo 'toolchain is damaged' >&2; exit 1")]))
        .expect(3)
        .stderr;
    assert!(
        broken.contains("`rustc` does not work here: toolchain is damaged"),
        "{broken}"
    );
}
