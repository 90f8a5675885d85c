//! `Aerocall.db` from real hooks, the same on SQLite and on PostgreSQL: values, transactions, errors, and what happens
//! with the flow.

use serde_json::{Value, json};

use super::queue::QUICK;
use crate::{
    bundles::hook,
    services::{Gate, Postgres},
    site::{PASSWORD, Project, Site, until},
};

const TABLES: &str = "
    CREATE TABLE things (
        id BIGINT PRIMARY KEY, name TEXT NOT NULL, ok BOOLEAN, ratio DOUBLE PRECISION, raw BLOB, at TIMESTAMPTZ, doc JSON
    );
    CREATE TABLE seen (email TEXT PRIMARY KEY, by TEXT NOT NULL);";

/// The same tests on every database.
macro_rules! on_every_database {
    ($($test:ident,)*) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test(&super::Site::with(&super::QUICK)); })*
        }
        mod postgres {
            $(#[test] fn $test() { crate::services::with_postgres(&super::QUICK, |site| super::$test(site)); })*
        }
    };
}

on_every_database! {
    values_come_back_as_what_they_were,
    errors_are_typed_and_say_where,
    a_transaction_commits_or_rolls_back,
    budgets_of_a_call_hold,
    writes_of_a_before_hook_happen_with_the_flow,
    writes_of_other_hooks_happen_with_their_own_success,
    a_hook_that_fails_and_is_let_pass_has_written_nothing,
    projects_do_not_see_each_other,
}

/// A project whose database has the tables.
fn project(site: &Site, id: &str) -> Project {
    let project = site.project(id);
    deploy(site, id, &[]);
    project
}

fn deploy(site: &Site, id: &str, hooks: &[(&str, &str)]) {
    let line = |(name, source): &(&str, &str)| json!({ "name": name, "number": site.version(id, name, source), "failurePolicy": "open" });
    let path = format!("/projects/{id}/environments/production/deployments");
    let body =
        json!({ "hooks": hooks.iter().map(line).collect::<Vec<_>>(), "migrations": [{ "name": "1", "sql": TABLES }] });
    let answer = site.admin("POST", &path, Some(body));
    assert_eq!(answer.status, 201, "{answer:?}");
}

/// Runs a body in a hook that denies with what it returned, or with what it threw.
fn reported(site: &Site, project: &Project, body: &str) -> Value {
    let body = format!(
        "const db = Aerocall.db; const run = async () => {{ {body} }}; let reported; try {{ reported = await run(); }} catch (error) {{ reported = {{ code: error.code, message: error.message, retryable: error.retryable }}; }} throw new Aerocall.Deny(JSON.stringify(reported ?? null, (k, v) => typeof v === 'bigint' ? `${{v}}n` : v instanceof Uint8Array ? [...v] : v).slice(0, 490), {{ code: 'reported' }});"
    );
    deploy(site, &project.id, &[("probe", &hook("beforeSignup", &body))]);
    let answer = site.register(
        &project.pk,
        json!({ "email": "probe@work.example", "password": PASSWORD }),
    );
    assert_eq!(answer.json["error"]["code"], "reported", "{answer:?}");
    serde_json::from_str(answer.json["error"]["message"].as_str().unwrap()).unwrap()
}

/// Runs a body for good, in the hook of a flow that succeeds.
fn done(site: &Site, project: &Project, email: &str, body: &str) {
    deploy(site, &project.id, &[("probe", &hook("beforeSignup", body))]);
    site.registered(&project.pk, email);
}

fn values_come_back_as_what_they_were(site: &Site) {
    let project = project(site, "a");
    let body = "
        const raw = new Uint8Array([0, 1, 255]);
        await db.execute('INSERT INTO things (id, name, ok, ratio, raw, at, doc) VALUES ($1, $2, $3, $4, $5, $6, $7)',
          [9007199254740993n, 'Zoë 👋', true, 0.1, raw, new Date('2026-01-02T03:04:05.678Z'), { a: [1, null] }]);
        await db.execute('INSERT INTO things (id, name) VALUES (?, ?)', [2, 'bare']);
        const [bare, full] = await db.query('SELECT * FROM things ORDER BY id');
        return [typeof full.id, full.id, full.name, full.ok, full.ratio, full.raw instanceof Uint8Array, full.raw,
          new Date(full.at).toISOString(), full.doc, Object.values(bare)];";
    let expected = json!([
        "bigint", "9007199254740993n", "Zoë 👋", true, 0.1, true, [0, 1, 255], "2026-01-02T03:04:05.678Z",
        { "a": [1, null] }, [2, "bare", null, null, null, null, null]
    ]);
    assert_eq!(reported(site, &project, body), expected);
    let counted = "return [await db.execute(\"INSERT INTO things (id, name) VALUES (5, 'x'), (6, 'y')\"), await db.execute('UPDATE things SET ok = $1 WHERE id > $2', [false, 4]), (await db.query('SELECT count(*) AS n FROM things'))[0].n, await db.execute('DELETE FROM things')];";
    let counts = json!([{ "rowsAffected": 2 }, { "rowsAffected": 2 }, 2, { "rowsAffected": 2 }]);
    assert_eq!(reported(site, &project, counted), counts);
}

fn errors_are_typed_and_say_where(site: &Site) {
    let project = project(site, "a");
    let rows: [(&str, &str, &str); 13] = [
        ("db.query('SELECT id FORM things')", "invalid_argument", "things"),
        ("db.query('SELECT * FROM nowhere')", "not_found", "nowhere"),
        ("db.query('SELECT nothing FROM things')", "invalid_argument", "nothing"),
        ("db.query('SELECT $1', [1, 2])", "invalid_argument", "parameter"),
        (
            "db.query('SELECT id FROM things WHERE id = $1')",
            "invalid_argument",
            "parameter",
        ),
        ("db.query('SELECT 1', 'x')", "invalid_argument", "array"),
        ("db.query('SELECT 1', [Symbol('x')])", "invalid_argument", "parameter 1"),
        ("db.query('SELECT 1', [NaN])", "invalid_argument", "parameter 1"),
        ("db.query('SELECT 1', [2n ** 63n])", "invalid_argument", "64 bits"),
        ("db.query('SELECT 1; SELECT 2')", "invalid_argument", ""),
        ("db.execute('CREATE TABLE mine (a INTEGER)')", "denied", "migration"),
        ("db.query('SELECT ' + 'x'.repeat(70000))", "too_large", "65536"),
        (
            "(async () => { await db.execute(\"INSERT INTO seen (email, by) VALUES ('a', 'b')\"); await db.execute(\"INSERT INTO seen (email, by) VALUES ('a', 'c')\"); })()",
            "conflict",
            "",
        ),
    ];
    for (call, code, words) in rows {
        let reported = reported(site, &project, &format!("return {call};"));
        assert_eq!(reported["code"], code, "{call}: {reported}");
        assert!(
            reported["message"].as_str().unwrap().contains(words),
            "{call}: {reported}"
        );
    }
}

fn a_transaction_commits_or_rolls_back(site: &Site) {
    let project = project(site, "a");
    done(site, &project, "1@work.example", "
        const { db } = Aerocall;
        const add = (t: any, email: string) => t.execute('INSERT INTO seen (email, by) VALUES ($1, $2)', [email, 'tx']);
        await db.transaction(async (tx: any) => { await add(tx, 'kept'); });
        try { await db.transaction(async (tx: any) => { await add(tx, 'undone'); throw new Error('no'); }); } catch {}
        await db.transaction(async (tx: any) => {
          await add(tx, 'outer');
          try { await db.transaction(async (inner: any) => { await add(inner, 'inner'); throw new Error('no'); }); } catch {}
        });");
    let all = reported(
        site,
        &project,
        "return (await db.query('SELECT email FROM seen ORDER BY email')).map((row) => row.email);",
    );
    assert_eq!(all, json!(["kept", "outer"]));
}

fn budgets_of_a_call_hold(site: &Site) {
    let project = project(site, "a");
    let fill = "for (let i = 0; i < 120; i++) await Aerocall.db.execute('INSERT INTO things (id, name) VALUES ($1, $2)', [i, 'x'.repeat(1000)]);";
    done(site, &project, "1@work.example", fill);
    // 120 rows crossed with themselves: more than the 10,000 that a call may have.
    let rows = reported(
        site,
        &project,
        "return (await db.query('SELECT a.id FROM things a, things b')).length;",
    );
    assert_eq!(rows["code"], "limit_exceeded", "{rows}");
    let bytes = reported(
        site,
        &project,
        "return (await db.query('SELECT a.name, b.name AS other FROM things a, things b LIMIT 9000')).length;",
    );
    assert_eq!(bytes["code"], "limit_exceeded", "{bytes}");
    let time = reported(
        site,
        &project,
        "return db.query('SELECT count(*) FROM things a, things b, things c, things d, things e');",
    );
    assert_eq!(time["code"], "timeout", "{time}");
    assert_eq!(
        reported(site, &project, "return (await db.query('SELECT 1 AS one'))[0].one;"),
        1,
        "the connection is as before"
    );
}

#[test]
fn a_pattern_or_a_row_of_calls_ends_with_its_statement() {
    let one_connection = ("AEROCALL_TENANT_CONNECTIONS_PER_DATABASE", "1");
    let site = Site::with(&[&QUICK[..], &[one_connection]].concat());
    let project = project(&site, "a");
    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c WHERE";
    for (matches, pattern) in [
        ("(? || n) LIKE ?", "'%' + 'a'.repeat(190) + 'b'"),
        ("(? || n) GLOB ?", "'*[a]'.repeat(40) + 'b'"),
    ] {
        let body = format!("return db.query(\"{endless} {matches}\", ['a'.repeat(900000), {pattern}]);");
        let began = std::time::Instant::now();
        let time = reported(&site, &project, &body);
        assert_eq!(time["code"], "timeout", "{time}");
        // The next call gets the only connection: nothing runs on.
        assert_eq!(
            reported(&site, &project, "return (await db.query('SELECT 1 AS one'))[0].one;"),
            1
        );
        assert!(
            began.elapsed() < std::time::Duration::from_secs(15),
            "{:?}",
            began.elapsed()
        );
    }
    let row = "const one = \"json_valid(v || ' ')\"; const columns = Array(90).fill(Array(10).fill(one).join('+')).join(','); \
        return db.query('SELECT ' + columns + ' FROM (SELECT ? AS v)', ['[' + '1,'.repeat(400000) + '1]']);";
    let refused = reported(&site, &project, row);
    assert_eq!(refused["code"], "limit_exceeded", "{refused}");
}

#[test]
fn on_postgresql_nothing_hides_runs_on_or_names_others() {
    let one_connection = ("AEROCALL_TENANT_CONNECTIONS_PER_DATABASE", "1");
    crate::services::with_postgres(&[&QUICK[..], &[one_connection]].concat(), |site| {
        let project = project(site, "a");
        for (sql, params, code) in [
            (
                "select 1 as a?$b$, $1::text, current_user::text --$b$",
                "[1]",
                "invalid_argument",
            ),
            (
                "select length(translate(repeat('a',150000), repeat('b',150000), ''))",
                "[]",
                "too_large",
            ),
            (
                "select length(btrim(repeat('a',150000), repeat('b',150000)||'a'))",
                "[]",
                "too_large",
            ),
            (
                "select regclassout(g::oid)::text from generate_series(16384,17200) g",
                "[]",
                "denied",
            ),
        ] {
            let began = std::time::Instant::now();
            let refused = reported(site, &project, &format!("return db.query({}, {params});", json!(sql)));
            assert_eq!(refused["code"], code, "{sql}: {refused}");
            // The next call gets the only connection.
            let one = reported(site, &project, "return (await db.query('SELECT 1 AS one'))[0].one;");
            assert_eq!(one, 1, "{sql}");
            assert!(
                began.elapsed() < std::time::Duration::from_secs(15),
                "{sql}: {:?}",
                began.elapsed()
            );
        }
    });
}

fn writes_of_a_before_hook_happen_with_the_flow(site: &Site) {
    let project = project(site, "a");
    let write = hook(
        "beforeSignup",
        "await Aerocall.db.execute('INSERT INTO seen (email, by) VALUES ($1, $2)', [payload.user.email, 'before']); const [row] = await Aerocall.db.query('SELECT count(*) AS n FROM seen'); await Aerocall.cache.set('n', Number(row.n));",
    );
    let deny = hook(
        "beforeSignup",
        "if (payload.user.email.startsWith('deny')) return { deny: {} };",
    );
    deploy(site, "a", &[("write", &write), ("deny", &deny)]);
    let sign_up = |email: &str| {
        site.register(&project.pk, json!({ "email": email, "password": PASSWORD }))
            .status
    };
    assert_eq!(
        ["ok@work.example", "deny@work.example", "ok@work.example"].map(sign_up),
        [201, 403, 409]
    );
    let seen = reported(
        site,
        &project,
        "return [await db.query('SELECT email, by FROM seen'), await Aerocall.cache.get('n')];",
    );
    // The third attempt conflicts in the project's own table already, and its hook may fail.
    assert_eq!(
        seen,
        json!([[{ "email": "ok@work.example", "by": "before" }], 2]),
        "the hook saw its own write"
    );
}

fn writes_of_other_hooks_happen_with_their_own_success(site: &Site) {
    let project = project(site, "a");
    let add = |by: &str| {
        format!("await Aerocall.db.execute('INSERT INTO seen (email, by) VALUES ($1, $2)', ['{by}', '{by}']);")
    };
    let after = hook(
        "afterSignup",
        &format!("{} await Aerocall.Queue.enqueue('q', 1);", add("after")),
    );
    let broken = hook("afterSignup", &format!("{} throw new Error('x');", add("broken")));
    let consumer = format!(
        "export const on = {{ 'queue.q': async (context: any, job: any, Aerocall: any) => {{ {} }} }};",
        add("job")
    );
    deploy(
        site,
        "a",
        &[("after", &after), ("broken", &broken), ("consumer", &consumer)],
    );
    site.registered(&project.pk, "jane@work.example");
    until(|| (!super::queue::jobs(site, &project, "?state=done").is_empty()).then_some(()));
    let all = "return (await db.query('SELECT email FROM seen ORDER BY email')).map((row) => row.email);";
    // The job is done in the core store a moment before its writes are committed here.
    until(|| (reported(site, &project, all) == json!(["after", "job"])).then_some(()));
}

fn a_hook_that_fails_and_is_let_pass_has_written_nothing(site: &Site) {
    let project = project(site, "a");
    let add = |email: &str, then: &str| {
        hook(
            "beforeSignup",
            &format!(
                "await Aerocall.db.execute('INSERT INTO seen (email, by) VALUES ($1, $2)', ['{email}', 'x']); {then}"
            ),
        )
    };
    let hooks = [
        ("one", add("one", "")),
        ("two", add("two", "throw new Error('x');")),
        ("three", add("three", "")),
    ];
    let hooks: Vec<(&str, &str)> = hooks.iter().map(|(name, source)| (*name, source.as_str())).collect();
    deploy(site, "a", &hooks);
    site.registered(&project.pk, "jane@work.example");
    let all = reported(
        site,
        &project,
        "return (await db.query('SELECT email FROM seen ORDER BY email')).map((row) => row.email);",
    );
    assert_eq!(all, json!(["one", "three"]));
}

fn projects_do_not_see_each_other(site: &Site) {
    let [a, b] = ["a", "b"].map(|id| project(site, id));
    done(
        site,
        &a,
        "1@work.example",
        "await Aerocall.db.execute(\"INSERT INTO seen (email, by) VALUES ('canary', 'a')\");",
    );
    assert_eq!(reported(site, &b, "return db.query('SELECT * FROM seen');"), json!([]));
    for sql in [
        "SELECT * FROM pg_class",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM a.seen",
        "PRAGMA table_list",
        "SELECT current_setting('data_directory')",
        "RESET ROLE",
        "ATTACH 'x' AS y",
    ] {
        let reported = reported(site, &b, &format!("return db.query({sql:?});"));
        assert!(
            ["denied", "invalid_argument", "not_found"].contains(&reported["code"].as_str().unwrap_or_default()),
            "{sql}: {reported}"
        );
    }
}

#[test]
fn a_postgres_that_goes_away_is_a_typed_error_and_comes_back_by_itself() {
    let Some(postgres) = Postgres::new() else { return };
    let gate = Gate::before(Postgres::ADDRESS);
    let url = postgres.url(&gate.address);
    let site = Site::with(&[("AEROCALL_TENANT_DATABASE_URL", &url)]);
    let project = project(&site, "a");
    let body = "try { const [row] = await Aerocall.db.query('SELECT 1 AS one'); throw new Aerocall.Deny(`got ${row.one}`); } catch (error: any) { if (error instanceof Aerocall.Deny) throw error; throw new Aerocall.Deny(`${error.code} ${error.retryable}`); }";
    deploy(&site, "a", &[("probe", &hook("beforeSignup", body))]);
    let ask = || {
        let answer = site.register(&project.pk, json!({ "email": "x@work.example", "password": PASSWORD }));
        answer.json["error"]["message"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(ask(), "got 1");
    gate.shut();
    assert_eq!(ask(), "backend_unavailable true");
    gate.open();
    until(|| (ask() == "got 1").then_some(()));
}
