//! What one call of a hook takes of the server's memory, for every host call with the largest arguments and answers that it can
//! have: the memory of its instance and a few MiB. Each test is a process of its own under nextest, so it measures itself.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
};

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    http_server,
    services::with_postgres,
    site::{PASSWORD, Site, until},
};

/// Of the hooks in the table.
const MEMORY_LIMIT_BYTES: usize = 32 << 20;
/// What a call may take besides.
const MAX_MORE_BYTES: usize = 16 << 20;

/// The ceilings of the runtime, so that the table holds whatever a server allows; and a small cache, because what is cached stays.
const SETTINGS: [(&str, &str); 5] = [
    ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32"),
    ("AEROCALL_HOOKS_CACHE_BYTES_PER_PROJECT", "1048576"),
    ("AEROCALL_HOOKS_MAX_DEADLINE_MS", "30000"),
    ("AEROCALL_HOOKS_MAX_FUEL", "20000000000"),
    ("AEROCALL_HOOKS_MAX_RECORD_BYTES", "4194304"),
];

/// What a hook asks for.
const CONFIG: &str = "{ limits: { memoryBytes: 33554432, hostBytes: 67108864, recordBytes: 4194304, dbRows: 100000, \
    dbStatementMs: 10000, deadlineMs: 30000, fuel: 20000000000, httpRequests: 200, httpResponseBytes: 8388608, \
    queueMessages: 1000, emails: 100, logLines: 10000, logBytes: 1048576 }, \
    capabilities: { http: ['127.0.0.1'], secrets: ['key'], db: true, cache: true, queue: true, auth: true } }";

/// A hook that makes host calls as large as they can be.
struct Row {
    calls: &'static [&'static str],
    /// Statements; `all` runs functions one after the other whatever they throw, `HOST` is a server with large answers.
    body: &'static str,
}

const NUMBERS: &str = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000) SELECT ";

const TABLES: &[Row] = &[
    Row {
        calls: &["db.query"],
        body: "const wide = Array(80).fill('n').map((n, i) => `${n} AS c${i}`).join(','); \
            await all(() => Aerocall.db.query(NUMBERS + wide + ' FROM c'));",
    },
    Row {
        calls: &["db.query"],
        body: "await all(() => Aerocall.db.query(NUMBERS + 'n, n + 1, n + 2, n + 3 FROM c WHERE n < 20000'));",
    },
    Row {
        calls: &["db.query", "db.execute"],
        body: "const text = '\\u0001\"'.repeat(400000); const many = [text, text, text, text]; \
            await all(() => Aerocall.db.query('SELECT CAST(? AS TEXT) AS a, CAST(? AS TEXT) AS b, CAST(? AS TEXT) AS c, CAST(? AS TEXT) AS d', many), \
            () => Aerocall.db.execute('SELECT CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT)', many));",
    },
    Row {
        calls: &[
            "db.begin",
            "db.transaction.query",
            "db.transaction.execute",
            "db.transaction.commit",
        ],
        body: "const text = 'x'.repeat(900000); await all(() => Aerocall.db.transaction(async (tx: any) => { \
            await tx.query('SELECT CAST(? AS TEXT) AS a', [text]); \
            await tx.execute('SELECT CAST(? AS TEXT), CAST(? AS TEXT)', [text, text]); \
            await tx.query(NUMBERS + 'n, n + 1 FROM c WHERE n < 30000').catch(() => {}); }));",
    },
    Row {
        calls: &["db.begin", "db.transaction.rollback"],
        body: "await all(() => Aerocall.db.transaction(async () => { throw new Error('x'.repeat(1000000)); }));",
    },
];

const OTHERS: &[Row] = &[
    Row {
        calls: &[
            "cache.set",
            "cache.get",
            "cache.setIfAbsent",
            "cache.delete",
            "cache.increment",
        ],
        body: "const value = 'x'.repeat(260000); for (let i = 0; i < 60; i++) await all(() => Aerocall.cache.set(`k${i}`, value), \
            () => Aerocall.cache.get(`k${i}`), () => Aerocall.cache.setIfAbsent(`s${i}`, value)); \
            await all(() => Aerocall.cache.delete('k1'), () => Aerocall.cache.increment('n'), () => Aerocall.cache.set('z', 'x'.repeat(4000000)));",
    },
    Row {
        calls: &["queue.enqueue"],
        body: "const message = 'x'.repeat(260000); for (let i = 0; i < 60; i++) await all(() => Aerocall.Queue.enqueue('q', message)); \
            await all(() => Aerocall.Queue.enqueue('q', 'x'.repeat(4000000)));",
    },
    Row {
        calls: &[
            "auth.getUser",
            "auth.updateUser",
            "auth.listSessions",
            "auth.revokeSessions",
            "auth.sendEmail",
        ],
        body: "const user = await Aerocall.auth.getUser({ email: 'ada@example.com' }); const id = user.id; \
            await all(() => Aerocall.auth.updateUser(id, { metadata: { x: 'x'.repeat(3000000) } }), \
            () => Aerocall.auth.updateUser(id, { metadata: { x: 'x'.repeat(16000) } }), \
            () => Aerocall.auth.sendEmail({ to: 'ada@example.com', subject: 's', text: 'x'.repeat(3000000) }), \
            () => Aerocall.auth.listSessions(id), () => Aerocall.auth.revokeSessions(id), () => Aerocall.auth.getUser({ id: 'x'.repeat(4000000) }));",
    },
    Row {
        calls: &["password.strength", "password.verify"],
        body: "await all(() => payload.password.strength(), () => payload.password.verify('x'.repeat(4000000)));",
    },
    Row {
        calls: &["secrets.get", "secrets.hmac"],
        body: "const key = await Aerocall.secrets.get('key'); await all(() => key.hmac('SHA-256', new Uint8Array(4000000)));",
    },
    Row {
        calls: &["http.send"],
        body: "const urls = Array(40).fill(`${HOST}/large`); await all(() => Aerocall.http.sendAll(urls), \
            () => Aerocall.http.post(`${HOST}/large`, 'x'.repeat(3000000)), () => Aerocall.http.get(`${HOST}/large`));",
    },
    Row {
        calls: &[],
        body: "for (let i = 0; i < 20; i++) console.log('x'.repeat(3000000)); for (let i = 0; i < 200; i++) crypto.getRandomValues(new Uint8Array(65536));",
    },
];

#[test]
fn every_host_call_is_in_the_table() {
    let mut made = BTreeSet::new();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/src/host")).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for call in source.split(".capability(").skip(1) {
            made.insert(call.split('"').nth(1).unwrap().to_owned());
        }
    }
    assert!(made.len() >= 20, "{made:?}");
    let measured: BTreeSet<String> = TABLES
        .iter()
        .chain(OTHERS)
        .flat_map(|row| row.calls.iter().map(|call| (*call).to_owned()))
        .collect();
    assert_eq!(measured, made);
}

#[test]
fn a_call_takes_its_own_memory_and_little_more() {
    let site = Site::with(&SETTINGS);
    measure(&site, OTHERS);
}

#[test]
fn tables_in_files_take_little_more() {
    measure(&Site::with(&SETTINGS), TABLES);
}

#[test]
fn tables_in_postgresql_take_little_more() {
    with_postgres(&SETTINGS, |site| measure(site, TABLES));
}

fn measure(site: &Site, rows: &[Row]) {
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    let secret = json!({ "value": "correct horse battery staple", "hosts": ["api.example.com"] });
    let put = site.admin("PUT", "/projects/a/environments/production/secrets/key", Some(secret));
    assert!(put.status < 300, "{put:?}");
    let host = large_answers();
    let mut too_much = String::new();
    for (number, row) in rows.iter().enumerate() {
        let name = format!("row{number}");
        site.live("a", &[(&name, &source(row, &host))]);
        let sign_up = |email: String| site.register(&project.pk, json!({ "email": email, "password": PASSWORD }));
        // Whatever is loaded at the first call is loaded now.
        sign_up(format!("warm{number}@example.com"));
        let before = memory("VmRSS");
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        let answer = sign_up(format!("go{number}@example.com"));
        let id = recorded(site, answer.header("x-request-id"));
        // Before the record is asked for: to show it takes memory of its own.
        let grown = memory("VmHWM").saturating_sub(before);
        let made = calls(site, &id);
        let missing: Vec<_> = row.calls.iter().filter(|call| !made.contains(**call)).collect();
        assert!(missing.is_empty(), "{missing:?} of {made:?}: {answer:?}");
        if grown > MEMORY_LIMIT_BYTES + MAX_MORE_BYTES {
            writeln!(too_much, "{:?}: {} MiB", row.calls, grown >> 20).unwrap();
        }
    }
    assert!(too_much.is_empty(), "calls that took too much:\n{too_much}");
}

fn source(row: &Row, host: &str) -> String {
    let body = format!(
        "if (!payload.user.email.startsWith('go')) return; const HOST = 'http://{host}'; const NUMBERS = '{NUMBERS}'; \
         const all = async (...list: any[]) => {{ for (const one of list) {{ try {{ await one(); }} catch {{}} }} }}; {}",
        row.body
    );
    format!("export const config: any = {CONFIG};\n{}", hook("beforeSignup", &body))
}

const INVOCATIONS: &str = "/projects/a/environments/production/invocations";

/// The request's invocation, once it is recorded.
fn recorded(site: &Site, request_id: &str) -> String {
    until(|| {
        let list = site
            .admin("GET", &format!("{INVOCATIONS}?requestId={request_id}"), None)
            .json;
        list["invocations"][0]["id"].as_str().map(str::to_owned)
    })
}

/// The names of its host calls.
fn calls(site: &Site, id: &str) -> BTreeSet<String> {
    let whole = site.admin("GET", &format!("{INVOCATIONS}/{id}"), None).json;
    let name = |call: &Value| call["name"].as_str().unwrap().to_owned();
    whole["hostCalls"].as_array().unwrap().iter().map(name).collect()
}

/// A field of `/proc/self/status`, in bytes.
fn memory(field: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    let kibibytes: usize = line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
    kibibytes << 10
}

/// The address of a server that answers everything with two megabytes.
fn large_answers() -> String {
    const BYTES: usize = 2_000_000;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = http_server::on(listener, |mut stream| {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        // What follows the head of a request is not waited for.
        while !lines.next().transpose()?.unwrap_or_default().is_empty() {}
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {BYTES}\r\nconnection: close\r\n\r\n"
        )?;
        (0..BYTES / 1_000).try_for_each(|_| stream.write_all(&[0x01; 1_000]))
    });
    address.to_string()
}
