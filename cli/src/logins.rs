//! The tokens of `aerocall login`: one for each server, in a file of the user's own. Other users of the machine cannot read it.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::Failed;

/// Whom a server knows this user as.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Login {
    /// Address of the account.
    pub(crate) email: String,
    /// A personal token.
    pub(crate) token: String,
}

/// What the file holds.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    /// By the servers' URLs, without a slash at the end.
    servers: BTreeMap<String, Login>,
}

/// `$XDG_CONFIG_HOME/aerocall/logins.json`, or below `~/.config`. `None`: the user has no home.
fn path() -> Option<PathBuf> {
    let given = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let config = given("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let config = config.or_else(|| given("HOME").map(|home| PathBuf::from(home).join(".config")))?;
    Some(config.join("aerocall").join("logins.json"))
}

/// The login at a server, if there is one.
pub(crate) fn at(server: &str) -> Result<Option<Login>, Failed> {
    let Some(path) = path() else { return Ok(None) };
    Ok(read(&path)?.servers.remove(name(server)))
}

/// Keeps a login, in place of the one that was there; answers where.
pub(crate) fn keep(server: &str, login: Login) -> Result<PathBuf, Failed> {
    let path = path().ok_or_else(|| {
        Failed::Environment("there is no directory to keep the login in: set HOME or XDG_CONFIG_HOME".to_owned())
    })?;
    let mut kept = read(&path)?;
    kept.servers.insert(name(server).to_owned(), login);
    write(&path, &kept)?;
    Ok(path)
}

/// Forgets the login at a server. Whether there was one.
pub(crate) fn forget(server: &str) -> Result<bool, Failed> {
    let Some(path) = path() else { return Ok(false) };
    let mut kept = read(&path)?;
    let was_there = kept.servers.remove(name(server)).is_some();
    if was_there {
        write(&path, &kept)?;
    }
    Ok(was_there)
}

fn name(server: &str) -> &str {
    server.trim_end_matches('/')
}

fn read(path: &Path) -> Result<Kept, Failed> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::default()),
        Err(error) => return Err(Failed::file(path, &error)),
        Ok(text) => text,
    };
    let about = fs::metadata(path).map_err(|error| Failed::file(path, &error))?;
    if about.permissions().mode() & 0o077 != 0 {
        let path = path.display();
        return Err(Failed::Environment(format!(
            "other users of this machine can read {path}, which holds tokens; run: chmod 600 {path}"
        )));
    }
    serde_json::from_str(&text).map_err(|error| {
        let path = path.display();
        Failed::Environment(format!(
            "{path} is not as aerocall wrote it: {error}; delete it and log in again"
        ))
    })
}

/// Written beside and moved into place, so that a reader never sees half of it.
fn write(path: &Path, kept: &Kept) -> Result<(), Failed> {
    let failed = |error: std::io::Error| Failed::file(path, &error);
    if let Some(directory) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(failed)?;
    }
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .and_then(|mut file| {
            file.write_all(serde_json::to_string_pretty(kept)?.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&draft, path));
    written.map_err(|error| {
        drop(fs::remove_file(&draft));
        failed(error)
    })
}
