//! What a test case gives and expects of tables, users, queues and mails, and the same `given` for `aerocall run`.

use serde_json::json;

use crate::support::{aerocall, project, run};

const MEMBERS: &str = "CREATE TABLE members (id TEXT PRIMARY KEY, email TEXT NOT NULL, since TIMESTAMPTZ);";
const CLUB: &str = "export const afterSignup = async (_c: any, { user }: any, { db, auth, Queue }: any) => {
  await Queue.enqueue('greet', { to: user.email }, { delaySeconds: 60, idempotencyKey: user.email });
  await auth.sendEmail({ to: user.email, subject: 'Hello', text: 'Welcome' });
  const known = await auth.getUser({ email: user.email });
  await db.execute('INSERT INTO members (id, email) VALUES ($1, $2)', [known.id, known.email]);
  return { patch: { user: { metadata: { knew: known.metadata.plan ?? null } } } };
};
export const beforeLogin = async (_c: any, { user, password }: any) =>
  ({ patch: { user: { metadata: { right: await password.verify(user.id), strength: await password.strength() } } } });
export const on = { 'queue.greet': async (_c: any, _job: any, { db }: any) => { await db.query('SELECT 1'); } };
";

fn club(cases: &serde_json::Value) -> tempfile::TempDir {
    project(&[
        ("hooks/club.ts", CLUB),
        ("migrations/001-members.sql", MEMBERS),
        ("tests/club.json", &cases.to_string()),
    ])
}

/// The first problem of each case; `ok` for none.
fn problems(summary: &serde_json::Value) -> Vec<String> {
    let cases = summary["cases"].as_array().unwrap().iter();
    cases
        .map(|case| case["problems"][0].as_str().unwrap_or("ok").to_owned())
        .collect()
}

fn assert_starts(problems: &[String], starts: &[&str]) {
    assert_eq!(problems.len(), starts.len(), "{problems:#?}");
    for (problem, start) in problems.iter().zip(starts) {
        assert!(problem.starts_with(start), "{problem:?} should start with {start:?}");
    }
}

#[test]
fn what_a_hook_leaves_in_tables_queues_and_mailboxes_is_compared() {
    let given = json!({ "users": [{ "id": "usr_1", "email": "ada@work.example", "metadata": { "plan": "team" } }] });
    let case = |email: &str, expect: serde_json::Value| json!({ "hook": "afterSignup", "payload": { "user": { "email": email } }, "given": given, "expect": expect });
    let ada = |expect| case("ada@work.example", expect);
    let members =
        |rows: serde_json::Value| json!({ "db": [{ "sql": "SELECT id, email, since FROM members", "rows": rows }] });
    let member = json!({ "id": "usr_1", "email": "ada@work.example", "since": null });
    let message = json!({ "queue": "greet", "message": { "to": "ada@work.example" }, "delaySeconds": 60, "idempotencyKey": "ada@work.example" });
    let cases = json!([
        ada(
            json!({ "queue": [message], "emails": [{ "to": "ada@work.example", "subject": "Hello", "text": "Welcome" }] })
        ),
        ada(members(json!([member]))),
        ada(json!({ "replyIncludes": { "patch": { "user": { "metadata": { "knew": "team" } } } } })),
        // A hook that fails leaves nothing, also of what it did before.
        case(
            "nobody@work.example",
            json!({ "replyIncludes": { "kind": "failure" }, "queue": [], "emails": [], "db": members(json!([]))["db"] })
        ),
        ada(json!({ "queue": [] })),
        ada(json!({ "queue": [{ "queue": "greet", "delaySeconds": 5 }] })),
        ada(json!({ "queue": [message, message] })),
        ada(json!({ "emails": [] })),
        ada(json!({ "emails": [{ "to": "ada@work.example", "html": "<p>" }] })),
        ada(members(json!([]))),
        ada(members(
            json!([{ "id": "usr_2", "email": "ada@work.example", "since": null }])
        )),
        ada(members(json!([{ "id": "usr_1", "email": "ada@work.example" }]))),
        ada(json!({ "db": [{ "sql": "SELECT * FROM nowhere", "rows": [] }] })),
        ada(json!({ "db": [{ "sql": "ATTACH 'x' AS y", "rows": [] }] })),
    ]);
    let summary = run(club(&cases).path(), &["test", "--json"]).expect(1).json();
    assert_starts(
        &problems(&summary),
        &[
            "ok",
            "ok",
            "ok",
            "ok",
            "queue: expected [], got [{",
            "queue[0].delaySeconds: expected 5, got 60",
            "queue: expected [{",
            "emails: expected [], got [{",
            "emails[0].html: expected \"<p>\", but it is missing",
            "db[0]: expected [], got [{",
            "db[0][0].id: expected \"usr_2\", got \"usr_1\"",
            "db[0][0].since: not expected, but it is null",
            "db[0] (SELECT * FROM nowhere): db: no such table: nowhere",
            "db[0] (ATTACH 'x' AS y): db: ",
        ],
    );
}

#[test]
fn rows_and_passwords_are_there_before_the_call() {
    let users = json!([{ "id": "usr_1", "email": "ada@work.example", "password": "correct horse battery" }]);
    let login = |password: &str, patch: serde_json::Value| {
        json!({ "hook": "beforeLogin", "payload": { "user": { "id": "usr_1" } }, "given": { "users": users, "password": password },
            "expect": { "reply": { "kind": "patch", "patch": { "user": { "metadata": patch } } } } })
    };
    let row = "INSERT INTO members (id, email, since) VALUES ('usr_1', 'a@b.c', '2026-01-01T00:00:00Z')";
    let since = json!([{ "since": "2026-01-01T00:00:00Z" }]);
    let cases = json!([
        login("correct horse battery", json!({ "right": true, "strength": 4 })),
        login("password", json!({ "right": false, "strength": 0 })),
        { "hook": "queue.greet", "payload": {}, "given": { "rows": [row] },
            "expect": { "db": [{ "sql": "SELECT since FROM members", "rows": since }] } },
        // A key that is taken: what the database says reaches the hook, and nothing stays.
        { "hook": "afterSignup", "payload": { "user": { "email": "ada@work.example" } }, "given": { "users": users, "rows": [row] },
            "expect": { "replyIncludes": { "kind": "failure", "error": { "code": "conflict" } }, "queue": [],
                "db": [{ "sql": "SELECT email FROM members", "rows": [{ "email": "a@b.c" }] }] } },
    ]);
    let summary = run(club(&cases).path(), &["test", "--json"]).expect(0).json();
    assert_eq!(summary["passed"], 4, "{summary}");
}

#[test]
fn what_is_given_and_cannot_be_fails_its_case_and_names_the_part() {
    let case = |given: serde_json::Value| json!({ "hook": "queue.greet", "payload": {}, "given": given, "expect": {} });
    let twice = json!([{ "email": "a@b.example" }, { "email": "A@b.example" }]);
    let cases = json!([
        case(json!({})),
        case(json!({ "users": [{ "email": "nope" }] })),
        case(json!({ "users": twice })),
        case(json!({ "users": [{ "email": "a@b.example", "password": "" }] })),
        case(json!({ "users": [{ "email": "a@b.example", "metadata": { "a": "x".repeat(20_000) } }] })),
        case(
            json!({ "rows": ["INSERT INTO members (id, email) VALUES ('a', 'b')", "INSERT INTO nowhere VALUES (1)"] })
        ),
        case(json!({ "rows": ["INSER members"] })),
        case(json!({ "cache": { "": 1 } })),
        case(json!({ "password": "" })),
        json!({ "hook": "queue.greet", "payload": {}, "context": { "projectId": "No Slug" }, "expect": {} }),
    ]);
    let project = club(&cases);
    let summary = run(project.path(), &["test", "--json"]).expect(1).json();
    assert_starts(
        &problems(&summary),
        &[
            "ok",
            "given.users[0] (nope): the email ",
            "given.users[1] (A@b.example): ",
            "given.users[0] (a@b.example): the password ",
            "given.users[0] (a@b.example): metadata ",
            "given.rows[1] (INSERT INTO nowhere VALUES (1)): db: no such table: nowhere",
            "given.rows[0] (INSER members): db: ",
            "given.cache[\"\"]: cache: ",
            "given.password ",
            "the project's id \"No Slug\" ",
        ],
    );
    let shown = run(project.path(), &["test"]).expect(1).stdout;
    assert!(
        shown.contains("FAILED tests/club.json · club 2\n         given.users[0] (nope)"),
        "{shown}"
    );
    std::fs::write(
        project.path().join("migrations/002-broken.sql"),
        "CREATE TABLE a (b TEXT);\nCREATE TABEL c (d TEXT);",
    )
    .unwrap();
    let broken = run(project.path(), &["test", "--json", "--filter", "club 1"])
        .expect(1)
        .json();
    assert_starts(&problems(&broken)[..1], &["migrations: 002-broken, statement 2: "]);
    std::fs::write(project.path().join("migrations/Bad.sql"), "").unwrap();
    let bad = run(project.path(), &["test"]).expect(2);
    assert!(bad.stderr.contains("migrations/Bad.sql"), "{}", bad.stderr);
}

#[test]
fn one_call_finds_what_is_given_as_well() {
    let project = club(&json!([]));
    let write = |file: &str, document: serde_json::Value| {
        std::fs::write(project.path().join(file), document.to_string()).unwrap()
    };
    write("in.json", json!({ "user": { "email": "ada@work.example" } }));
    let call_in = |directory: &str, file: &str, up: &str| {
        let (input, given) = (format!("{up}in.json"), format!("{up}given.json"));
        let arguments = [
            "run",
            file,
            "--hook",
            "afterSignup",
            "--input",
            &input,
            "--given",
            &given,
            "--json",
        ];
        run(&project.path().join(directory), &arguments)
    };
    let call = |code: i32| call_in(".", "hooks/club.ts", "").expect(code);
    write(
        "given.json",
        json!({ "users": [{ "id": "usr_1", "email": "ada@work.example", "metadata": { "plan": "team" } }] }),
    );
    let report = call(0).json();
    assert_eq!(report["reply"]["patch"]["user"]["metadata"]["knew"], "team", "{report}");
    let names: Vec<_> = report["hostCalls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| &call["name"])
        .collect();
    assert_eq!(names, ["queue.enqueue", "auth.sendEmail", "auth.getUser", "db.execute"]);
    call_in("hooks", "club.ts", "../").expect(0);
    write("given.json", json!({ "rows": ["INSERT INTO nowhere VALUES (1)"] }));
    let bad = call(2);
    assert!(
        bad.stderr.contains("given.json: given.rows[0] (INSERT INTO nowhere"),
        "{}",
        bad.stderr
    );
    write("given.json", json!({ "users": [{ "mail": "x" }] }));
    let unknown = call(2);
    assert!(
        unknown.stderr.contains("given.json:1:") && unknown.stderr.contains("`mail`"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn requests_of_one_call_really_leave_and_reach_this_machine_only_if_it_is_allowed() {
    let address = crate::http_server::answering(|_| ("", "hi".to_owned()));
    let hook = format!(
        "export const beforeSignup = async () => ({{ patch: {{ user: {{ name: await (await fetch('http://{address}/')).text() }} }} }});"
    );
    let project = project(&[("hooks/a.ts", &hook), ("payload.json", "{}")]);
    let arguments = [
        "run",
        "hooks/a.ts",
        "--hook",
        "beforeSignup",
        "--input",
        "payload.json",
        "--json",
    ];
    let refused = run(project.path(), &arguments).expect(1).json();
    assert_eq!(refused["reply"]["error"]["code"], "denied", "{refused}");
    let mut allowed = aerocall(project.path());
    allowed
        .args(arguments)
        .env("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32");
    let done: crate::support::Done = allowed.output().unwrap().into();
    assert_eq!(done.expect(0).json()["reply"]["patch"]["user"]["name"], "hi");
}
