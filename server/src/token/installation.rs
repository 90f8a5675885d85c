//! Which master key this node takes, and whether it is the one that its database was made with: a node with another one
//! could open nothing, and what it sealed nobody else could.

use super::{MasterKey, keyring};
use crate::{
    config::Config,
    error::{Error, Result},
    store::Store,
};

/// What the first node keeps of its key is a MAC over nothing, for this purpose alone.
const PURPOSE: &str = "installation";

/// The key of the settings, or the file's; the file is made where the database knows of no key yet.
///
/// # Errors
/// There is no key, or it is not the database's.
pub(crate) async fn master_key(config: &Config, store: &Store) -> Result<MasterKey> {
    let known = store.read(|tx| tx.key_check()).await?;
    let path = config.data_dir.join("master.key");
    let key = match &config.master_key {
        Some(given) => MasterKey::given(given.reveal()),
        // One that was made now would be another one.
        None if known.is_some() && !path.exists() => return Err(refused("there is none here")),
        None => MasterKey::load(&path)?,
    };
    let check = key.tag(PURPOSE, &[]);
    let kept = match known {
        Some(kept) => kept,
        None => {
            before(&key, store).await?;
            let own = check.clone();
            // Two that start at once: the first one's is kept.
            store.write(move |tx| tx.keep_key_check(&own)).await?
        }
    };
    match kept == check {
        true => Ok(key),
        false => Err(refused("it is another one here")),
    }
}

/// A database from before keys were checked says by its signing keys whose it is.
async fn before(key: &MasterKey, store: &Store) -> Result<()> {
    match store.read(|tx| tx.newest_signing_key()).await? {
        Some((scope, row)) if !keyring::opens(key, &scope, &row) => Err(refused("it is another one here")),
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
