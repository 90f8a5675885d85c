//! A backup of a server's databases, taken while it runs, and the way back from it: the core, then the projects' own. The master
//! key is no part of it, or whoever finds the backup could read every secret in it.
//!
//! The core comes first, because a request commits there first: whatever the core of a backup says was done has its rows in the
//! projects' databases. They may be newer: what was written between the two is there and not in the core, as after a crash.
//!
//! Files are copied by SQLite itself, clusters by `pg_dump` and `pg_restore`. Roles are a cluster's and not in a dump of one
//! database, so a restore makes them anew.

mod programs;

use std::{
    fs::{DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use self::programs::{database, pg_dump, pg_restore};
use crate::{
    base::{
        clock::Clock,
        config::{Config, DatabaseUrl, TenantUrl},
        crypto::MasterKey,
        error::{Error, Result},
    },
    security::token,
    storage::{store::Store, tenant},
};

/// Of the list of what a backup has.
const FORMAT: u32 = 1;
const LIST: &str = "backup.json";
const CORE_FILE: &str = "core.db";
const CORE_DUMP: &str = "core.dump";
const TENANT_FILES: &str = "tenants";
const TENANT_DUMP: &str = "tenants.dump";
/// Schemas of projects, which can be in the same database as the core.
const TENANT_SCHEMAS: &str = "aerocall_*";

/// Between the commit of a request in the core and its commit in its project's database there is nothing but the way there.
const COMMITTED: Duration = Duration::from_secs(1);

/// What a backup has, written last: without it there is none.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Backup {
    /// Of this list.
    format: u32,
    /// The version of the program that wrote it.
    pub version: String,
    /// When it was begun, in milliseconds since 1970.
    pub begun_ms: i64,
    /// The name of the projects' database on PostgreSQL. Schemas and roles are called after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant_database: Option<String>,
    /// Everything in it.
    pub files: Vec<BackupFile>,
}

/// A file of a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BackupFile {
    /// Relative to the directory of the backup.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal digits.
    sha256: String,
}

/// Why there is no backup, or nothing was restored. For the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BackupError(String);

/// Writes a backup into a directory that is empty or is made. The server may run meanwhile.
///
/// # Errors
/// The directory is not empty, a database cannot be read, or `pg_dump` is not there or failed.
pub async fn backup(config: &Config, directory: &Path) -> std::result::Result<Backup, BackupError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(directory);
    made.map_err(|error| of_file(directory, &error))?;
    let is_empty = std::fs::read_dir(directory)
        .map_err(|error| of_file(directory, &error))?
        .next()
        .is_none();
    if !is_empty {
        return Err(BackupError(format!(
            "{} is not empty: each backup has its own directory",
            directory.display()
        )));
    }
    let begun_ms = Clock::default().now_ms();
    core_to(config, directory).await?;
    tokio::time::sleep(COMMITTED).await;
    let tenant_database = tenants_to(config, directory).await?;
    let backup = Backup {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        begun_ms,
        tenant_database,
        files: listed(directory)?,
    };
    let list = directory.join(LIST);
    let text = serde_json::to_string_pretty(&backup).map_err(|error| BackupError(error.to_string()))?;
    std::fs::write(&list, text + "\n")
        .and_then(|()| File::open(&list)?.sync_all())
        .and_then(|()| File::open(directory)?.sync_all())
        .map_err(|error| of_file(&list, &error))?;
    Ok(backup)
}

/// Restores a backup into databases that are not there yet (files) or empty (PostgreSQL), and makes the roles and rights of the
/// projects' databases. For how many of them; `None` if the master key is missing, without which no role has a password.
///
/// # Errors
/// The backup is not whole, something is in its place, or `pg_restore` is not there or failed.
pub async fn restore(config: &Config, directory: &Path) -> std::result::Result<Option<usize>, BackupError> {
    let backup = whole(directory)?;
    fits(config, &backup)?;
    is_free(config).await?;
    match &config.database {
        DatabaseUrl::Sqlite(path) => put(&directory.join(CORE_FILE), path)?,
        DatabaseUrl::Postgres(url) => pg_restore(url, &directory.join(CORE_DUMP)).await?,
    }
    match &config.tenant.url {
        TenantUrl::Sqlite(dir) => {
            let files = backup
                .files
                .iter()
                .filter_map(|file| file.path.strip_prefix(TENANT_FILES).ok());
            for file in files {
                put(&directory.join(TENANT_FILES).join(file), &dir.join(file))?;
            }
        }
        TenantUrl::Postgres(url) => pg_restore(url, &directory.join(TENANT_DUMP)).await?,
    }
    repair(config).await
}

/// Makes the roles, owners and grants of the projects' databases anew, after a restore by other means too. For how many of them;
/// `None` if there is no master key.
///
/// # Errors
/// A database cannot be reached, or the master key is not the one that the core was made with.
pub async fn repair(config: &Config) -> std::result::Result<Option<usize>, BackupError> {
    let (store, pending) = Store::look(&config.database).await.map_err(Error::from)?;
    if !pending.is_empty() {
        Store::migrate(&config.database, &config.store)
            .await
            .map_err(Error::from)?;
    }
    let has_key = config.master_key.is_some() || config.data_dir.join("master.key").exists();
    if !has_key {
        return Ok(None);
    }
    let Some(key) = token::look_at_master_key(config, &store).await? else {
        return Ok(None);
    };
    let key: Arc<MasterKey> = Arc::new(key);
    let scopes = store.read(|tx| tx.scopes()).await.map_err(Error::from)?;
    Ok(Some(tenant::mend(&config.tenant, &key, &scopes).await?))
}

async fn core_to(config: &Config, directory: &Path) -> std::result::Result<(), BackupError> {
    let (store, _) = Store::look(&config.database).await.map_err(Error::from)?;
    match &config.database {
        DatabaseUrl::Sqlite(_) => store
            .copy_to(&directory.join(CORE_FILE))
            .await
            .map(drop)
            .map_err(Error::from)?,
        DatabaseUrl::Postgres(url) => {
            pg_dump(url, &directory.join(CORE_DUMP), &["--exclude-schema", TENANT_SCHEMAS]).await?
        }
    }
    Ok(())
}

/// The name of the database, if it is one of PostgreSQL.
async fn tenants_to(config: &Config, directory: &Path) -> std::result::Result<Option<String>, BackupError> {
    let (dir, to) = match &config.tenant.url {
        TenantUrl::Sqlite(dir) => (dir.clone(), directory.join(TENANT_FILES)),
        TenantUrl::Postgres(url) => {
            pg_dump(url, &directory.join(TENANT_DUMP), &["--exclude-schema", "public"]).await?;
            return Ok(Some(database(url)?));
        }
    };
    let copied = move || -> Result<()> {
        let unread = |error: io::Error| Error::unexpected("reading the projects' databases", error);
        for file in tenant::files(&dir).map_err(unread)? {
            let copy = to.join(&file);
            private_folder_of(&copy).map_err(unread)?;
            tenant::copy(&dir.join(&file), &copy)?;
        }
        Ok(())
    };
    tokio::task::spawn_blocking(copied)
        .await
        .map_err(|error| BackupError(error.to_string()))??;
    Ok(None)
}

/// Every file below a directory, with its digest, written to the disk.
fn listed(directory: &Path) -> std::result::Result<Vec<BackupFile>, BackupError> {
    let (mut files, mut folders) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(folder) = folders.pop() {
        let here = directory.join(&folder);
        let entries = std::fs::read_dir(&here).map_err(|error| of_file(&here, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| of_file(&here, &error))?;
            let path = folder.join(entry.file_name());
            match entry.path().is_dir() {
                true => folders.push(path),
                false => {
                    let (bytes, sha256) = digest(&entry.path()).map_err(|error| of_file(&entry.path(), &error))?;
                    files.push(BackupFile { path, bytes, sha256 });
                }
            }
        }
        File::open(&here)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| of_file(&here, &error))?;
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// Size and digest, of what is on the disk.
fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    file.sync_all()?;
    let mut digest = Sha256::new();
    let bytes = io::copy(&mut file, &mut digest)?;
    let hex = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, hex))
}

/// The list of a backup of which nothing is missing or has changed.
fn whole(directory: &Path) -> std::result::Result<Backup, BackupError> {
    let list = directory.join(LIST);
    let text = std::fs::read_to_string(&list).map_err(|error| {
        BackupError(format!(
            "{}: {error}. Without it, the directory is no backup, or one that was not finished",
            list.display()
        ))
    })?;
    let backup: Backup =
        serde_json::from_str(&text).map_err(|error| BackupError(format!("{}: {error}", list.display())))?;
    if backup.format != FORMAT {
        let format = backup.format;
        return Err(BackupError(format!(
            "the backup has format {format}; this version of aerocall reads {FORMAT}"
        )));
    }
    for file in &backup.files {
        let stays_inside = file
            .path
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        if !stays_inside {
            return Err(BackupError(format!(
                "{}: a path leads out of the backup",
                list.display()
            )));
        }
        let path = directory.join(&file.path);
        let (bytes, sha256) = digest(&path).map_err(|error| of_file(&path, &error))?;
        if (bytes, &sha256) != (file.bytes, &file.sha256) {
            return Err(BackupError(format!(
                "{} has changed since the backup was written",
                path.display()
            )));
        }
    }
    Ok(backup)
}

/// Whether the databases of the settings are of the same kind as those of the backup.
fn fits(config: &Config, backup: &Backup) -> std::result::Result<(), BackupError> {
    let has = |name: &str| backup.files.iter().any(|file| file.path == Path::new(name));
    let (core_is_file, tenants_are_files) = (has(CORE_FILE), !has(TENANT_DUMP));
    let wants = |is_file: bool| if is_file { "SQLite" } else { "PostgreSQL" };
    if core_is_file != matches!(config.database, DatabaseUrl::Sqlite(_)) {
        let kind = wants(core_is_file);
        return Err(BackupError(format!(
            "the core of the backup is of {kind}: set AEROCALL_DATABASE_URL to one"
        )));
    }
    if tenants_are_files != matches!(config.tenant.url, TenantUrl::Sqlite(_)) {
        let kind = wants(tenants_are_files);
        return Err(BackupError(format!(
            "the projects' databases of the backup are of {kind}: set AEROCALL_TENANT_DATABASE_URL to one"
        )));
    }
    if let (TenantUrl::Postgres(url), Some(name)) = (&config.tenant.url, &backup.tenant_database)
        && database(url)? != *name
    {
        return Err(BackupError(format!(
            "the projects' database must be called {name}, as in the backup: schemas and roles are called after it"
        )));
    }
    Ok(())
}

/// Nothing is written over.
async fn is_free(config: &Config) -> std::result::Result<(), BackupError> {
    let taken = |what: String| {
        Err(BackupError(format!(
            "{what} is not empty: a restore writes over nothing"
        )))
    };
    match &config.database {
        DatabaseUrl::Sqlite(path) if path.exists() => return taken(path.display().to_string()),
        DatabaseUrl::Postgres(url) if !Store::is_empty(url).await.map_err(Error::from)? => {
            return taken("the database of AEROCALL_DATABASE_URL".to_owned());
        }
        _ => {}
    }
    match &config.tenant.url {
        TenantUrl::Sqlite(dir) if !tenant::files(dir).is_ok_and(|files| files.is_empty()) => {
            taken(dir.display().to_string())
        }
        TenantUrl::Postgres(url) if !Store::is_empty(url).await.map_err(Error::from)? => {
            taken("the database of AEROCALL_TENANT_DATABASE_URL".to_owned())
        }
        _ => Ok(()),
    }
}

fn put(from: &Path, to: &Path) -> std::result::Result<(), BackupError> {
    let copied = private_folder_of(to).and_then(|()| {
        std::fs::copy(from, to)?;
        std::fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        File::open(to)?.sync_all()
    });
    copied.map_err(|error| of_file(to, &error))
}

fn private_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => DirBuilder::new().recursive(true).mode(0o700).create(folder),
        None => Ok(()),
    }
}

fn of_file(path: &Path, error: &io::Error) -> BackupError {
    BackupError(format!("{}: {error}", path.display()))
}

impl From<Error> for BackupError {
    fn from(error: Error) -> Self {
        Self(match error {
            Error::Refused(refusal) => refusal.message.into_owned(),
            Error::Unexpected(error) => crate::base::error::chain(&error),
        })
    }
}
