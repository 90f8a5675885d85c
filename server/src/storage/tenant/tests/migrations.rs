//! Migrations: once, in order, all or nothing.

use aerocall_runtime::host::{ErrorCode, Value};

use super::{
    super::{Migration, MigrationFault},
    subject::{Subject, execute, on_both, one, query, scope},
};

const SETTINGS: &[(&str, &str)] = &[];

on_both!(
    each_is_applied_once_and_in_order,
    a_mistake_undoes_all_of_them,
    what_was_applied_cannot_change,
    two_deployments_at_once_apply_once,
    hooks_use_what_migrations_make_and_nothing_else,
);

fn migrations(list: &[(&str, &str)]) -> Vec<Migration> {
    let one = |(name, sql): &(&str, &str)| Migration {
        name: (*name).to_owned(),
        sql: (*sql).to_owned(),
    };
    list.iter().map(one).collect()
}

async fn names(subject: &Subject, list: &[(&str, &str)]) -> Result<Vec<String>, MigrationFault> {
    let applied = subject.databases.migrate(&scope("a"), migrations(list)).await?;
    Ok(applied.into_iter().map(|one| one.name).collect())
}

const FIRST: (&str, &str) = (
    "0001_first",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT ';'); -- one;\nCREATE UNIQUE INDEX t_a ON t (a);",
);
const SECOND: (&str, &str) = (
    "0002_second",
    "ALTER TABLE t ADD COLUMN b TEXT; INSERT INTO t (id, a, b) VALUES (1, 'x', 'y'); CREATE VIEW v AS SELECT b FROM t;",
);

async fn each_is_applied_once_and_in_order(subject: &Subject) {
    assert!(subject.databases.applied(&scope("a")).await.unwrap().is_empty());
    assert_eq!(names(subject, &[FIRST]).await.unwrap(), ["0001_first"]);
    assert_eq!(names(subject, &[FIRST, SECOND]).await.unwrap(), ["0002_second"]);
    assert!(names(subject, &[FIRST, SECOND]).await.unwrap().is_empty());
    assert!(
        names(subject, &[FIRST]).await.unwrap().is_empty(),
        "an older deployment"
    );
    let applied = subject.databases.applied(&scope("a")).await.unwrap();
    assert_eq!(
        applied.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["0001_first", "0002_second"]
    );
    assert!(applied[0].digest.starts_with("sha256:") && applied[0].applied_ms > 1_600_000_000_000);
    assert_eq!(
        one(&mut subject.session("a").await, "SELECT b FROM v").await,
        Value::Text("y".to_owned())
    );
}

async fn a_mistake_undoes_all_of_them(subject: &Subject) {
    let broken = (
        "0003_broken",
        "CREATE TABLE u (id INTEGER); INSERT INTO nothing VALUES (1);",
    );
    let fault = names(subject, &[FIRST, SECOND, broken]).await.unwrap_err();
    let MigrationFault::Refused {
        name,
        statement,
        problem,
    } = fault
    else {
        panic!("{fault}")
    };
    assert_eq!((name.as_str(), statement), ("0003_broken", 2));
    assert!(problem.contains("nothing"), "{problem}");
    assert!(subject.databases.applied(&scope("a")).await.unwrap().is_empty());
    let error = query(&mut subject.session("a").await, "SELECT * FROM t", &[])
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}

async fn what_was_applied_cannot_change(subject: &Subject) {
    names(subject, &[FIRST, SECOND]).await.unwrap();
    for wrong in [
        ("0001_first", "CREATE TABLE other (id INTEGER);"),
        ("0000", "CREATE TABLE other (id INTEGER);"),
    ] {
        let fault = names(subject, &[wrong]).await.unwrap_err();
        assert!(matches!(fault, MigrationFault::Rewritten { .. }), "{fault}");
    }
}

async fn two_deployments_at_once_apply_once(subject: &Subject) {
    let both = [FIRST, SECOND];
    let (one, other) = tokio::join!(names(subject, &both), names(subject, &both));
    let mut counts = [one.unwrap().len(), other.unwrap().len()];
    counts.sort_unstable();
    assert_eq!(counts, [0, 2]);
}

async fn hooks_use_what_migrations_make_and_nothing_else(subject: &Subject) {
    names(subject, &[FIRST, SECOND]).await.unwrap();
    let mut session = subject.session("a").await;
    assert_eq!(
        execute(&mut session, "INSERT INTO t (id, a) VALUES (2, 'z')", &[])
            .await
            .unwrap(),
        1
    );
    session.commit().await.unwrap();
    for sql in [
        "SELECT * FROM _aerocall_migrations",
        "DELETE FROM \"_aerocall_migrations\"",
        "DROP TABLE t",
        "ALTER TABLE t ADD COLUMN c TEXT",
        "CREATE INDEX i ON t (b)",
    ] {
        assert_eq!(
            query(&mut session, sql, &[]).await.unwrap_err().code,
            ErrorCode::Denied,
            "{sql}"
        );
    }
}

/// Rebuilding a table, as SQLite's manual tells to, neither deletes what refers to it nor leaves it dangling.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_can_be_rebuilt() {
    let subject = Subject::sqlite(super::super::layers::Layers::ALL, &[]);
    let tables = (
        "1",
        "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1);
         CREATE TABLE c (p INTEGER REFERENCES p (id) ON DELETE CASCADE); INSERT INTO c VALUES (1);
         CREATE TRIGGER seen AFTER INSERT ON c BEGIN UPDATE c SET p = p; DELETE FROM c WHERE p IS NULL; END;",
    );
    let rebuild = (
        "2",
        "CREATE TABLE p2 (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO p2 (id) SELECT id FROM p; DROP TABLE p;
         ALTER TABLE p2 RENAME TO p;",
    );
    names(&subject, &[tables, rebuild]).await.unwrap();
    assert_eq!(
        one(&mut subject.session("a").await, "SELECT count(*) FROM c").await,
        Value::Integer(1)
    );
    let fault = names(&subject, &[tables, rebuild, ("3", "DELETE FROM p;")])
        .await
        .unwrap_err();
    assert!(
        fault.to_string().contains("point at rows that are not there"),
        "{fault}"
    );
}
