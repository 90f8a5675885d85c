//! Limits that the operating system sets for the process, where they are too small: said in words, at the start and by `doctor`.

use std::{path::Path, process::Command};

use crate::support::{Done, aerocall, project};

/// Runs a command below a limit of the shell.
fn limited(home: &Path, limit: &str, arguments: &[&str]) -> Done {
    let inner = aerocall(home);
    let mut command = Command::new("sh");
    command
        .current_dir(home)
        .args(["-c", &format!("ulimit {limit} && exec \"$0\" \"$@\"")])
        .arg(inner.get_program())
        .args(arguments)
        .env("AEROCALL_LISTEN", "127.0.0.1:0")
        .env("AEROCALL_DATA_DIR", home.join("data"));
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.output().unwrap().into()
}

#[test]
fn a_server_that_may_not_reserve_its_address_space_says_so() {
    let home = project(&[]);
    // 64 GiB, in units of 1,024 bytes.
    let served = limited(home.path(), "-v 67108864", &["serve"]);
    assert_ne!(served.code, 0);
    for part in ["ulimit -v", "64 GiB", "810 GiB"] {
        assert!(served.stderr.contains(part), "{part}: {}", served.stderr);
    }
}

#[test]
fn doctor_names_each_limit_that_is_too_small() {
    let home = project(&[]);
    for (limit, option, state) in [
        ("-v 67108864", "ulimit -v", "problem"),
        ("-f 2097152", "ulimit -f", "note"),
        ("-n 512", "ulimit -n", "note"),
    ] {
        let found = limited(home.path(), limit, &["doctor", "--json"]).json();
        let findings = found["findings"].as_array().unwrap();
        let limits = findings.iter().find(|one| one["name"] == "process_limits").unwrap();
        assert_eq!(limits["state"], state, "{limits:#}");
        assert!(limits["fix"].as_str().unwrap().contains(option), "{limits:#}");
    }
}
