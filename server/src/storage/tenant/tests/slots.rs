//! Connections of PostgreSQL that somebody still takes: a backend that nothing stops, another server of the same project.

use std::time::{Duration, Instant};

use aerocall_runtime::host::ErrorCode;

use super::{
    super::{
        Statement,
        layers::{Layer, Layers},
    },
    subject::{Home, Subject, one, query, scope, statement},
};

/// Without what would refuse it: a function that looks for no signal, for some seconds.
const BARE: Layers = Layers {
    rules: Layer::Off,
    setup: Layer::Off,
    budgets: Layer::On,
};
const ONE_CONNECTION: &[(&str, &str)] = &[("AEROCALL_TENANT_CONNECTIONS_PER_DATABASE", "1")];
const NOTHING_STOPS_IT: &str = "length(pg_catalog.translate(repeat('a', 45000), repeat('b', 45000), ''))";

/// Who gives a statement up, or what.
#[derive(Clone, Copy, Debug)]
enum GivenUpBy {
    /// Its time is over.
    TheSession,
    /// The request went away.
    TheCaller,
    /// Its answer is too large, and there is more to come.
    ItsBytes,
}

async fn give_up(subject: &Subject, how: GivenUpBy) {
    let mut session = subject.session("a").await;
    let sql = match how {
        GivenUpBy::ItsBytes => format!("SELECT repeat('x', 5000000) UNION ALL SELECT {NOTHING_STOPS_IT}::text"),
        GivenUpBy::TheSession | GivenUpBy::TheCaller => format!("SELECT {NOTHING_STOPS_IT}"),
    };
    let slow = Statement {
        time: Duration::from_millis(300),
        bytes: 1_000,
        rows: 10,
        ..statement(&sql, &[])
    };
    let patience = match how {
        GivenUpBy::TheCaller => Duration::from_millis(100),
        GivenUpBy::TheSession | GivenUpBy::ItsBytes => Duration::from_secs(60),
    };
    if let Ok(answer) = tokio::time::timeout(patience, session.query(slow)).await {
        let code = answer.unwrap_err().code;
        assert!(
            matches!(code, ErrorCode::Timeout | ErrorCode::LimitExceeded),
            "{how:?}: {code:?}"
        );
    }
}

/// A project's slot is free when its backend has ended, and not before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_is_taken_as_long_as_its_backend_runs() {
    let Some(subject) = Subject::postgres(BARE, ONE_CONNECTION).await else {
        return;
    };
    let Home::Postgres(database) = &subject.home else {
        unreachable!()
    };
    let running = "SELECT count(*)::text FROM pg_stat_activity
                   WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()";
    for how in [GivenUpBy::TheSession, GivenUpBy::TheCaller, GivenUpBy::ItsBytes] {
        give_up(&subject, how).await;
        let until = Instant::now() + Duration::from_secs(120);
        let (mut refused, mut free) = (0, false);
        while !free {
            assert!(Instant::now() < until, "{how:?}: the slot is never free");
            let wait = Duration::from_millis(100);
            let session = tokio::time::timeout(wait, subject.databases.session(&scope("a"))).await;
            free = matches!(session, Ok(Ok(_)));
            if database.ask(running).await != "0" {
                assert!(!free, "{how:?}: its backend still runs");
                refused += 1;
            }
        }
        assert!(refused > 0, "{how:?}: it ended at once");
        assert_eq!(
            one(&mut subject.session("a").await, "SELECT 1").await,
            aerocall_runtime::host::Value::Integer(1)
        );
    }
}

/// All servers together have so many connections of one project, and another project has its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_has_so_many_connections_on_all_servers_together() {
    let env = &[("AEROCALL_TENANT_CONNECTIONS_PER_ROLE", "2")];
    let Some(subject) = Subject::postgres(Layers::ALL, env).await else {
        return;
    };
    let Home::Postgres(database) = &subject.home else {
        unreachable!()
    };
    let other = subject.opened_with(&database.url, env);
    let held = (subject.session("a").await, other.session(&scope("a")).await.unwrap());
    let refused = other.session(&scope("a")).await.err().unwrap();
    assert_eq!((refused.code, refused.retryable), (ErrorCode::BackendUnavailable, true));
    assert!(refused.message.contains("in use"), "{refused}");
    let mut neighbour = other.session(&scope("b")).await.unwrap();
    query(&mut neighbour, "SELECT 1", &[]).await.unwrap();
    drop(held);
}
