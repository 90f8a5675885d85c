//! Rows, bytes, time and size that a statement and a database may take.

use std::time::{Duration, Instant};

use aerocall_runtime::host::{ErrorCode, Value};

use super::{
    super::Statement,
    subject::{Subject, execute, on_both, one, query, statement},
};

const SETTINGS: &[(&str, &str)] = &[
    ("AEROCALL_TENANT_BYTES_PER_DATABASE", "262144"),
    ("AEROCALL_TENANT_CONNECTIONS_PER_DATABASE", "2"),
];

on_both!(
    rows_and_bytes_are_counted_as_they_come,
    a_statement_that_does_not_end_is_ended,
    a_full_database_takes_no_more,
    connections_of_a_scope_are_bounded,
);

const MANY: &str = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000) SELECT n FROM c";

async fn rows_and_bytes_are_counted_as_they_come(subject: &Subject) {
    let mut session = subject.session("a").await;
    let most = |rows, bytes| Statement {
        rows,
        bytes,
        ..statement(MANY, &[])
    };
    assert_eq!(session.query(most(5_000, 1 << 20)).await.unwrap().rows.len(), 5_000);
    for (rows, bytes) in [(4_999, 1 << 20), (0, 1 << 20), (5_000, 1_000)] {
        let error = session.query(most(rows, bytes)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::LimitExceeded, "{error}");
        assert_eq!(
            one(&mut session, "SELECT 1").await,
            Value::Integer(1),
            "the session goes on"
        );
    }
    if subject.is_postgres() {
        // One value larger than the budget never arrives, and the connection is replaced.
        let huge = Statement {
            time: Duration::from_secs(20),
            ..statement("SELECT repeat('x', 50000000)", &[])
        };
        assert_eq!(session.query(huge).await.unwrap_err().code, ErrorCode::LimitExceeded);
        drop(session);
        let mut next = subject.session("a").await;
        assert_eq!(one(&mut next, "SELECT 1").await, Value::Integer(1));
    }
}

async fn a_statement_that_does_not_end_is_ended(subject: &Subject) {
    subject.migrate("a", "CREATE TABLE t (n INTEGER);").await;
    let mut session = subject.session("a").await;
    let endless = |sql: &str| Statement {
        time: Duration::from_millis(150),
        ..statement(sql, &[])
    };
    let started = Instant::now();
    let sql = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c";
    let error = session.query(endless(sql)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Timeout, "{error}");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(one(&mut session, "SELECT 1").await, Value::Integer(1));

    let sql = "INSERT INTO t WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c";
    let error = session.execute(endless(sql)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Timeout, "{error}");
    session.rollback().await.unwrap();
    execute(&mut session, "INSERT INTO t VALUES (1)", &[]).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(one(&mut session, "SELECT count(*) FROM t").await, Value::Integer(1));
}

async fn a_full_database_takes_no_more(subject: &Subject) {
    subject.migrate("a", "CREATE TABLE t (id INTEGER, text TEXT);").await;
    let until = Instant::now() + Duration::from_secs(15);
    let error = loop {
        let mut session = subject.session("a").await;
        // Text that does not compress.
        let text: String = (0..40).map(|_| uuid::Uuid::new_v4().simple().to_string()).collect();
        let insert = "INSERT INTO t VALUES (1, ?), (2, ?), (3, ?), (4, ?)";
        if let Err(error) = execute(&mut session, insert, &vec![Value::Text(text); 4]).await {
            break error;
        }
        session.commit().await.unwrap();
        assert!(Instant::now() < until, "it is never full");
    };
    assert_eq!(error.code, ErrorCode::LimitExceeded, "{error}");
    let mut session = subject.session("a").await;
    query(&mut session, "SELECT count(*) FROM t", &[]).await.unwrap();
    execute(&mut subject.session("b").await, "SELECT 1", &[]).await.unwrap();
}

async fn connections_of_a_scope_are_bounded(subject: &Subject) {
    let held = (subject.session("a").await, subject.session("a").await);
    let refused = subject
        .databases
        .session(&super::subject::scope("a"))
        .await
        .err()
        .unwrap();
    assert_eq!((refused.code, refused.retryable), (ErrorCode::BackendUnavailable, true));
    subject.session("b").await;
    drop(held);
    subject.session("a").await;
}
