//! A database of a bench's own on the PostgreSQL of this machine, gone when it is dropped.

use std::process::Command;

const SERVER: &str = "postgres://postgres@127.0.0.1:5432";

/// A new, empty database.
pub struct Database {
    name: String,
    /// Its address.
    pub url: String,
}

impl Database {
    /// `None` if no server answers.
    #[must_use]
    pub fn make() -> Option<Self> {
        let name = format!("aerocall_bench_{}", std::process::id());
        psql(&format!("CREATE DATABASE {name}"))?;
        Some(Self {
            url: format!("{SERVER}/{name}"),
            name,
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        psql(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn psql(statement: &str) -> Option<()> {
    let mut command = Command::new("psql");
    command.args([&format!("{SERVER}/postgres"), "-qc", statement]);
    let ended = command.output().ok()?;
    ended.status.success().then_some(())
}
