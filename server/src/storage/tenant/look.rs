//! What an operator asks of the tenants' databases: whether each scope's is as it should be, whether one is damaged; to make roles
//! and rights anew after a restore; and copies for a backup.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{layers::Layers, postgres::PostgresDatabases, sqlite};
use crate::{
    base::{
        clock::Clock,
        config::{TenantConfig, TenantUrl},
        crypto::MasterKey,
        error::{Error, Result},
        ids::Scope,
    },
    storage::{soundness::Soundness, write_fault::Unready},
};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Looked {
    /// Scopes for which something was made.
    pub(crate) made: usize,
    /// What is wrong, with the scope's name.
    pub(crate) problems: Vec<String>,
    /// Schemas that are no scope's.
    pub(crate) strangers: usize,
}

/// Each scope's roles, logins, owners and grants. `None`: files, which have none.
pub(crate) async fn look(config: &TenantConfig, master: &Arc<MasterKey>, scopes: &[Scope]) -> Result<Option<Looked>> {
    match cluster(config, master)? {
        Some(cluster) => Ok(Some(cluster.look_at(scopes).await.map_err(unexpected)?)),
        None => Ok(None),
    }
}

/// Makes them anew; for how many scopes.
pub(crate) async fn mend(config: &TenantConfig, master: &Arc<MasterKey>, scopes: &[Scope]) -> Result<usize> {
    match cluster(config, master)? {
        Some(cluster) => cluster.mend(scopes).await.map_err(unexpected),
        None => Ok(0),
    }
}

/// Why they take no changes, if they do not. Nothing is made that is not there.
pub(crate) async fn refusal(config: &TenantConfig, master: &Arc<MasterKey>) -> Result<Option<Unready>> {
    let dir = match (&config.url, cluster(config, master)?) {
        (_, Some(cluster)) => return Ok(cluster.takes_changes().await.err()),
        (TenantUrl::Sqlite(dir), None) if dir.exists() => dir.clone(),
        _ => return Ok(None),
    };
    let beaten = tokio::task::spawn_blocking(move || sqlite::beat(&dir));
    Ok(beaten
        .await
        .map_err(|error| Error::unexpected("asking for room", error))?
        .err())
}

/// Looks for damage in all of them.
pub(crate) async fn soundness(config: &TenantConfig, master: &Arc<MasterKey>) -> Result<Soundness> {
    let (dir, bytes) = match (&config.url, cluster(config, master)?) {
        (_, Some(cluster)) => return cluster.soundness().await.map_err(unexpected),
        (TenantUrl::Sqlite(dir), None) => (dir.clone(), config.bytes_per_database),
        (TenantUrl::Postgres(_), None) => return Ok(Soundness::default()),
    };
    let looked = tokio::task::spawn_blocking(move || sqlite::soundness(&dir, bytes));
    looked
        .await
        .map_err(|error| Error::unexpected("looking for damage", error))?
        .map_err(|error| Error::unexpected("looking for damage", error))
}

/// The paths of all files below a directory of databases, relative to it.
pub(crate) fn files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    sqlite::files(dir)
}

/// Writes a copy of a file as it is now, while others write on.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    sqlite::copy(from, to).map_err(|error| Error::unexpected("copying a project's database", error))
}

fn cluster(config: &TenantConfig, master: &Arc<MasterKey>) -> Result<Option<PostgresDatabases>> {
    match &config.url {
        TenantUrl::Sqlite(_) => Ok(None),
        TenantUrl::Postgres(url) => {
            PostgresDatabases::open(url, config, Arc::clone(master), Clock::default(), Layers::ALL).map(Some)
        }
    }
}

fn unexpected(error: aerocall_runtime::host::SdkError) -> Error {
    Error::unexpected("asking the projects' databases", error.message)
}
