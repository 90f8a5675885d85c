//! Tenants' databases as schemas of a PostgreSQL cluster: one schema and two roles per project and environment.
//!
//! - `names`: what schema and roles are called; `setup`, `revoke`: how they are made, and what everyone loses; `removal`: how they
//!   go
//! - `rights`, `look`: whether all of that is still so, and making it so again
//! - `connector`, `meter`: connections, and how many bytes one may bring
//! - `run`: one statement within its budgets; `value` and `error` translate
//! - `shape`: what the tables are like
//! - `session`, `migrate`: what the rest of the server sees
//!
//! A hook's statements run on a login of its own project, never on a shared one that changes its role: the statement
//! itself could change it back.

mod admin;
mod bounded;
mod cluster;
mod connector;
mod duplicate;
mod error;
mod look;
mod meter;
mod migrate;
mod names;
mod password;
#[cfg(test)]
mod reading;
mod removal;
mod revoke;
mod rights;
mod run;
mod session;
mod setup;
mod shape;
#[cfg(test)]
pub(in crate::storage) mod testing;
mod value;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aerocall_runtime::host::SdkError;
use async_trait::async_trait;
use tokio::sync::OnceCell;

use self::{
    admin::Admin,
    connector::{ConnectError, Connector, Link, Login},
    names::Names,
    session::PostgresSession,
};
use super::{
    Applied, Migration, MigrationFault, Session, Table, TableShape, TenantDatabases, fault,
    layers::Layers,
    pool::{Bounds, Found, Lease, Pool},
};
use crate::base::{
    clock::Clock,
    config::{SecretUrl, TenantConfig},
    crypto::MasterKey,
    error::{Error, Result, chain},
    ids::Scope,
};
use crate::storage::write_fault::Unready;

/// How long a request waits for a connection.
const CONNECTION_WAIT: Duration = Duration::from_secs(2);

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(60);

/// All schemas of a database.
pub(super) struct PostgresDatabases {
    connector: Arc<Connector>,
    admin: Arc<Admin>,
    master: Arc<MasterKey>,
    clock: Clock,
    layers: Layers,
    pool: Arc<Pool<Link>>,
    scopes: Mutex<HashMap<Scope, Arc<Tenant>>>,
}

/// Whether the address leads to a cluster, and to a user who may make what scopes need.
pub(super) async fn may_create_roles(url: &SecretUrl) -> std::result::Result<bool, String> {
    const SQL: &str = "SELECT rolcreaterole OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user";
    let connector = Connector::new(url.reveal())?;
    connector.check_sessions().await.map_err(|error| chain(&error))?;
    let link = connector
        .connect(&Login::server())
        .await
        .map_err(|error| chain(&error))?;
    let row = link.client.query_one(SQL, &[]).await.map_err(|error| chain(&error))?;
    Ok(row.get(0))
}

/// Whether the core tables are in the same cluster. What cannot be known is not.
pub(super) async fn is_shared_with(core: &SecretUrl, tenants: &SecretUrl) -> bool {
    cluster::is_one(core, tenants).await.unwrap_or_else(|problem| {
        tracing::debug!(problem, "comparing the clusters of the two databases");
        false
    })
}

/// What this process knows of a scope's schema.
pub(super) struct Tenant {
    names: Names,
    /// Set once schema and roles are there.
    ready: OnceCell<()>,
    size: admin::Size,
}

impl PostgresDatabases {
    /// Reads the address. Nothing is connected before the first use.
    pub(super) fn open(
        url: &SecretUrl,
        config: &TenantConfig,
        master: Arc<MasterKey>,
        clock: Clock,
        layers: Layers,
    ) -> Result<Self> {
        let connector = Connector::new(url.reveal())
            .map_err(|error| Error::unexpected("reading AEROCALL_TENANT_DATABASE_URL", error))?;
        let connector = Arc::new(connector);
        Ok(Self {
            admin: Arc::new(Admin::new(Arc::clone(&connector), config, layers)),
            connector,
            master,
            clock,
            layers,
            pool: Pool::new(Bounds {
                per_scope: config.connections_per_database.min(config.connections_per_role),
                all: config.connections,
                wait: CONNECTION_WAIT,
                idle: IDLE,
            }),
            scopes: Mutex::new(HashMap::new()),
        })
    }

    /// The scope's schema and roles, made if they are not there.
    async fn tenant(&self, scope: &Scope) -> std::result::Result<Arc<Tenant>, SdkError> {
        let tenant = {
            let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Tenant::new(self.connector.database(), scope));
            Arc::clone(scopes.entry(scope.clone()).or_insert_with(new))
        };
        let set_up = || async {
            let (admin, tenant, master) = (Arc::clone(&self.admin), Arc::clone(&tenant), Arc::clone(&self.master));
            // On its own, so that a request that goes away does not leave half a transaction to the next one.
            let done = tokio::spawn(async move { setup::scope(&admin, &tenant.names, &master).await });
            done.await
                .map_err(|error| fault::internal("setting up a schema", &error))?
        };
        tenant.ready.get_or_try_init(set_up).await?;
        Ok(tenant)
    }

    async fn lease(&self, scope: &Scope, tenant: &Tenant) -> std::result::Result<Lease<Link>, SdkError> {
        loop {
            match self.pool.find(scope).await? {
                // Closed while nobody used it: the server was restarted, or a network forgot it.
                Found::Used(lease) if lease.connection.client.is_closed() => drop(lease),
                Found::Used(lease) => {
                    lease.connection.meter.keep(lease.taken());
                    return Ok(lease);
                }
                Found::Free(room) => {
                    let login = match self.layers.setup.is_on() {
                        true => Login::hooks(&tenant.names, &self.master),
                        false => Login::admin(&tenant.names),
                    };
                    let link = self.connector.connect(&login).await.map_err(|error| {
                        self.forget(scope, &error);
                        error::connecting(&error)
                    })?;
                    let lease = room.with(link);
                    lease.connection.meter.keep(lease.taken());
                    return Ok(lease);
                }
            }
        }
    }

    /// A login that is refused was dropped or changed behind our back: it is set up again before the next use.
    fn forget(&self, scope: &Scope, error: &ConnectError) {
        if error.is_login() {
            let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
            scopes.remove(scope);
        }
    }
}

impl Tenant {
    fn new(database: &str, scope: &Scope) -> Self {
        Self {
            names: Names::of(database, scope),
            ready: OnceCell::new(),
            size: admin::Size::default(),
        }
    }
}

#[async_trait]
impl TenantDatabases for PostgresDatabases {
    async fn check(&self) -> Result<()> {
        match self.connector.check_sessions().await {
            Ok(()) => Ok(()),
            Err(ConnectError::Shared(why)) => Err(Error::unexpected("opening the projects' databases", why)),
            Err(error) => {
                tracing::warn!(error = chain(&error), "the projects' databases cannot be reached yet");
                Ok(())
            }
        }
    }

    async fn session(&self, scope: &Scope) -> std::result::Result<Box<dyn Session>, SdkError> {
        let tenant = self.tenant(scope).await?;
        let lease = self.lease(scope, &tenant).await?;
        Ok(Box::new(PostgresSession::new(
            Arc::clone(&self.pool),
            Arc::clone(&self.connector),
            Arc::clone(&self.admin),
            tenant,
            lease,
            self.layers,
        )))
    }

    async fn migrate(
        &self,
        scope: &Scope,
        migrations: Vec<Migration>,
    ) -> std::result::Result<Vec<Applied>, MigrationFault> {
        if migrations.is_empty() {
            return Ok(Vec::new());
        }
        let link = self.owner(scope).await?;
        migrate::apply(&link, migrations, self.clock.now_ms()).await
    }

    fn close(&self, scope: &Scope) {
        self.pool.close(scope);
    }

    async fn remove(&self, scope: &Scope) -> std::result::Result<(), SdkError> {
        self.pool.close(scope);
        self.scopes.lock().unwrap_or_else(PoisonError::into_inner).remove(scope);
        let (admin, names) = (Arc::clone(&self.admin), Names::of(self.connector.database(), scope));
        // On its own, as setting up is.
        let done = tokio::spawn(async move { removal::scope(&admin, &names).await });
        done.await
            .map_err(|error| fault::internal("removing a schema", &error))?
    }

    async fn applied(&self, scope: &Scope) -> std::result::Result<Vec<Applied>, SdkError> {
        let link = self.owner(scope).await?;
        migrate::applied(&link)
            .await
            .map_err(|error| fault::internal("reading the migrations", &error))
    }

    async fn duplicate(
        &self,
        scope: &Scope,
        most_bytes: u64,
    ) -> std::result::Result<Arc<dyn TenantDatabases>, SdkError> {
        let tenant = self.tenant(scope).await?;
        let copy = duplicate::PostgresDuplicate::make(self, &tenant.names, most_bytes).await?;
        Ok(Arc::new(copy))
    }

    async fn tables(&self, scope: &Scope) -> std::result::Result<Vec<Table>, SdkError> {
        let tenant = self.tenant(scope).await?;
        shape::tables(&self.admin, &tenant).await
    }

    async fn table(&self, scope: &Scope, name: &str) -> std::result::Result<Option<TableShape>, SdkError> {
        let tenant = self.tenant(scope).await?;
        shape::table(&self.admin, &tenant, name).await
    }

    async fn beat(&self) -> std::result::Result<(), Unready> {
        self.admin.beat().await
    }
}

impl PostgresDatabases {
    /// A connection of the role that owns the tables, for one use.
    async fn owner(&self, scope: &Scope) -> std::result::Result<Link, SdkError> {
        let tenant = self.tenant(scope).await?;
        let login = Login::owner(&tenant.names, &self.master);
        self.connector.connect(&login).await.map_err(|error| {
            self.forget(scope, &error);
            error::connecting(&error)
        })
    }
}
