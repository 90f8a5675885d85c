//! Whether the core tables are in the same cluster as the tenants' databases. Disk, memory, connections and processors of a
//! cluster are shared, so there a tenant's statement can keep sign-ups waiting.

use super::connector::{ConnectError, Connector, Login};
use crate::base::{config::SecretUrl, error::chain};

/// `Err`: it cannot be known, and why.
pub(super) async fn is_one(core: &SecretUrl, tenants: &SecretUrl) -> Result<bool, String> {
    let (core, tenants) = (Connector::new(core.reveal())?, Connector::new(tenants.reveal())?);
    if core.address() == tenants.address() {
        return Ok(true);
    }
    let (core, tenants) = tokio::join!(identity(&core), identity(&tenants));
    let both = core.and_then(|core| Ok((core, tenants?)));
    both.map(|(core, tenants)| core == tenants)
        .map_err(|error| chain(&error))
}

/// The number that a cluster got when it was made. Standbys have that of their primary.
async fn identity(connector: &Connector) -> Result<String, ConnectError> {
    const SQL: &str = "SELECT system_identifier::text FROM pg_catalog.pg_control_system()";
    let link = connector.connect(&Login::server()).await?;
    let row = link.client.query_typed_one(SQL, &[]).await?;
    Ok(row.get(0))
}
