//! The whole as it fails: servers killed beside their commits, services stopped under load, nodes replaced one at a time.
//! A program of its own, so that what it does to this machine does not disturb other tests.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

mod asking;
mod backup;
mod cluster;
mod crash;
mod crash_webhooks;
mod documents;
mod fault_table;
mod faults;
#[path = "../../../tests/http_client.rs"]
mod http_client;
#[path = "../../../tests/http_server.rs"]
mod http_server;
mod load;
mod mailbox;
mod nginx;
mod programs;
mod receiver;
mod refusing;
mod restarts;
#[path = "../server.rs"]
#[expect(dead_code, reason = "shared with the other test program, which uses the rest")]
mod server;
mod services;
mod signs;
mod small_disk;
mod stranger;
#[path = "../support.rs"]
#[expect(dead_code, reason = "shared with the other test program, which uses the rest")]
mod support;
#[path = "../../../tests/until.rs"]
mod until;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held by one test at a time where they share a process: each of them wants the machine for itself. nextest gives each a process,
/// and runs two at a time (`.config/nextest.toml`).
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hooks that ask for it have ten seconds: on a busy machine the first call of a new database takes longer than they have by default.
pub(crate) const PATIENT: (&str, &str) = ("AEROCALL_HOOKS_MAX_DEADLINE_MS", "10000");

/// Whether this is a long run (`make soak`), in which a test has the machine for itself, so that it measures how long something takes.
pub(crate) fn is_long() -> bool {
    number("FAULT_ROUNDS", 1) > 1
}

/// A figure of a test that a longer run sets higher.
pub(crate) fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}
