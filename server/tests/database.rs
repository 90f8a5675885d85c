//! The project's own database through the admin API: tables, rows page by page, statements that only read; the same on
//! SQLite and on PostgreSQL, and what must not get through.

use serde_json::{Value, json};

use crate::{
    people::person,
    site::{Answer, Site, until},
};

const DATABASE: &str = "/projects/a/environments/production/database";

const TABLES: &str = "
    CREATE TABLE customers (id BIGINT PRIMARY KEY, email TEXT NOT NULL UNIQUE, note TEXT DEFAULT 'none', at TIMESTAMPTZ);
    CREATE TABLE orders (
        customer BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE, number INTEGER NOT NULL, state TEXT,
        PRIMARY KEY (customer, number)
    );
    CREATE INDEX orders_state ON orders (state, number);
    CREATE TABLE notes (text TEXT);
    CREATE VIEW paid AS SELECT * FROM orders WHERE state = 'paid';
    INSERT INTO customers (id, email) VALUES (9007199254740993, 'ada@work.example'), (2, 'b_b@work.example'), (3, 'b%b@work.example');
    INSERT INTO orders VALUES (2, 1, 'paid'), (2, 2, 'open'), (2, 10, 'paid'), (3, 1, NULL), (3, 2, 'paid');
    INSERT INTO notes VALUES ('one'), ('two'), ('three');";

/// The same tests on every database.
macro_rules! on_every_database {
    ($($test:ident,)*) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test(&super::Site::new()); })*
        }
        mod postgres {
            $(#[test] fn $test() { crate::services::with_postgres(&[], |site| super::$test(site)); })*
        }
    };
}

on_every_database! {
    tables_are_listed_and_shown,
    rows_come_page_by_page_in_the_order_of_their_key,
    rows_are_filtered,
    a_statement_answers_rows_and_says_where_it_was_cut,
    what_writes_is_refused_and_writes_nothing,
    a_long_statement_is_stopped_and_runs_alone,
    what_attacks_a_database_gets_nothing,
}

/// A project whose database has the tables.
fn prepared(site: &Site) {
    site.project("a");
    let body = json!({ "hooks": [], "migrations": [{ "name": "1", "sql": TABLES }] });
    let deployed = site.admin("POST", "/projects/a/environments/production/deployments", Some(body));
    assert_eq!(deployed.status, 201, "{deployed:?}");
}

fn query(site: &Site, sql: &str) -> Answer {
    site.admin("POST", &format!("{DATABASE}/query"), Some(json!({ "sql": sql })))
}

fn rows(site: &Site, table: &str, query: &str) -> Answer {
    site.admin("GET", &format!("{DATABASE}/tables/{table}/rows?{query}"), None)
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect()
}

fn tables_are_listed_and_shown(site: &Site) {
    prepared(site);
    let listed = site.admin("GET", &format!("{DATABASE}/tables"), None);
    assert_eq!(listed.status, 200, "{listed:?}");
    assert_eq!(
        names(&listed.json["tables"]),
        ["customers", "notes", "orders", "paid"],
        "none of the server's own"
    );
    let paid = &listed.json["tables"][3];
    assert_eq!((&paid["kind"], &paid["rows"]), (&json!("view"), &Value::Null));
    assert!(listed.json["tables"][2]["bytes"].as_u64().unwrap() > 0, "{listed:?}");

    let shown = site.admin("GET", &format!("{DATABASE}/tables/orders"), None);
    assert_eq!(shown.status, 200, "{shown:?}");
    let columns = &shown.json["columns"];
    assert_eq!(names(columns), ["customer", "number", "state"]);
    let keys: Vec<&Value> = columns
        .as_array()
        .unwrap()
        .iter()
        .map(|column| &column["key"])
        .collect();
    assert_eq!(keys, [&json!(1), &json!(2), &Value::Null]);
    assert_eq!(
        (&columns[0]["nullable"], &columns[2]["nullable"]),
        (&json!(false), &json!(true))
    );
    let indexes = shown.json["indexes"].as_array().unwrap();
    let own = indexes.iter().find(|index| index["name"] == "orders_state").unwrap();
    assert_eq!(
        (&own["unique"], &own["columns"]),
        (&json!(false), &json!(["state", "number"]))
    );
    let reference = &shown.json["references"][0];
    assert_eq!(
        reference,
        &json!({ "columns": ["customer"], "table": "customers", "target": ["id"], "onDelete": "cascade" })
    );
    let customers = site.admin("GET", &format!("{DATABASE}/tables/customers"), None);
    assert!(
        customers.json["columns"][2]["default"]
            .as_str()
            .unwrap()
            .starts_with("'none'")
    );

    for unknown in [
        "nothing",
        "_aerocall_migrations",
        "sqlite_schema",
        "pg_class",
        "orders%22--",
    ] {
        let answer = site.admin("GET", &format!("{DATABASE}/tables/{unknown}"), None);
        assert_eq!(answer.status, 404, "{unknown}");
        assert_eq!(rows(site, unknown, "").status, 404, "{unknown}");
    }
}

fn rows_come_page_by_page_in_the_order_of_their_key(site: &Site) {
    prepared(site);
    let (mut all, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = rows(site, "orders", &format!("limit=2{after}"));
        assert_eq!(page.status, 200, "{page:?}");
        assert_eq!(page.json["columns"], json!(["customer", "number", "state"]));
        all.extend(page.json["rows"].as_array().unwrap().clone());
        pages += 1;
        match page.json["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let expected = json!([
        [2, 1, "paid"],
        [2, 2, "open"],
        [2, 10, "paid"],
        [3, 1, null],
        [3, 2, "paid"]
    ]);
    assert_eq!((json!(all), pages), (expected, 3));

    let last = rows(site, "customers", "limit=1&order=desc");
    assert_eq!(
        last.json["rows"][0][0],
        json!({ "integer": "9007199254740993" }),
        "{last:?}"
    );
    let next = last.json["next"].as_str().unwrap();
    let before = rows(site, "customers", &format!("limit=5&order=desc&after={next}"));
    assert_eq!(
        (&before.json["rows"][0][0], &before.json["next"]),
        (&json!(3), &Value::Null),
        "{before:?}"
    );

    for table in ["notes", "paid"] {
        let first = rows(site, table, "limit=2");
        let next = first.json["next"].as_str().unwrap_or_else(|| panic!("{first:?}"));
        let second = rows(site, table, &format!("limit=2&after={next}"));
        assert_eq!(second.json["rows"].as_array().unwrap().len(), 1, "{table}: {second:?}");
        assert_eq!(
            rows(site, "orders", &format!("after={next}")).fields(),
            ["after"],
            "of another table"
        );
    }
    assert_eq!(
        rows(site, "orders", "after=nonsense&limit=0&order=up").fields().len(),
        3
    );
}

fn filter(conditions: Value) -> String {
    let text = conditions.to_string();
    let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("filter={encoded}")
}

fn rows_are_filtered(site: &Site) {
    prepared(site);
    let found = |table: &str, conditions: Value| {
        let answer = rows(site, table, &filter(conditions));
        answer.json["rows"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer:?}"))
            .len()
    };
    assert_eq!(found("orders", json!([{ "column": "state", "eq": "paid" }])), 3);
    assert_eq!(found("orders", json!([{ "column": "state", "eq": null }])), 1);
    assert_eq!(
        found(
            "orders",
            json!([{ "column": "state", "eq": "paid" }, { "column": "customer", "eq": 2 }])
        ),
        2
    );
    assert_eq!(
        found("customers", json!([{ "column": "email", "prefix": "b_" }])),
        1,
        "a sign of LIKE is none"
    );
    assert_eq!(found("customers", json!([{ "column": "email", "prefix": "b%" }])), 1);
    assert_eq!(found("customers", json!([{ "column": "email", "prefix": "B" }])), 0);
    assert_eq!(
        found("customers", json!([{ "column": "email", "eq": "' OR 1=1 --" }])),
        0
    );
    for bad in [
        json!([{ "column": "password", "eq": 1 }]),
        json!([{ "column": "state\" = 'x' OR 1=1 --", "eq": 1 }]),
        json!([{ "column": "state" }]),
        json!([{ "column": "state", "eq": 1, "prefix": "a" }]),
        json!([{ "column": "state", "eq": [1] }]),
        json!({}),
        json!(vec![json!({ "column": "state", "eq": 1 }); 9]),
    ] {
        assert_eq!(rows(site, "orders", &filter(bad.clone())).fields(), ["filter"], "{bad}");
    }
}

fn a_statement_answers_rows_and_says_where_it_was_cut(site: &Site) {
    prepared(site);
    let ask = |body: Value| site.admin("POST", &format!("{DATABASE}/query"), Some(body));
    let sql = "SELECT state, count(*) AS orders FROM orders WHERE customer = ? GROUP BY state ORDER BY state";
    let counted = ask(json!({ "sql": sql, "params": [2] }));
    assert_eq!(counted.status, 200, "{counted:?}");
    assert_eq!(counted.json["columns"], json!(["state", "orders"]));
    assert_eq!(counted.json["rows"], json!([["open", 1], ["paid", 2]]));
    assert_eq!(counted.json["truncated"], false);
    assert!(counted.json["durationMs"].is_u64());
    let lines = site.admin(
        "GET",
        "/projects/a/environments/production/audit?action=database.queried",
        None,
    );
    assert_eq!(
        lines.json["audit"][0]["data"],
        json!({ "sql": sql }),
        "with the statement, without its values"
    );

    let cut = ask(json!({ "sql": "SELECT * FROM orders ORDER BY customer, number", "limit": 2 }));
    assert_eq!(
        (cut.json["rows"].as_array().unwrap().len(), &cut.json["truncated"]),
        (2, &json!(true))
    );
    let all = ask(json!({ "sql": "SELECT * FROM orders", "limit": 5 }));
    assert_eq!(
        (all.json["rows"].as_array().unwrap().len(), &all.json["truncated"]),
        (5, &json!(false))
    );
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i FROM n";
    let many = ask(json!({ "sql": many, "limit": 10 }));
    assert_eq!(
        (many.json["rows"].as_array().unwrap().len(), &many.json["truncated"]),
        (10, &json!(true)),
        "{many:?}"
    );
    assert_eq!(query(site, "SELECT 1").status, 200, "and the connection goes on");

    let refused = query(site, "SELECT nothing FROM orders");
    assert_eq!((refused.status, refused.code()), (422, "query_refused"));
    let message = refused.json["error"]["message"].as_str().unwrap();
    assert!(message.contains("nothing") && !message.starts_with("db:"), "{message}");
    assert_eq!(ask(json!({ "sql": "SELECT ?", "params": [] })).code(), "query_refused");
    let bad = ask(json!({ "sql": "x".repeat(16_385), "params": vec![1; 101], "limit": 1_001 }));
    assert_eq!(bad.fields(), ["sql", "params", "limit"]);
    assert_eq!(ask(json!({ "sql": "SELECT ?", "params": [{}] })).fields(), ["params"]);

    let eve = person(site, "eve", Some(("a", "viewer")));
    assert_eq!(
        eve.post(&format!("{DATABASE}/query"), json!({ "sql": "SELECT 1" }))
            .status,
        200
    );
    let nobody = person(site, "nobody", None);
    assert_eq!(
        nobody
            .post(&format!("{DATABASE}/query"), json!({ "sql": "SELECT 1" }))
            .status,
        404
    );
    assert_eq!(nobody.get(&format!("{DATABASE}/tables")).status, 404);
}

fn what_writes_is_refused_and_writes_nothing(site: &Site) {
    prepared(site);
    for sql in [
        "INSERT INTO notes VALUES ('mine') RETURNING text",
        "UPDATE notes SET text = 'mine'",
        "DELETE FROM notes",
        "WITH gone AS (DELETE FROM notes RETURNING text) SELECT * FROM gone",
        "SELECT 1; DELETE FROM notes",
        "DROP TABLE notes",
        "CREATE TABLE mine (a INTEGER)",
        "BEGIN",
        "COMMIT",
        "SET default_transaction_read_only = off",
        "SELECT set_config('default_transaction_read_only', 'off', false)",
        "PRAGMA query_only = 0",
        "ATTACH 'core.db' AS core",
        "",
        "-- nothing",
    ] {
        let answer = query(site, sql);
        assert_eq!(answer.status, 422, "{sql}: {answer:?}");
    }
    let all = query(site, "SELECT text FROM notes ORDER BY text");
    assert_eq!(all.json["rows"], json!([["one"], ["three"], ["two"]]));
}

fn a_long_statement_is_stopped_and_runs_alone(site: &Site) {
    prepared(site);
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    let begun = std::time::Instant::now();
    let second = std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            // Until none of the others is under way.
            until(|| Some(query(site, endless)).filter(|answer| answer.status != 503))
        });
        let busy = until(|| {
            let answer = query(site, "SELECT 1");
            (answer.status == 503).then_some(answer)
        });
        let first = first.join().unwrap();
        assert_eq!((first.status, first.code()), (422, "query_refused"), "{first:?}");
        assert!(first.json.to_string().contains("took longer"), "{first:?}");
        busy
    });
    assert!(begun.elapsed().as_secs() < 8, "{:?}", begun.elapsed());
    assert_eq!(second.code(), "busy");
    assert_eq!(query(site, "SELECT 1").status, 200);

    // More bytes than an answer may have: what fits comes.
    let wide = "WITH RECURSIVE n (i, t) AS (SELECT 1, CAST('' AS text) UNION ALL SELECT i + 1, t FROM n WHERE i < 1000)
                SELECT i, replace('aaaaaaaaaaaaaaaaaaaa', 'a', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb') ||
                replace(replace('aaaaaaaaaaaaaaaaaaaa', 'a', 'bbbbbbbbbbbbbbbbbbbb'), 'b', 'cccccccccccccccccccc') FROM n";
    let cut = site.admin(
        "POST",
        &format!("{DATABASE}/query"),
        Some(json!({ "sql": wide, "limit": 1000 })),
    );
    assert_eq!(
        (cut.status, &cut.json["truncated"]),
        (200, &json!(true)),
        "{:?}",
        cut.json["error"]
    );
    let fit = cut.json["rows"].as_array().unwrap().len();
    assert!((50..1000).contains(&fit), "{fit}");
    assert_eq!(query(site, "SELECT 1").status, 200);
}

/// What tenants try in hooks, sent as statements of an admin.
fn what_attacks_a_database_gets_nothing(site: &Site) {
    prepared(site);
    let table: toml::Table = toml::from_str(include_str!("../src/storage/tenant/attacks.toml")).unwrap();
    let is_postgres = query(site, "SELECT 1::integer").status == 200;
    let attacks = table[if is_postgres { "postgres" } else { "sqlite" }]
        .as_array()
        .unwrap();
    let mut tried = 0;
    for attack in attacks {
        let has = |name: &str| attack.get(name).is_some();
        let by = attack["by"].as_array().unwrap();
        let is_held_by_time = by.iter().all(|layer| layer.as_str() == Some("budgets"));
        // What one session sends in order is nothing to a single statement.
        let Some(sql) = attack["sql"].as_str() else { continue };
        if has("as") || has("fine") || is_held_by_time {
            continue;
        }
        let answer = query(site, sql);
        assert_eq!(answer.status, 422, "{sql}: {answer:?}");
        tried += 1;
    }
    assert!(tried > 50, "{tried}");
}
