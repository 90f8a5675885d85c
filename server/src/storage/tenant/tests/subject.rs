//! A database of one test, of either kind, and how to talk to it.

use std::{sync::Arc, time::Duration};

use aerocall_runtime::host::{Rows, SdkError, Value};
use tempfile::TempDir;

use super::super::{
    Migration, Session, Statement, TenantDatabases, layers::Layers, open_with, postgres::testing::Database,
};
use crate::base::{
    clock::Clock,
    config::{Config, ConfigSources, TenantConfig},
    crypto::MasterKey,
    ids::{Scope, Slug},
};

pub(super) struct Subject {
    pub(super) databases: Arc<dyn TenantDatabases>,
    /// Dropped last: it removes the database.
    pub(super) home: Home,
    dir: TempDir,
}

pub(super) enum Home {
    Sqlite,
    Postgres(Database),
}

impl Subject {
    pub(super) fn sqlite(layers: Layers, env: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("tenants").display());
        Self::open(dir, &url, Home::Sqlite, layers, env)
    }

    /// `None` where there is no PostgreSQL; with `CI=true` that fails.
    pub(super) async fn postgres(layers: Layers, env: &[(&str, &str)]) -> Option<Self> {
        let database = Database::new().await?;
        let url = database.url.clone();
        let dir = tempfile::tempdir().unwrap();
        Some(Self::open(dir, &url, Home::Postgres(database), layers, env))
    }

    /// With a login that may make roles and is no superuser.
    pub(super) async fn postgres_without_superuser() -> Option<Self> {
        let database = Database::without_superuser().await?;
        let url = database.url.clone();
        let dir = tempfile::tempdir().unwrap();
        Some(Self::open(dir, &url, Home::Postgres(database), Layers::ALL, &[]))
    }

    fn open(dir: TempDir, url: &str, home: Home, layers: Layers, env: &[(&str, &str)]) -> Self {
        Self {
            databases: databases(&dir, url, layers, env),
            home,
            dir,
        }
    }

    /// The databases at an address as another server with the same master key opens them.
    pub(super) fn opened_at(&self, url: &str) -> Arc<dyn TenantDatabases> {
        self.opened_with(url, &[])
    }

    pub(super) fn opened_with(&self, url: &str, env: &[(&str, &str)]) -> Arc<dyn TenantDatabases> {
        databases(&self.dir, url, Layers::ALL, env)
    }

    pub(super) fn tenants(&self) -> std::path::PathBuf {
        self.dir.path().join("tenants")
    }

    pub(super) async fn session(&self, project: &str) -> Box<dyn Session> {
        self.databases.session(&scope(project)).await.unwrap()
    }

    pub(super) async fn migrate(&self, project: &str, sql: &str) {
        self.migrate_more(project, "0001", sql).await;
    }

    /// One migration of several; those that were applied before are not sent again.
    pub(super) async fn migrate_more(&self, project: &str, name: &str, sql: &str) {
        let migration = Migration {
            name: name.to_owned(),
            sql: sql.to_owned(),
        };
        self.databases.migrate(&scope(project), vec![migration]).await.unwrap();
    }

    pub(super) fn is_postgres(&self) -> bool {
        matches!(self.home, Home::Postgres(_))
    }
}

impl Subject {
    /// What an operator's commands have of a server with these databases.
    pub(super) fn settings(&self) -> (TenantConfig, Arc<MasterKey>) {
        let url = match &self.home {
            Home::Sqlite => format!("sqlite://{}", self.tenants().display()),
            Home::Postgres(database) => database.url.clone(),
        };
        let master = MasterKey::load(&self.dir.path().join("master.key")).unwrap();
        (config(&url, &[]), Arc::new(master))
    }
}

fn config(url: &str, env: &[(&str, &str)]) -> TenantConfig {
    let own = [("AEROCALL_TENANT_DATABASE_URL", url)];
    let settings = env.iter().chain(&own);
    let config = Config::load(&ConfigSources {
        env: settings
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..ConfigSources::default()
    })
    .unwrap();
    config.tenant
}

fn databases(dir: &TempDir, url: &str, layers: Layers, env: &[(&str, &str)]) -> Arc<dyn TenantDatabases> {
    let master = Arc::new(MasterKey::load(&dir.path().join("master.key")).unwrap());
    open_with(&config(url, env), master, Clock::default(), layers).unwrap()
}

pub(super) fn scope(project: &str) -> Scope {
    Scope {
        project: Slug::parse(project).unwrap(),
        environment: Slug::production(),
    }
}

/// With room enough for anything that is no attack.
pub(super) fn statement(sql: &str, params: &[Value]) -> Statement {
    Statement {
        sql: sql.to_owned(),
        params: params.to_vec(),
        rows: 1_000,
        bytes: 1 << 20,
        time: Duration::from_secs(5),
    }
}

pub(super) async fn query(session: &mut Box<dyn Session>, sql: &str, params: &[Value]) -> Result<Rows, SdkError> {
    session.query(statement(sql, params)).await
}

pub(super) async fn execute(session: &mut Box<dyn Session>, sql: &str, params: &[Value]) -> Result<u64, SdkError> {
    session.execute(statement(sql, params)).await
}

/// The one value of the one row.
pub(super) async fn one(session: &mut Box<dyn Session>, sql: &str) -> Value {
    let mut rows = query(session, sql, &[]).await.unwrap().rows;
    assert_eq!(rows.len(), 1, "{sql}");
    rows.remove(0).remove(0)
}

/// Each test on each database, with the settings that the module names `SETTINGS`.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            use super::super::{super::layers::Layers, subject::Subject};
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test(&Subject::sqlite(Layers::ALL, super::SETTINGS)).await; })*
        }
        mod on_postgres {
            use super::super::{super::layers::Layers, subject::Subject};
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if let Some(subject) = Subject::postgres(Layers::ALL, super::SETTINGS).await {
                    super::$test(&subject).await;
                }
            })*
        }
    };
}
pub(super) use on_both;
