//! The tenants' own databases: what `Aerocall.db` reaches. Apart from the core tables in every way: other files or other
//! roles, other connections, and, where the operator wants it, another cluster.
//!
//! What a statement may be is decided in three places that do not trust each other: `statement` reads the text, the
//! database's own rights (authorizer, roles) hold whatever the text says, and budgets (time, rows, bytes, pages) hold
//! whatever the rights allow.

mod duplicate;
mod fault;
mod layers;
mod look;
mod migration;
mod permits;
mod pool;
mod postgres;
mod shape;
mod sqlite;
mod statement;
#[cfg(test)]
mod tests;
mod time;

use std::{sync::Arc, time::Duration};

use aerocall_runtime::host::{Rows, SdkError, Value};
use async_trait::async_trait;

pub(crate) use duplicate::Duplicate;
pub(crate) use look::{Looked, copy, files, look, mend, refusal, soundness};
pub(crate) use migration::{Applied, Migration, MigrationFault, check_name, check_sql};
pub(crate) use permits::QueryPermits;
pub(crate) use shape::{Column, Dialect, Index, Part, Reference, Table, TableKind, TableShape, quoted};

#[cfg(test)]
pub(in crate::storage) use self::postgres::testing;
use self::{layers::Layers, postgres::PostgresDatabases, sqlite::SqliteDatabases};
use crate::base::{
    clock::Clock,
    config::{DatabaseUrl, TenantConfig, TenantUrl},
    crypto::MasterKey,
    error::Result as Opened,
    ids::Scope,
};
use crate::storage::write_fault::Unready;

/// The databases that the settings name. Nothing is connected or made before its first use.
pub(crate) fn open(config: &TenantConfig, master: Arc<MasterKey>, clock: Clock) -> Opened<Arc<dyn TenantDatabases>> {
    open_with(config, master, clock, Layers::ALL)
}

/// Whether the databases could be used, asked without making anything. `Some(false)`: a cluster that answers, to a user who may
/// not create roles. `None`: files.
pub(crate) async fn may_create(config: &TenantConfig) -> Result<Option<bool>, String> {
    match &config.url {
        TenantUrl::Sqlite(_) => Ok(None),
        TenantUrl::Postgres(url) => postgres::may_create_roles(url).await.map(Some),
    }
}

/// Whether the core tables are in the same PostgreSQL cluster as the tenants' databases, as far as that can be known.
pub(crate) async fn is_shared_with_core(core: &DatabaseUrl, config: &TenantConfig) -> bool {
    match (core, &config.url) {
        (DatabaseUrl::Postgres(core), TenantUrl::Postgres(tenants)) => postgres::is_shared_with(core, tenants).await,
        _ => false,
    }
}

/// Says in the log that the tenants' databases should have a cluster of their own, if they have none. Not waited for: what
/// is away now is looked for elsewhere.
pub(crate) fn warn_if_shared(core: &DatabaseUrl, config: &TenantConfig) {
    let (core, config) = (core.clone(), config.clone());
    tokio::spawn(async move {
        if is_shared_with_core(&core, &config).await {
            tracing::warn!("{SHARED}");
        }
    });
}

/// What there is to say then.
pub(crate) const SHARED: &str = "the core tables are in the same PostgreSQL cluster as the projects' own: a project can take \
                                 its processors, memory, disk and connections from sign-ups and logins";

fn open_with(
    config: &TenantConfig,
    master: Arc<MasterKey>,
    clock: Clock,
    layers: Layers,
) -> Opened<Arc<dyn TenantDatabases>> {
    Ok(match &config.url {
        TenantUrl::Sqlite(dir) => Arc::new(SqliteDatabases::open(dir, config, clock, layers)),
        TenantUrl::Postgres(url) => Arc::new(PostgresDatabases::open(url, config, master, clock, layers)?),
    })
}

/// The databases of all tenants.
#[async_trait]
pub(crate) trait TenantDatabases: Send + Sync {
    /// A connection to the scope's database for one request or one job. Nothing is begun yet.
    async fn session(&self, scope: &Scope) -> Result<Box<dyn Session>, SdkError>;

    /// Applies what is not applied yet, in the order given, all of it or nothing. Answers what was applied now.
    async fn migrate(&self, scope: &Scope, migrations: Vec<Migration>) -> Result<Vec<Applied>, MigrationFault>;

    /// Closes the connections to the scope's database that nobody uses: it is about to be removed.
    fn close(&self, scope: &Scope);

    /// Deletes the scope's database with everything in it; what is not there is no error.
    async fn remove(&self, scope: &Scope) -> Result<(), SdkError>;

    /// What was applied so far, in order.
    async fn applied(&self, scope: &Scope) -> Result<Vec<Applied>, SdkError>;

    /// The tables and views of the scope, by name; none of the server's own.
    async fn tables(&self, scope: &Scope) -> Result<Vec<Table>, SdkError>;

    /// One of them in full.
    async fn table(&self, scope: &Scope, name: &str) -> Result<Option<TableShape>, SdkError>;

    /// Refuses what can never work, when a server starts. Databases that cannot be reached may come later.
    async fn check(&self) -> Opened<()>;

    /// Whether they can be reached at all, and take changes. Writes at most once in a while.
    async fn beat(&self) -> Result<(), Unready>;

    /// A copy of the scope's database as it is now, while others write on. It is gone when it was removed, or nobody has it any
    /// more.
    ///
    /// # Errors
    /// It has more than so many bytes.
    async fn duplicate(&self, scope: &Scope, most_bytes: u64) -> Result<Arc<dyn TenantDatabases>, SdkError>;
}

/// A connection of one request. The first statement that writes begins a transaction, which holds until `commit` or
/// `rollback`; dropped, it is rolled back. Before that, statements that only read run on their own.
#[async_trait]
pub(crate) trait Session: Send {
    /// Rows, within the statement's budgets. PostgreSQL names no columns where there are no rows.
    async fn query(&mut self, statement: Statement) -> Result<Rows, SdkError>;
    /// Rows of a statement that only reads, outside of any transaction: as many as it may answer, whatever there is beyond.
    async fn look(&mut self, statement: Statement) -> Result<Part, SdkError>;
    /// How many rows were touched.
    async fn execute(&mut self, statement: Statement) -> Result<u64, SdkError>;
    /// Begins a transaction if there is none, and marks a point in it.
    async fn savepoint(&mut self, mark: u32) -> Result<(), SdkError>;
    /// Forgets the point and keeps what was done since.
    async fn release(&mut self, mark: u32) -> Result<(), SdkError>;
    /// Undoes what was done since the point, and forgets the point.
    async fn undo(&mut self, mark: u32) -> Result<(), SdkError>;
    /// Whether there is a transaction.
    fn state(&self) -> SessionState;
    /// Whether there was one, and what was done in it is gone.
    fn is_lost(&self) -> bool;
    /// Whether what was done could be committed: constraints that wait for the commit hold by now. They go on to wait. After an
    /// error there is a point or everything to undo.
    async fn check(&mut self) -> Result<(), SdkError>;
    /// Makes what was done last. Without a transaction there is nothing to do.
    async fn commit(&mut self) -> Result<(), SdkError>;
    /// Undoes everything. Without a transaction there is nothing to do.
    async fn rollback(&mut self) -> Result<(), SdkError>;
}

/// Whether a session holds something back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionState {
    /// No transaction.
    Idle,
    /// A transaction is open.
    InTransaction,
}

/// One statement of a hook with what it may use.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// One statement; parameters are `?` or `$1`.
    pub(crate) sql: String,
    pub(crate) params: Vec<Value>,
    /// Rows it may answer; one more is `limit_exceeded`.
    pub(crate) rows: u32,
    /// Bytes it may answer; more is `limit_exceeded`.
    pub(crate) bytes: u64,
    /// How long it may run; longer is `timeout`.
    pub(crate) time: Duration,
}
