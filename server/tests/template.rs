//! A core database with its tables in it, made once and copied for each test: the statements that make the tables would
//! otherwise be most of what PostgreSQL does in a run of the tests. Its name has the digest of the migrations, so that another
//! state of them has another one.

use std::{path::Path, sync::OnceLock};

use aerocall_server::{Config, ConfigSources};
use tokio_postgres::{Client, NoTls};

use crate::services::Postgres;

/// Held while the template is made: two tests would make it twice.
const LOCK: &str = "SELECT pg_advisory_lock(hashtext('template of the core database'))";
/// Of migrations that nobody has any more.
const OLD: &str = "SELECT datname::text FROM pg_database WHERE datname ~ '^test_core_[0-9a-f]{16}$' AND datistemplate \
    AND (pg_stat_file('base/' || oid || '/PG_VERSION')).modification < now() - interval '2 days'";

/// The name of the database to copy.
pub(crate) fn core() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let name = format!("test_core_{}", migrations());
        let tokio = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        tokio.block_on(make(&name));
        name
    })
}

/// The first digits of the digest of all migrations.
fn migrations() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("up.sql"))
        .filter(|file| file.is_file())
        .collect();
    files.sort();
    let all: Vec<u8> = files
        .iter()
        .flat_map(|file| [file.display().to_string().into_bytes(), std::fs::read(file).unwrap()].concat())
        .collect();
    aerocall_runtime::digest(&all)["sha256:".len()..][..16].to_owned()
}

async fn make(name: &str) {
    let url = |database: &str| format!("postgres://postgres@{}/{database}", Postgres::ADDRESS);
    let (client, connection) = tokio_postgres::connect(&url("postgres"), NoTls).await.unwrap();
    tokio::spawn(connection);
    let is_there = format!("SELECT datistemplate FROM pg_database WHERE datname = '{name}'");
    let made = async |client: &Client| client.query_opt(&is_there, &[]).await.unwrap().map(|row| row.get(0));
    if made(&client).await == Some(true) {
        return;
    }
    client.batch_execute(LOCK).await.unwrap();
    match made(&client).await {
        Some(true) => return,
        // Whoever began with it did not come to its end.
        Some(false) => run(&client, &format!("DROP DATABASE {name} WITH (FORCE)")).await,
        None => {}
    }
    for old in client.query(OLD, &[]).await.unwrap() {
        let old: String = old.get(0);
        run(&client, &format!("ALTER DATABASE {old} IS_TEMPLATE false")).await;
        run(&client, &format!("DROP DATABASE {old} WITH (FORCE)")).await;
    }
    run(&client, &format!("CREATE DATABASE {name}")).await;
    let data = tempfile::tempdir().unwrap();
    let sources = ConfigSources {
        env: [
            ("AEROCALL_DATABASE_URL".to_owned(), url(name)),
            ("AEROCALL_DATA_DIR".to_owned(), data.path().display().to_string()),
        ]
        .into_iter()
        .collect(),
        ..ConfigSources::default()
    };
    aerocall_server::migrate(&Config::load(&sources).unwrap())
        .await
        .unwrap();
    // A database that is copied has no connections; the last ones of the server's may still be about to end.
    let ends = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    client.query(&ends, &[]).await.unwrap();
    run(&client, &format!("ALTER DATABASE {name} IS_TEMPLATE true")).await;
}

async fn run(client: &Client, statement: &str) {
    client.batch_execute(statement).await.unwrap();
}
