//! A database with much to do, and one that has no connection left: the first is ready, the second says what is wrong.

use std::{
    net::TcpStream,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use aerocall_server::{FindingState, examine};
use serde_json::json;

use super::node;
use crate::{
    logbook,
    services::{Postgres, on_postgres, unique},
    site::{self, PASSWORD, Site, until},
};

const WORDS: &str = "accepts no more connections";

/// A user of the cluster who may have so many connections; dropped after the database that it owns.
struct User(String);

impl User {
    fn new() -> Self {
        let name = unique("user").replace('-', "_");
        on_postgres("postgres", &[format!("CREATE ROLE {name} LOGIN")]);
        Self(name)
    }

    fn limit(&self, connections: i32) {
        let name = &self.0;
        on_postgres(
            "postgres",
            &[format!("ALTER ROLE {name} CONNECTION LIMIT {connections}")],
        );
    }

    /// Ends what the server has.
    fn end(&self) {
        let name = &self.0;
        let end = format!(
            "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE usename = '{name}' AND application_name ~ 'aerocall'"
        );
        on_postgres("postgres", &[end]);
    }
}

impl Drop for User {
    fn drop(&mut self) {
        on_postgres("postgres", &[format!("DROP ROLE {}", self.0)]);
    }
}

/// A database of its own user.
fn owned(user: &User) -> Option<Postgres> {
    let core = Postgres::new()?;
    let own = format!(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO {}', current_database()); END $$",
        user.0
    );
    core.run(&own);
    Some(core)
}

fn metric(site: &Site, name: &str) -> String {
    let text = site.page("/metrics", &[]).2;
    let line = text.lines().find(|line| line.starts_with(name));
    line.map(|line| line[name.len()..].trim().to_owned())
        .unwrap_or_default()
}

#[test]
fn a_pool_that_is_used_up_is_ready_as_long_as_its_work_gets_done() {
    let Some(core) = Postgres::new() else { return };
    let site = node(&core.url(Postgres::ADDRESS), &[("AEROCALL_STORE_CONNECTIONS", "2")]);
    let project = site.project("a");
    site.registered(&project.pk, "jane@example.com");
    let (over, end) = (AtomicBool::new(false), Instant::now() + Duration::from_secs(3));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let answer = site.login(&project.pk, "jane@example.com", PASSWORD);
                    assert!([200, 429, 503].contains(&answer.status), "{answer:?}");
                }
            });
        }
        // What takes both connections for a while, again and again.
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                core.run("WITH held AS (SELECT * FROM users FOR UPDATE) SELECT pg_sleep(0.3)::text FROM held");
            }
        });
        while Instant::now() < end {
            let ready = site.get("/readyz");
            assert_eq!(ready.status, 200, "{ready:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        over.store(true, Ordering::Relaxed);
    });
    assert_eq!(metric(&site, "aerocall_service_ready{service=\"database\"}"), "1");
}

#[test]
fn a_database_without_a_connection_left_says_so() {
    if TcpStream::connect(Postgres::ADDRESS).is_err() {
        drop(Postgres::new());
        return;
    }
    let user = User::new();
    let Some(core) = owned(&user) else { return };
    let url = core.url_of(&user.0, Postgres::ADDRESS);
    let site = node(&url, &[("AEROCALL_STORE_CONNECTIONS", "2")]);
    let project = site.project("a");
    site.registered(&project.pk, "jane@example.com");
    assert_eq!(site.get("/readyz").status, 200);

    user.limit(0);
    user.end();
    let said = until(|| {
        let ready = site.get("/readyz");
        let problem = ready.json["checks"]["database"]["problem"].as_str()?.to_owned();
        (ready.status == 503 && problem == WORDS).then_some(problem)
    });
    assert_eq!(said, WORDS);
    let answer = site.login(&project.pk, "jane@example.com", PASSWORD);
    assert_eq!((answer.status, answer.code()), (503, "busy"), "{answer:?}");
    assert!(answer.headers.contains_key("retry-after"));
    let line = "a connection to the database cannot be opened right now";
    let logged = logbook::lines_with(line);
    assert!(
        logged.iter().any(|line| line.contains("too many connections for role")),
        "{logged:?}"
    );
    assert!(
        logbook::lines_with(&format!("a service {WORDS}"))
            .iter()
            .all(|line| line.starts_with("WARN"))
    );
    assert_eq!(metric(&site, "aerocall_service_ready{service=\"database\"}"), "0");
    let config = site::config(
        site.data.path(),
        &[("AEROCALL_DATABASE_URL", &url), ("AEROCALL_MASTER_KEY", super::KEY)],
    );
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let findings = tokio.block_on(async { Box::pin(examine(&config)).await });
    let database = findings.iter().find(|finding| finding.name == "database").unwrap();
    assert_eq!(
        (database.state, database.message.as_str()),
        (FindingState::Problem, WORDS)
    );
    assert!(database.fix.as_deref().unwrap().contains("max_connections"));

    user.limit(-1);
    until(|| (site.get("/readyz").status == 200).then_some(()));
    let answer = site.login(&project.pk, "jane@example.com", PASSWORD);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(json!(null), answer.json["error"]);
}
