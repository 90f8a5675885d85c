//! Both databases behind a real PgBouncer: with sessions everything works, and without them no server starts.

use std::{
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use aerocall_server::{Server, examine};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    services::Postgres,
    site::{self, Answer, Project, Site, until},
};

const PROGRAM: &str = "/usr/sbin/pgbouncer";
/// PgBouncer refuses to be root.
const USER: &str = "nobody";
const MIGRATION: &str = "CREATE TABLE notes (email text NOT NULL)";
const HOOK: &str = "
export const config = { capabilities: { db: true } };
export const beforeSignup = async (_c: any, { user }: any, { db }: any) => {
  await db.execute('INSERT INTO notes (email) VALUES (?)', [user.email]);
  const rows = await db.query('SELECT count(*) AS all FROM notes WHERE email LIKE ?', ['%@example.com']);
  return { patch: { user: { metadata: { notes: Number(rows[0].all) } } } };
};
";

/// A PgBouncer of one test, before the cluster that all tests use.
struct PgBouncer {
    process: Child,
    port: u16,
    _directory: TempDir,
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl PgBouncer {
    /// As Debian configures it, but for where it is, its mode, and whom it lets in: roles of projects are found in the
    /// cluster. `None` where it is not installed.
    #[expect(
        clippy::print_stderr,
        reason = "whoever runs the tests should see what was not tested"
    )]
    fn new(mode: &str, more: &str) -> Option<Self> {
        if !Path::new(PROGRAM).exists() {
            assert!(std::env::var_os("CI").is_none(), "PgBouncer is not installed");
            eprintln!("skipped: PgBouncer is not installed");
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (host, server) = Postgres::ADDRESS.split_once(':').unwrap();
        let settings = format!(
            "[databases]\n* = host={host} port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {}\nauth_user = postgres\npool_mode = {mode}\n{more}\n",
            at("users").display()
        );
        std::fs::write(at("pgbouncer.ini"), settings).unwrap();
        std::fs::write(at("users"), "\"postgres\" \"hunter2\"\n").unwrap();
        std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = Command::new(PROGRAM);
        if Command::new("id").arg("-u").output().unwrap().stdout == b"0\n" {
            command.args(["-u", USER]);
        }
        let quiet = command.arg("-q").arg(at("pgbouncer.ini")).stdout(Stdio::null());
        let process = quiet.stderr(Stdio::null()).spawn().unwrap();
        let bouncer = Self {
            process,
            port,
            _directory: directory,
        };
        until(|| TcpStream::connect(("127.0.0.1", port)).ok());
        Some(bouncer)
    }

    fn url(&self, database: &Postgres) -> String {
        let direct = database.url(&format!("127.0.0.1:{}", self.port));
        direct.replace("postgres@", "postgres:hunter2@")
    }
}

fn deploy(site: &Site, project: &Project) -> Answer {
    let number = site.version(&project.id, "notes", HOOK);
    let body = json!({
        "hooks": [{ "name": "notes", "number": number }],
        "migrations": [{ "name": "001-notes", "sql": MIGRATION }],
    });
    let path = format!("/projects/{}/environments/production/deployments", project.id);
    site.admin("POST", &path, Some(body))
}

#[test]
fn in_session_mode_both_databases_work_without_further_settings() {
    let (Some(core), Some(tenants)) = (Postgres::new(), Postgres::new()) else {
        return;
    };
    // Few sessions, so that each is borrowed again and again.
    let Some(bouncer) = PgBouncer::new("session", "default_pool_size = 6\nserver_round_robin = 1") else {
        return;
    };
    let (core_url, tenant_url) = (bouncer.url(&core), bouncer.url(&tenants));
    let env = [
        ("AEROCALL_DATABASE_URL", core_url.as_str()),
        ("AEROCALL_TENANT_DATABASE_URL", tenant_url.as_str()),
        ("AEROCALL_STORE_CONNECTIONS", "4"),
    ];
    let mut data = tempfile::tempdir().unwrap().into();
    let mut project = None;
    for round in 0..2 {
        let site = Site::on(data, &env);
        let project = project.get_or_insert_with(|| site.project("shop"));
        assert_eq!(deploy(&site, project).status, 201, "round {round}");
        for number in 0..20 {
            let all = round * 20 + number;
            let answer = site.registered(&project.pk, &format!("ada{all}@example.com"));
            assert_eq!(answer.json["user"]["metadata"]["notes"], all + 1, "{answer:?}");
        }
        site.idle();
        data = site.stop();
    }
}

#[test]
fn without_sessions_no_server_starts() {
    let (Some(core), Some(tenants)) = (Postgres::new(), Postgres::new()) else {
        return;
    };
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    for (mode, more) in [
        ("transaction", ""),
        ("transaction", "server_round_robin = 1\nmin_pool_size = 2"),
        // The usual advice for clients that send such parameters.
        ("transaction", "ignore_startup_parameters = options,extra_float_digits"),
        ("statement", ""),
    ] {
        let Some(bouncer) = PgBouncer::new(mode, more) else {
            return;
        };
        let (core_url, tenant_url) = (bouncer.url(&core), bouncer.url(&tenants));
        for (setting, env) in [
            (
                "AEROCALL_DATABASE_URL",
                vec![("AEROCALL_DATABASE_URL", core_url.as_str())],
            ),
            (
                "AEROCALL_TENANT_DATABASE_URL",
                vec![("AEROCALL_TENANT_DATABASE_URL", tenant_url.as_str())],
            ),
        ] {
            let data = tempfile::tempdir().unwrap();
            let config = site::config(data.path(), &env);
            let words = format!("{setting} leads to a pooler in transaction mode");
            let opened = tokio.block_on(async { Server::open(config.clone(), site::runtime().await).await });
            let Err(error) = opened else {
                panic!("{mode} {more} {setting}: it started")
            };
            assert!(
                error.message.contains(&words) && error.message.contains("pool_mode = session"),
                "{error}"
            );
            let found = tokio.block_on(async { Box::pin(examine(&config)).await });
            assert!(
                found.iter().any(|finding| finding.message.contains(&words)),
                "{mode} {more} {setting}: {found:?}"
            );
        }
    }
}
