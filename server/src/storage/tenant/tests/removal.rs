//! The removal of a database: with everything in it, and nothing of others.

use aerocall_runtime::host::Value;

use super::subject::{Home, Subject, execute, on_both, one, query, scope};

const SETTINGS: &[(&str, &str)] = &[];

on_both!(a_database_goes_with_all_it_had_and_can_be_made_anew);

async fn a_database_goes_with_all_it_had_and_can_be_made_anew(subject: &Subject) {
    for project in ["a", "b"] {
        subject
            .migrate(project, "CREATE TABLE things (id INTEGER PRIMARY KEY)")
            .await;
        let mut session = subject.session(project).await;
        execute(&mut session, "INSERT INTO things VALUES (1)", &[])
            .await
            .unwrap();
        session.commit().await.unwrap();
    }
    let roles = roles(subject).await;
    // Once more is no error: two workers may do it.
    for _ in 0..2 {
        subject.databases.remove(&scope("a")).await.unwrap();
    }
    if let Some(roles) = roles {
        assert_eq!(self::roles(subject).await, Some(roles - 2), "its two are gone");
    }
    let mut others = subject.session("b").await;
    assert_eq!(one(&mut others, "SELECT count(*) FROM things").await, Value::Integer(1));
    let mut again = subject.session("a").await;
    assert!(query(&mut again, "SELECT * FROM things", &[]).await.is_err());
    assert_eq!(subject.databases.applied(&scope("a")).await.unwrap(), []);
    drop(again);
    subject
        .migrate("a", "CREATE TABLE things (id INTEGER PRIMARY KEY)")
        .await;
    let mut again = subject.session("a").await;
    assert_eq!(one(&mut again, "SELECT count(*) FROM things").await, Value::Integer(0));
}

/// How many roles of scopes this database knows; nothing of files.
async fn roles(subject: &Subject) -> Option<i64> {
    let Home::Postgres(database) = &subject.home else {
        return None;
    };
    let count = database.ask(
        "SELECT count(DISTINCT rolname)::text FROM pg_roles r JOIN pg_shdepend d ON d.refobjid = r.oid
         WHERE rolname ~ '^aerocall_[0-9a-f]{16}_'
         AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
    Some(count.await.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_without_superuser_rights_removes_what_it_made() {
    if let Some(subject) = Subject::postgres_without_superuser().await {
        a_database_goes_with_all_it_had_and_can_be_made_anew(&subject).await;
    }
}
