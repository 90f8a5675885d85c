//! A database of a test's own in the cluster that tests use, and what its administrator sees.

use tokio_postgres::{Client, Config, NoTls};

use super::names::Names;
use crate::base::{
    config::{DatabaseUrl, SecretUrl},
    ids::Scope,
};

/// A database; dropped, it is removed with the roles of its tenants.
pub(in crate::storage) struct Database {
    pub(in crate::storage) url: String,
    name: String,
}

fn cluster() -> String {
    std::env::var("AEROCALL_TEST_POSTGRES_URL").unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432".to_owned())
}

async fn connect(database: &str) -> Result<Client, tokio_postgres::Error> {
    let config: Config = format!("{}/{database}", cluster()).parse()?;
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

impl Database {
    /// `None` where there is no cluster, which `CI=true` does not take.
    pub(in crate::storage) async fn new() -> Option<Self> {
        let admin = match connect("postgres").await {
            Ok(admin) => admin,
            Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("no PostgreSQL: {error}"),
            Err(error) => {
                println!("skipped: no PostgreSQL: {error}");
                return None;
            }
        };
        let name = format!("aerocall_test_{}", uuid::Uuid::new_v4().simple());
        admin.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        Some(Self {
            url: format!("{}/{name}", cluster()),
            name,
        })
    }

    /// One whose login may make roles and owns the database, and is no superuser.
    pub(in crate::storage) async fn without_superuser() -> Option<Self> {
        let mut database = Self::new().await?;
        let (name, cluster) = (&database.name, cluster());
        let sql = format!("CREATE ROLE {name} LOGIN CREATEROLE; ALTER DATABASE {name} OWNER TO {name}");
        connect("postgres").await.unwrap().batch_execute(&sql).await.unwrap();
        let (_, host) = cluster.split_once('@').unwrap();
        let url = format!("postgres://{name}@{host}/{name}");
        database.url = url;
        Some(database)
    }

    /// As the core database.
    pub(in crate::storage) fn core(&self) -> DatabaseUrl {
        DatabaseUrl::Postgres(SecretUrl::of_test(&self.url))
    }

    /// The schema of a scope.
    pub(in crate::storage) fn schema(&self, scope: &Scope) -> String {
        Names::of(&self.name, scope).schema
    }

    /// One column of one row, as text.
    pub(in crate::storage) async fn ask(&self, sql: &str) -> String {
        let client = connect(&self.name).await.unwrap();
        let row = client.query_one(sql, &[]).await.unwrap();
        row.get::<_, Option<String>>(0).unwrap_or_default()
    }

    /// Statements of the administrator.
    pub(in crate::storage) async fn run(&self, sql: &str) {
        connect(&self.name).await.unwrap().batch_execute(sql).await.unwrap();
    }

    /// What a restart does to whoever is connected.
    pub(in crate::storage) async fn end_connections(&self) {
        let sql = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        self.ask(sql).await;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }

    /// Everything in the cluster that a tenant must leave as it is: roles, their settings and memberships, objects,
    /// rights, large objects, extensions, and locks that outlive a request.
    pub(in crate::storage) async fn state(&self) -> String {
        let parts = [
            "SELECT string_agg(r::text, ' ' ORDER BY rolname) FROM (SELECT rolname, rolsuper, rolcreaterole, rolcreatedb,
                rolcanlogin, rolreplication, rolbypassrls, rolconfig FROM pg_roles WHERE rolname LIKE '%' || (SELECT
                substr(nspname, 10) FROM pg_namespace WHERE nspname ~ '^aerocall_[0-9a-f]{16}$' LIMIT 1) || '%' OR rolname = 'evil'
                OR rolname = 'postgres') r",
            "SELECT string_agg(m::text, ' ') FROM pg_auth_members m WHERE member::regrole::text = 'evil'",
            "SELECT string_agg(c::text, ' ' ORDER BY relnamespace, relname) FROM (SELECT relnamespace, relname, relkind,
                relacl, relowner FROM pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE
                'pg_%')) c",
            "SELECT string_agg(nspname || coalesce(nspacl::text, ''), ' ' ORDER BY nspname) FROM pg_namespace WHERE nspname
                !~ '^pg_(toast_)?temp'",
            "SELECT count(*)::text FROM pg_proc",
            "SELECT count(*)::text FROM pg_largeobject_metadata",
            "SELECT string_agg(extname, ' ') FROM pg_extension",
            "SELECT count(*)::text FROM pg_prepared_xacts",
            "SELECT count(*)::text FROM pg_type WHERE typnamespace > 16383",
        ];
        // One connection for all: an attack is asked about twice.
        let client = connect(&self.name).await.unwrap();
        let mut state = String::new();
        for part in parts {
            let row = client.query_one(part, &[]).await.unwrap();
            state.push_str(&row.get::<_, Option<String>>(0).unwrap_or_default());
            state.push('\n');
        }
        state
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = self.name.clone();
        let remove = move || {
            let tokio = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            tokio.block_on(remove(&name));
        };
        // A runtime of its own: the test's may be going down.
        std::thread::spawn(remove).join().unwrap();
    }
}

async fn remove(name: &str) {
    let Ok(inside) = connect(name).await else { return };
    let rows = inside
        .query(
            "SELECT nspname::text FROM pg_namespace WHERE nspname ~ '^aerocall_[0-9a-f]{16}$'",
            &[],
        )
        .await
        .unwrap();
    drop(inside);
    let admin = connect("postgres").await.unwrap();
    admin
        .batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await
        .unwrap();
    let own = format!("DROP OWNED BY {name}; DROP ROLE {name}");
    if admin
        .query_opt("SELECT 1 FROM pg_roles WHERE rolname = $1", &[&name])
        .await
        .unwrap()
        .is_some()
    {
        admin.batch_execute(&own).await.unwrap();
    }
    for row in rows {
        let schema: String = row.get(0);
        let drop = format!("DROP ROLE IF EXISTS {schema}_owner, {schema}_hooks");
        admin.batch_execute(&drop).await.unwrap();
    }
}
