//! Functions that nothing stops: with large arguments they are refused, with others they do what they do.

use std::time::{Duration, Instant};

use aerocall_runtime::host::{ErrorCode, Value};

use super::{
    super::Statement,
    subject::{Subject, execute, query, statement},
};

/// Each would run for many seconds, whatever the limit.
const LARGE: &[&str] = &[
    "length(translate(repeat('a', 150000), repeat('b', 150000), ''))",
    "length(btrim(repeat('a', 150000), repeat('b', 150000) || 'a'))",
    "length(ltrim(repeat('a', 150000), repeat('b', 150000) || 'a'))",
    "length(rtrim(repeat('a', 150000), repeat('b', 150000) || 'a'))",
    "length(replace(repeat('a', 900000), 'b' || repeat('a', 450000), ''))",
    "strpos(repeat('a', 900000), 'b' || repeat('a', 450000))",
    "length(split_part(repeat('a', 900000), 'b' || repeat('a', 450000), 1))",
    "cardinality(string_to_array(repeat('a', 900000), 'b' || repeat('a', 450000)))",
    "repeat('a', 900000) LIKE '%' || repeat('a', 450000) || 'b%'",
    "repeat('a', 900000) NOT LIKE '%' || repeat('a', 450000) || 'b%'",
    "repeat('a', 900000) ILIKE '%' || repeat('a', 450000) || 'b%'",
    "repeat('a', 900000)::bytea LIKE '%' || (repeat('a', 450000) || 'b%')::bytea",
    "(SELECT array_agg(g) FROM generate_series(1, 90000) g) @> (SELECT array_agg(g) FROM generate_series(1, 90000) g)",
    "(SELECT array_agg(g) FROM generate_series(1, 90000) g) <@ (SELECT array_agg(g) FROM generate_series(1, 90000) g)",
    "(SELECT array_agg(g) FROM generate_series(1, 90000) g) && (SELECT array_agg(-g) FROM generate_series(1, 90000) g)",
    "(SELECT jsonb_agg(g) FROM generate_series(1, 90000) g) @> (SELECT jsonb_agg(g) FROM generate_series(1, 90000) g)",
    "(SELECT jsonb_agg(g) FROM generate_series(1, 90000) g) <@ (SELECT jsonb_agg(g) FROM generate_series(1, 90000) g)",
    "((SELECT jsonb_object_agg(g::text, g) FROM generate_series(1, 90000) g) - (SELECT array_agg(g::text || 'x') FROM \
     generate_series(1, 90000) g)) IS NULL",
    "(SELECT jsonb_agg(g::text) FROM generate_series(1, 90000) g) ?| (SELECT array_agg(g::text || 'x') FROM \
     generate_series(1, 90000) g)",
    "plainto_tsquery('simple', repeat('a ', 400000)) IS NULL",
];

/// What everyday statements use of them, and what they answer.
const SMALL: &[(&str, &str)] = &[
    ("translate('abc', 'b', 'x')", "axc"),
    (
        "btrim('xax', 'x') || ltrim('xa', 'x') || rtrim('ax', 'x') || trim(' a ')",
        "aaaa",
    ),
    ("replace('abc', 'b', repeat('x', 3))", "axxxc"),
    ("strpos('abc', 'c')::text", "3"),
    ("split_part('a,b', ',', 2)", "b"),
    ("string_to_array('a,b', ',')::text", "{a,b}"),
    (
        "('abc' LIKE 'a%')::text || ('abc' NOT LIKE 'a%')::text || ('ABC' ILIKE '_b_')::text",
        "truefalsetrue",
    ),
    ("('a%' LIKE 'a!%' ESCAPE '!')::text", "true"),
    ("('abc' LIKE ANY (ARRAY['x', 'a%']))::text", "true"),
    (
        "(ARRAY[1, 2] @> ARRAY[1])::text || (ARRAY['a'] <@ ARRAY['a'])::text || (ARRAY[1] && ARRAY[2])::text",
        "truetruefalse",
    ),
    (
        "('{\"a\": 1}'::jsonb @> '{}')::text || ('{\"a\": 1, \"b\": 2}'::jsonb - ARRAY['a'])::text",
        "true{\"b\": 2}",
    ),
    ("('{\"a\": 1}'::jsonb - 'a')::text", "{}"),
    (
        "(to_tsvector('english', 'cats run') @@ plainto_tsquery('english', 'cat'))::text",
        "true",
    ),
    ("(NULL LIKE 'a') IS NULL || ''", "true"),
];

async fn holds(subject: &Subject) {
    subject
        .migrate(
            "a",
            "CREATE TABLE t (id INTEGER, text TEXT, CHECK (replace(text, 'x', '') LIKE 'a%'));",
        )
        .await;
    let mut session = subject.session("a").await;
    execute(&mut session, "INSERT INTO t VALUES (1, 'xa')", &[])
        .await
        .unwrap();
    for expression in LARGE {
        let started = Instant::now();
        let large = Statement {
            time: Duration::from_millis(500),
            ..statement(&format!("SELECT {expression}"), &[])
        };
        let error = session.query(large).await.unwrap_err();
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "{expression} took {:?}",
            started.elapsed()
        );
        assert!(
            matches!(error.code, ErrorCode::TooLarge | ErrorCode::Timeout),
            "{expression}: {error}"
        );
        query(&mut session, "SELECT 1", &[]).await.unwrap();
    }
    for (expression, answer) in SMALL {
        let sql = format!("SELECT {expression}");
        let rows = query(&mut session, &sql, &[]).await.unwrap().rows;
        assert_eq!(rows, [[Value::Text((*answer).to_owned())]], "{expression}");
    }
    // The real ones are reached by nobody: by the schema's name, or with words between the arguments.
    for sql in [
        "SELECT pg_catalog.strpos('a', 'a')",
        "SELECT position('a' in 'a')",
        "SELECT trim('a' from 'a')",
    ] {
        assert_eq!(
            query(&mut session, sql, &[]).await.unwrap_err().code,
            ErrorCode::Denied,
            "{sql}"
        );
    }
    query(&mut session, "SELECT arraycontains(ARRAY[1], ARRAY[1])", &[])
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nothing_stops_is_bounded() {
    if let Some(subject) = Subject::postgres(super::super::layers::Layers::ALL, &[]).await {
        holds(&subject).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nothing_stops_is_bounded_without_a_superuser() {
    if let Some(subject) = Subject::postgres_without_superuser().await {
        holds(&subject).await;
    }
}

/// Names of what other projects have, from numbers and from numbers in strings: with neither login.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_number_becomes_a_name_without_a_superuser() {
    let Some(subject) = Subject::postgres_without_superuser().await else {
        return;
    };
    subject
        .migrate("b", "CREATE TABLE secret_of_b (id SERIAL PRIMARY KEY);")
        .await;
    let mut session = subject.session("a").await;
    let numbers = "generate_series(16384, 17200) g";
    for sql in [
        format!("SELECT string_agg(regclassout(g::oid)::text, ' ') FROM {numbers}"),
        format!("SELECT string_agg(regroleout(g::oid)::text, ' ') FROM {numbers}"),
        format!("SELECT string_agg(regnamespaceout(g::oid)::text, ' ') FROM {numbers}"),
        "SELECT '{16384,16385,16386}'::_regclass::text".to_owned(),
        format!("SELECT string_agg(acldefault('r', g::oid)::text, ' ') FROM {numbers}"),
        "SELECT nextval('16384')".to_owned(),
        "SELECT row_to_json(record_in('(1)', 16386, -1))".to_owned(),
    ] {
        let error = query(&mut session, &sql, &[]).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Denied, "{sql}: {error}");
    }
}
