//! Every secret of a project, to be looked for in what is about to leave.

use zeroize::Zeroizing;

use super::{CallSecrets, Redactor};
use crate::{
    base::{
        crypto::MasterKey,
        error::{Error, Result},
        ids::Scope,
    },
    storage::store::Store,
};

impl Redactor {
    /// Of all secrets of these scopes, and of one more value by what it is called.
    pub(crate) async fn of_scopes(
        store: &Store,
        master: &MasterKey,
        scopes: Vec<Scope>,
        also: Option<(&str, &str)>,
    ) -> Result<Self> {
        let read = store.read(move |tx| {
            let mut sealed = Vec::new();
            for scope in scopes {
                for row in tx.secrets(&scope)? {
                    if let Some(secret) = tx.sealed_secret(&scope, &row.name)? {
                        sealed.push((CallSecrets::bound_to(&scope, &row.name), row.name, secret.sealed));
                    }
                }
            }
            Ok(sealed)
        });
        let mut open: Vec<(String, Zeroizing<Vec<u8>>)> = Vec::new();
        for (bound_to, name, sealed) in read.await? {
            let value = master
                .open(&sealed, &bound_to)
                .map_err(|error| Error::unexpected("opening a secret to look for it", error.described()))?;
            open.push((name, value));
        }
        let own = open.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
        let also = also.map(|(name, value)| (name, value.as_bytes()));
        Ok(Self::new(own.chain(also)))
    }

    /// What would be written instead of the first secret that stands in the text. Where nothing can be looked for, every text has
    /// one.
    pub(crate) fn mark_in(&self, text: &str) -> Option<&str> {
        match &self.search {
            Some(search) => search
                .find(text)
                .map(|found| self.marks[found.pattern().as_usize()].as_str()),
            None => Some("[secret]"),
        }
    }
}
