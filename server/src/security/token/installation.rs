//! Which master key this node takes, and whether it is the one that its database was made with: a node with another one
//! could open nothing, and what it sealed nobody else could.

use std::path::PathBuf;

use super::keyring;
use crate::{
    base::{
        config::Config,
        crypto::MasterKey,
        error::{Error, Result},
    },
    storage::store::Store,
};

/// What the first node keeps of its key is a MAC over nothing, for this purpose alone.
const PURPOSE: &str = "installation";

/// The key of the settings, or the file's; the file is made where the database knows of no key yet.
///
/// # Errors
/// There is no key, or it is not the database's.
pub(crate) async fn master_key(config: &Config, store: &Store) -> Result<MasterKey> {
    let key = match look(config, store).await? {
        Some(key) => key,
        None => MasterKey::load(&file(config))?,
    };
    let check = key.tag(PURPOSE, &[]);
    let own = check.clone();
    // Two that start at once: the first one's is kept.
    let kept = store.write(move |tx| match tx.key_check()? {
        Some(kept) => Ok(kept),
        None => tx.keep_key_check(&own),
    });
    match kept.await? == check {
        true => Ok(key),
        false => Err(refused("this node has a different one")),
    }
}

/// The key that there is, compared with the database's; `None` where both are still to be made. Makes nothing.
///
/// # Errors
/// As [`master_key`].
pub(crate) async fn look(config: &Config, store: &Store) -> Result<Option<MasterKey>> {
    let known = store.read(|tx| tx.key_check()).await?;
    let path = file(config);
    let key = match &config.master_key {
        Some(given) => MasterKey::given(given.reveal()),
        None if path.exists() => MasterKey::load(&path)?,
        // One that was made now would be another one.
        None if known.is_some() => return Err(refused("this node has none")),
        None => return Ok(None),
    };
    match known {
        Some(kept) if kept != key.tag(PURPOSE, &[]) => Err(refused("this node has a different one")),
        Some(_) => Ok(Some(key)),
        None => before(&key, store).await.map(|()| Some(key)),
    }
}

fn file(config: &Config) -> PathBuf {
    config.data_dir.join("master.key")
}

/// A database from before keys were checked says by its signing keys whose it is.
async fn before(key: &MasterKey, store: &Store) -> Result<()> {
    match store.read(|tx| tx.newest_signing_key()).await? {
        Some((scope, row)) if !keyring::opens(key, &scope, &row) => Err(refused("this node has a different one")),
        _ => Ok(()),
    }
}

fn refused(what: &str) -> Error {
    Error::unexpected(
        "comparing the master key with the one that the database was made with",
        format!(
            "{what}. Give this node the key of the node that made the database: AEROCALL_MASTER_KEY, or the file master.key \
             of its data directory"
        ),
    )
}
