//! A project's database as a copy that nobody else sees, made at its first use: for requests that are tried.

use std::sync::Arc;

use aerocall_runtime::host::SdkError;
use async_trait::async_trait;
use tokio::sync::OnceCell;

use super::{Applied, Migration, MigrationFault, Session, Table, TableShape, TenantDatabases, fault};
use crate::{
    base::{error::Result as Opened, ids::Scope},
    storage::write_fault::Unready,
};

/// The database of one scope, copied when a hook first asks for it.
pub(crate) struct Duplicate {
    real: Arc<dyn TenantDatabases>,
    most_bytes: u64,
    copy: OnceCell<Arc<dyn TenantDatabases>>,
}

impl Duplicate {
    pub(crate) fn new(real: Arc<dyn TenantDatabases>, most_bytes: u64) -> Self {
        Self {
            real,
            most_bytes,
            copy: OnceCell::new(),
        }
    }
}

#[async_trait]
impl TenantDatabases for Duplicate {
    async fn session(&self, scope: &Scope) -> Result<Box<dyn Session>, SdkError> {
        let made = || self.real.duplicate(scope, self.most_bytes);
        self.copy.get_or_try_init(made).await?.session(scope).await
    }

    async fn migrate(&self, _: &Scope, _: Vec<Migration>) -> Result<Vec<Applied>, MigrationFault> {
        Err(MigrationFault::Database(fault::internal(
            "migrating a copy",
            &"nobody does that",
        )))
    }

    fn close(&self, _: &Scope) {}

    /// The copy, if there is one.
    async fn remove(&self, scope: &Scope) -> Result<(), SdkError> {
        match self.copy.get() {
            Some(copy) => copy.remove(scope).await,
            None => Ok(()),
        }
    }

    async fn applied(&self, scope: &Scope) -> Result<Vec<Applied>, SdkError> {
        self.real.applied(scope).await
    }

    async fn tables(&self, scope: &Scope) -> Result<Vec<Table>, SdkError> {
        self.real.tables(scope).await
    }

    async fn table(&self, scope: &Scope, name: &str) -> Result<Option<TableShape>, SdkError> {
        self.real.table(scope, name).await
    }

    async fn check(&self) -> Opened<()> {
        Ok(())
    }

    async fn beat(&self) -> Result<(), Unready> {
        Ok(())
    }

    async fn duplicate(&self, scope: &Scope, most_bytes: u64) -> Result<Arc<dyn TenantDatabases>, SdkError> {
        self.real.duplicate(scope, most_bytes).await
    }
}
