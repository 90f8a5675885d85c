//! What hooks can count on, whichever database it is.

use std::time::Duration;

use aerocall_runtime::host::{ErrorCode, Value};

use super::{
    super::SessionState,
    subject::{Home, Subject, execute, on_both, one, query, scope, statement},
};

const SETTINGS: &[(&str, &str)] = &[];

on_both!(
    every_type_comes_back_as_it_went,
    nothing_is_seen_before_the_commit_or_kept_without_one,
    savepoints_undo_what_came_after_them,
    a_refused_statement_leaves_the_transaction_as_it_was,
    errors_say_what_is_wrong,
    scopes_do_not_see_each_other,
    writers_at_once_lose_nothing,
    a_caller_that_goes_away_leaves_nothing_behind,
    parameters_of_both_styles_mean_the_same,
);

const THINGS: &str = "CREATE TABLE things (
    id INTEGER PRIMARY KEY, flag BOOLEAN, big BIGINT, number DOUBLE PRECISION, name TEXT UNIQUE, bytes BLOB,
    at TIMESTAMPTZ, doc JSON
);";

async fn every_type_comes_back_as_it_went(subject: &Subject) {
    subject.migrate("a", THINGS).await;
    let row = vec![
        Value::Integer(1),
        Value::Boolean(true),
        Value::Integer((1 << 53) + 1),
        Value::Real(0.1),
        Value::Text("ünï 'quoted' \\ \u{1F600}".to_owned()),
        Value::Blob(vec![0, 255, 92, 39]),
        Value::Timestamp("2026-01-31T12:30:00.000001Z".to_owned()),
        Value::Json(r#"{"a":[1,null]}"#.to_owned()),
    ];
    let empty: Vec<Value> = std::iter::once(Value::Integer(2)).chain(vec![Value::Null; 7]).collect();
    let mut session = subject.session("a").await;
    for row in [&row, &empty] {
        let insert = "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        assert_eq!(execute(&mut session, insert, row).await.unwrap(), 1);
    }
    session.commit().await.unwrap();
    let rows = query(&mut session, "SELECT * FROM things ORDER BY id", &[])
        .await
        .unwrap();
    assert_eq!(
        rows.columns,
        ["id", "flag", "big", "number", "name", "bytes", "at", "doc"]
    );
    assert_eq!(rows.rows, [row, empty]);

    let later = Value::Timestamp("2026-01-31T14:30:00+01:00".to_owned());
    let earlier = query(&mut session, "SELECT id FROM things WHERE at < ?", &[later])
        .await
        .unwrap();
    assert_eq!(earlier.rows, [[Value::Integer(1)]], "times compare as times");
    for edge in [i64::MIN, i64::MAX] {
        let value = Value::Integer(edge);
        execute(
            &mut session,
            "UPDATE things SET big = ? WHERE id = 1",
            std::slice::from_ref(&value),
        )
        .await
        .unwrap();
        assert_eq!(one(&mut session, "SELECT big FROM things WHERE id = 1").await, value);
    }
}

async fn nothing_is_seen_before_the_commit_or_kept_without_one(subject: &Subject) {
    subject.migrate("a", THINGS).await;
    let (mut writer, mut reader) = (subject.session("a").await, subject.session("a").await);
    assert_eq!(writer.state(), SessionState::Idle);
    one(&mut writer, "SELECT count(*) FROM things").await;
    assert_eq!(writer.state(), SessionState::Idle, "reading begins nothing");
    execute(&mut writer, "INSERT INTO things (id) VALUES (1)", &[])
        .await
        .unwrap();
    assert_eq!(writer.state(), SessionState::InTransaction);
    assert_eq!(one(&mut writer, "SELECT count(*) FROM things").await, Value::Integer(1));
    assert_eq!(one(&mut reader, "SELECT count(*) FROM things").await, Value::Integer(0));
    writer.commit().await.unwrap();
    assert_eq!(one(&mut reader, "SELECT count(*) FROM things").await, Value::Integer(1));

    execute(&mut writer, "DELETE FROM things", &[]).await.unwrap();
    writer.rollback().await.unwrap();
    assert_eq!(
        (writer.state(), one(&mut writer, "SELECT count(*) FROM things").await),
        (SessionState::Idle, Value::Integer(1))
    );
    execute(&mut writer, "DELETE FROM things", &[]).await.unwrap();
    drop(writer);
    let mut next = subject.session("a").await;
    execute(&mut next, "INSERT INTO things (id) VALUES (2)", &[])
        .await
        .unwrap();
    assert_eq!(one(&mut next, "SELECT count(*) FROM things").await, Value::Integer(2));
}

async fn savepoints_undo_what_came_after_them(subject: &Subject) {
    subject.migrate("a", THINGS).await;
    let mut session = subject.session("a").await;
    let insert = |id| statement("INSERT INTO things (id) VALUES (?)", &[Value::Integer(id)]);
    session.savepoint(1).await.unwrap();
    assert_eq!(session.state(), SessionState::InTransaction);
    session.execute(insert(1)).await.unwrap();
    session.savepoint(2).await.unwrap();
    session.execute(insert(2)).await.unwrap();
    session.undo(2).await.unwrap();
    session.savepoint(3).await.unwrap();
    session.execute(insert(3)).await.unwrap();
    session.release(3).await.unwrap();
    session.release(1).await.unwrap();
    session.savepoint(4).await.unwrap();
    session.execute(insert(4)).await.unwrap();
    session.undo(4).await.unwrap();
    session.execute(insert(5)).await.unwrap();
    session.commit().await.unwrap();
    let rows = query(&mut session, "SELECT id FROM things ORDER BY id", &[])
        .await
        .unwrap()
        .rows;
    assert_eq!(rows, [[Value::Integer(1)], [Value::Integer(3)], [Value::Integer(5)]]);
    assert_eq!(session.undo(9).await.unwrap_err().code, ErrorCode::InvalidArgument);
}

async fn a_refused_statement_leaves_the_transaction_as_it_was(subject: &Subject) {
    subject.migrate("a", THINGS).await;
    let mut session = subject.session("a").await;
    let insert = "INSERT INTO things (id, name) VALUES (?, ?)";
    let row = |id| [Value::Integer(id), Value::Text("n".to_owned())];
    execute(&mut session, insert, &row(1)).await.unwrap();
    for _ in 0..3 {
        assert_eq!(
            execute(&mut session, insert, &row(2)).await.unwrap_err().code,
            ErrorCode::Conflict
        );
        assert!(query(&mut session, "SELEC", &[]).await.is_err());
    }
    let over = super::super::Statement {
        rows: 1,
        ..statement("INSERT INTO things (id) VALUES (7), (8), (9) RETURNING id", &[])
    };
    assert_eq!(session.query(over).await.unwrap_err().code, ErrorCode::LimitExceeded);
    execute(&mut session, "INSERT INTO things (id) VALUES (3)", &[])
        .await
        .unwrap();
    session.commit().await.unwrap();
    assert_eq!(
        one(&mut session, "SELECT count(*) FROM things").await,
        Value::Integer(2)
    );
}

async fn errors_say_what_is_wrong(subject: &Subject) {
    subject.migrate("a", THINGS).await;
    let mut session = subject.session("a").await;
    execute(&mut session, "INSERT INTO things (id, name) VALUES (1, 'n')", &[])
        .await
        .unwrap();
    session.commit().await.unwrap();
    let cases: &[(&str, &[Value], ErrorCode, &str)] = &[
        ("SELECT * FROM nothings", &[], ErrorCode::NotFound, "nothings"),
        (
            "SELECT\n  nope FROM things",
            &[],
            ErrorCode::InvalidArgument,
            "(line 2: nope FROM things)",
        ),
        ("SELEC 1 FROM things", &[], ErrorCode::InvalidArgument, ""),
        ("SELECT 1; SELECT 2", &[], ErrorCode::InvalidArgument, "one statement"),
        ("", &[], ErrorCode::InvalidArgument, "one statement"),
        (
            "SELECT * FROM things WHERE id = ?",
            &[],
            ErrorCode::InvalidArgument,
            "1 parameters and got 0",
        ),
        (
            "SELECT 1",
            &[Value::Null],
            ErrorCode::InvalidArgument,
            "0 parameters and got 1",
        ),
        (
            "INSERT INTO things (id, name) VALUES (2, 'n')",
            &[],
            ErrorCode::Conflict,
            "things",
        ),
        ("CREATE TABLE t (a INTEGER)", &[], ErrorCode::Denied, ""),
        (
            "SELECT 1 FROM things WHERE name = '\0'",
            &[],
            ErrorCode::InvalidArgument,
            "",
        ),
    ];
    for (sql, params, code, words) in cases {
        let error = query(&mut session, sql, params).await.unwrap_err();
        let code = match (*sql, subject.is_postgres()) {
            // A word that is no statement is refused by the reader of statements.
            ("SELEC 1 FROM things", true) => ErrorCode::Denied,
            _ => *code,
        };
        assert_eq!(error.code, code, "{sql}: {error}");
        // There, a `?` without values is an operator.
        if !(subject.is_postgres() && sql.ends_with("= ?")) {
            assert!(error.message.contains(words), "{sql}: {error}");
        }
    }
    let large = Value::Text("x".repeat((1 << 20) + 1));
    if !subject.is_postgres() {
        let error = query(&mut session, "SELECT ?", &[large]).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::TooLarge);
    }
}

async fn scopes_do_not_see_each_other(subject: &Subject) {
    subject.migrate("a", THINGS).await;
    let mut a = subject.session("a").await;
    execute(&mut a, "INSERT INTO things (id) VALUES (1)", &[])
        .await
        .unwrap();
    a.commit().await.unwrap();
    let mut b = subject.session("b").await;
    let error = query(&mut b, "SELECT * FROM things", &[]).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    subject.migrate("b", THINGS).await;
    assert_eq!(one(&mut b, "SELECT count(*) FROM things").await, Value::Integer(0));
    let staging = crate::base::ids::Scope {
        environment: crate::base::ids::Slug::parse("staging").unwrap(),
        ..scope("a")
    };
    let mut staging = subject.databases.session(&staging).await.unwrap();
    assert_eq!(
        query(&mut staging, "SELECT * FROM things", &[]).await.unwrap_err().code,
        ErrorCode::NotFound
    );
}

async fn writers_at_once_lose_nothing(subject: &Subject) {
    subject
        .migrate("a", "CREATE TABLE counter (n INTEGER); INSERT INTO counter VALUES (0);")
        .await;
    let count = |databases: std::sync::Arc<dyn super::super::TenantDatabases>| async move {
        for _ in 0..10 {
            let mut session = databases.session(&scope("a")).await.unwrap();
            execute(&mut session, "UPDATE counter SET n = n + 1", &[])
                .await
                .unwrap();
            session.commit().await.unwrap();
        }
    };
    let tasks: Vec<_> = (0..6).map(|_| tokio::spawn(count(subject.databases.clone()))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(
        one(&mut subject.session("a").await, "SELECT n FROM counter").await,
        Value::Integer(60)
    );
}

async fn a_caller_that_goes_away_leaves_nothing_behind(subject: &Subject) {
    subject.migrate("a", THINGS).await;
    for _ in 0..12 {
        let mut session = subject.session("a").await;
        execute(&mut session, "INSERT INTO things (id) VALUES (1)", &[])
            .await
            .unwrap();
        let slow = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c";
        let gone = tokio::time::timeout(Duration::from_millis(30), query(&mut session, slow, &[])).await;
        assert!(gone.is_err(), "it does not end by itself");
    }
    let mut session = subject.session("a").await;
    execute(&mut session, "INSERT INTO things (id) VALUES (1)", &[])
        .await
        .unwrap();
    session.commit().await.unwrap();
}

async fn parameters_of_both_styles_mean_the_same(subject: &Subject) {
    subject.migrate("a", "CREATE TABLE pairs (a TEXT, b TEXT);").await;
    let mut session = subject.session("a").await;
    let values = [Value::Text("1".to_owned()), Value::Text("2".to_owned())];
    execute(&mut session, "INSERT INTO pairs VALUES (?, ?)", &values)
        .await
        .unwrap();
    execute(&mut session, "INSERT INTO pairs (b, a) VALUES ($2, $1)", &values)
        .await
        .unwrap();
    let rows = query(&mut session, "SELECT DISTINCT a, b FROM pairs", &[])
        .await
        .unwrap()
        .rows;
    assert_eq!(rows, [values]);
}

/// The server was restarted: the statement that meets it is refused, the next request works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_connections_are_replaced() {
    let Some(subject) = Subject::postgres(super::super::layers::Layers::ALL, &[]).await else {
        return;
    };
    let Home::Postgres(database) = &subject.home else {
        unreachable!()
    };
    subject.migrate("a", THINGS).await;
    let mut session = subject.session("a").await;
    execute(&mut session, "INSERT INTO things (id) VALUES (1)", &[])
        .await
        .unwrap();
    database.end_connections().await;
    let met = query(&mut session, "SELECT 1", &[]).await.unwrap_err();
    assert!(met.retryable, "{met}");
    assert!(session.commit().await.is_err(), "what was begun is gone");
    drop(session);
    let mut next = subject.session("a").await;
    assert_eq!(one(&mut next, "SELECT count(*) FROM things").await, Value::Integer(0));
    drop(next);
    tokio::time::sleep(Duration::from_millis(200)).await;
    database.end_connections().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    subject.migrate("b", THINGS).await;
    one(&mut subject.session("a").await, "SELECT count(*) FROM things").await;
}

/// The operator gives a login that may make roles and owns its database, as hosted clusters do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_without_superuser_rights_will_do() {
    let Some(subject) = Subject::postgres_without_superuser().await else {
        return;
    };
    subject.migrate("a", THINGS).await;
    subject.migrate("b", THINGS).await;
    let mut session = subject.session("a").await;
    execute(
        &mut session,
        "INSERT INTO things (id, bytes) VALUES (1, ?)",
        &[Value::Blob(vec![1])],
    )
    .await
    .unwrap();
    session.commit().await.unwrap();
    assert_eq!(
        one(&mut session, "SELECT bytes FROM things").await,
        Value::Blob(vec![1])
    );
    let error = query(&mut session, "CREATE TABLE t (a INTEGER)", &[])
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Denied);
    let Home::Postgres(database) = &subject.home else {
        unreachable!()
    };
    let again = subject.opened_at(&database.url);
    let mut other = again.session(&scope("a")).await.unwrap();
    assert_eq!(
        one(&mut other, "SELECT count(*) FROM things").await,
        Value::Integer(1),
        "set up twice"
    );
}

/// TLS that is asked for is checked: a certificate that nobody vouches for is refused, and nothing is sent in the clear.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_is_not_a_wish() {
    let Some(subject) = Subject::postgres(super::super::layers::Layers::ALL, &[]).await else {
        return;
    };
    let Home::Postgres(database) = &subject.home else {
        unreachable!()
    };
    let strict = subject.opened_at(&format!("{}?sslmode=require", database.url));
    let error = strict.session(&scope("a")).await.err().unwrap();
    assert_eq!(
        (error.code, error.retryable),
        (ErrorCode::BackendUnavailable, true),
        "{error}"
    );
}
