//! Flows with real hooks, over HTTP: the bundles are built from source, never faked.

mod breaker;
mod chain;
mod decisions;
mod failures;
mod outcomes;
mod switch;
mod tenancy;
mod versions;

use crate::site::Data;

/// Changes rows of a server that was stopped. Whether that could be done.
#[expect(clippy::print_stderr, reason = "says what is not tested")]
pub(crate) fn change_rows(data: &Data, on_sqlite: &str, on_postgres: &[&str]) -> bool {
    if let Some(core) = data.core() {
        for statement in on_postgres {
            core.run(statement);
        }
        return true;
    }
    let changed = std::process::Command::new("sqlite3")
        // The server that has just stopped may still be closing it.
        .args(["-cmd", ".timeout 5000"])
        .arg(data.path().join("aerocall.db"))
        .arg(on_sqlite)
        .output();
    let Ok(changed) = changed else {
        assert!(std::env::var_os("CI").is_none(), "sqlite3 is not installed");
        eprintln!("skipped: sqlite3 is not installed");
        return false;
    };
    assert!(changed.status.success(), "{changed:?}");
    true
}
