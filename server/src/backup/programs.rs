//! PostgreSQL's own programs for backups, started with the address of a database.

use std::path::Path;

use url::Url;

use super::BackupError;
use crate::{base::config::SecretUrl, storage::store};

pub(super) async fn pg_dump(url: &SecretUrl, to: &Path, arguments: &[&str]) -> std::result::Result<(), BackupError> {
    let mut command = program("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges"]);
    command.args(arguments).arg("--file").arg(to);
    finished("pg_dump", command).await
}

/// All of it or nothing. Whoever restores owns it, until rights are made anew.
pub(super) async fn pg_restore(url: &SecretUrl, from: &Path) -> std::result::Result<(), BackupError> {
    let mut command = program("pg_restore", url)?;
    command
        .args([
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            "--exit-on-error",
        ])
        .arg(from);
    finished("pg_restore", command).await
}

/// The password is not among the arguments, which everybody on the machine can read.
fn program(name: &str, url: &SecretUrl) -> std::result::Result<tokio::process::Command, BackupError> {
    let mut address = parsed(url)?;
    // A URL with a host can have a password or none.
    let _ = address.set_password(None);
    let shown: Vec<(String, String)> = address
        .query_pairs()
        .into_owned()
        .filter(|(key, _)| key != "password")
        .collect();
    address.set_query(None);
    if !shown.is_empty() {
        address.query_pairs_mut().extend_pairs(shown);
    }
    let mut command = tokio::process::Command::new(name);
    command.arg("--dbname").arg(address.as_str());
    if let Some(password) = store::password(url) {
        use std::os::unix::ffi::OsStringExt as _;
        command.env("PGPASSWORD", std::ffi::OsString::from_vec(password));
    }
    Ok(command)
}

async fn finished(name: &str, mut command: tokio::process::Command) -> std::result::Result<(), BackupError> {
    let output = command.stdin(std::process::Stdio::null()).output().await;
    let output = output.map_err(|error| {
        BackupError(format!(
            "{name} cannot be started: {error}. Install PostgreSQL's client programs"
        ))
    })?;
    match output.status.success() {
        true => Ok(()),
        false => Err(BackupError(format!(
            "{name} failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ))),
    }
}

/// The name of the database.
pub(super) fn database(url: &SecretUrl) -> std::result::Result<String, BackupError> {
    let path = parsed(url)?;
    Ok(path.path().trim_start_matches('/').to_owned())
}

/// The message never repeats the address, which holds a password.
fn parsed(url: &SecretUrl) -> std::result::Result<Url, BackupError> {
    Url::parse(url.reveal()).map_err(|error| BackupError(format!("the address of a database cannot be read: {error}")))
}
