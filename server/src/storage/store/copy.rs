//! Copies of the core database, for backups: of a file by SQLite itself, of a cluster by PostgreSQL's own programs, for which
//! this has what they need to know of the address.

use std::{fmt::Write as _, path::Path};

use diesel::connection::SimpleConnection as _;

use super::{
    Store, StoreError,
    pool::{Connections, connection},
    postgres,
};
use crate::base::config::SecretUrl;

impl Store {
    /// Writes a copy of a file as it is now, while others write on. `false`: it is no file.
    pub(crate) async fn copy_to(&self, path: &Path) -> Result<bool, StoreError> {
        let Connections::Sqlite(pool, _) = self.pool.clone() else {
            return Ok(false);
        };
        let copy = format!("VACUUM INTO '{}'", path.display().to_string().replace('\'', "''"));
        let copied = move || connection(&pool)?.batch_execute(&copy).map_err(StoreError::from);
        tokio::task::spawn_blocking(copied).await??;
        Ok(true)
    }

    /// Whether a database on PostgreSQL has nothing of ours, so that a backup can be restored into it. The list of migrations,
    /// which is made by whoever looks for it, is taken away if it is empty.
    pub(crate) async fn is_empty(url: &SecretUrl) -> Result<bool, StoreError> {
        postgres::Manager::new(url)?.is_empty().await
    }
}

/// A file of SQLite as an address that opens it, and does not make it: one that is deleted under the server stays so.
pub(super) fn address(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => address.push(char::from(*byte)),
            // Writing to a text never fails.
            other => drop(write!(address, "%{other:02X}")),
        }
    }
    address + "?mode=rw"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::config::{DatabaseUrl, StoreConfig},
        testing::World,
    };

    #[tokio::test]
    async fn a_copy_is_a_database_whatever_its_path_is_called() {
        let (world, dir) = (World::new().await, tempfile::tempdir().unwrap());
        let path = dir.path().join("it's 100% a?copy#1.db");
        assert!(world.store.copy_to(&path).await.unwrap());
        let copy = Store::open(&DatabaseUrl::Sqlite(path), &StoreConfig { connections: 1 })
            .await
            .unwrap();
        let scopes = |store: Store| async move { store.read(|tx| tx.scopes()).await.unwrap().len() };
        assert_eq!(scopes(copy.clone()).await, 2);
        let sound = copy.soundness().await.unwrap();
        assert_eq!(sound.damage, Vec::<String>::new());
        let names: Vec<_> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|file| file.unwrap().file_name())
            .collect();
        assert!(
            names
                .iter()
                .all(|name| name.to_string_lossy().starts_with("it's 100% a?copy#1.db")),
            "{names:?}"
        );
    }
}
