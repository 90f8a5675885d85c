//! Not there yet.
use super::*;
use crate::{config::TenantConfig, token::MasterKey};
use aerocall_runtime::host::SdkError;
use async_trait::async_trait;
use std::sync::Arc;
pub(crate) struct Pending;
#[async_trait]
impl TenantDatabases for Pending {
    async fn session(&self, _scope: &Scope) -> Result<Box<dyn Session>, SdkError> {
        Err(SdkError::unavailable("db"))
    }
    async fn migrate(&self, _scope: &Scope, _migrations: Vec<Migration>) -> Result<Vec<Applied>, MigrationFault> {
        Err(SdkError::unavailable("db").into())
    }
    async fn applied(&self, _scope: &Scope) -> Result<Vec<Applied>, SdkError> {
        Ok(Vec::new())
    }
}
pub(crate) async fn open(
    _config: &TenantConfig,
    _master: &MasterKey,
) -> crate::error::Result<Arc<dyn TenantDatabases>> {
    Ok(Arc::new(Pending))
}
