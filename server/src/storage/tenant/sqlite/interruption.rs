//! Measures how long SQLite goes on after a statement's time is over, for every function that hooks may call, with the largest
//! arguments that a value may be: in a loop, and in a row of as many calls as a statement may have.
//!
//! `interruption.tsv` holds what was measured; `MEASURE_FUNCTIONS=write` writes it anew. Without that variable only the loops are
//! run, and of the rows those of the slowest functions; `MEASURE_FUNCTIONS=all` (`make soak`) runs all. Time is that of the
//! thread, so that a busy machine does not count.

use std::{collections::BTreeSet, fmt::Write as _, path::Path, time::Duration};

use aerocall_runtime::host::ErrorCode;

use super::{
    super::{Statement, layers::Layers},
    authorizer::FUNCTIONS,
    connection::{Connection, ConnectionUse},
    run::{self, Open},
};

/// What a statement of the measurement may take.
const TIME: Duration = Duration::from_millis(20);
/// What a loop may take after that.
const MAX_LOOP_MS: u64 = 1_000;
/// What a row may take after that: as much as it weighs, see `uninterrupted`.
const MAX_ROW_MS: u64 = 6_000;
/// Functions whose rows are run each time.
const SLOWEST: [&str; 3] = ["glob", "json_insert", "like"];

/// How a function is called.
enum Call {
    /// Once for each row. `{name}`: one of the large values, `{pad}`: a text that is another one at each call of a row.
    Scalar(&'static str),
    /// Once for all rows.
    Aggregate(&'static str),
}

use Call::{Aggregate, Scalar};

/// Large values by name.
fn values() -> Vec<(&'static str, Vec<u8>)> {
    let text = |part: &str, bytes: usize| part.repeat(bytes / part.len()).into_bytes();
    let around = |open: &str, inside: Vec<u8>, close: &str| [open.as_bytes(), &inside, close.as_bytes()].concat();
    let members: Vec<String> = (0..60_000).map(|n| format!("\"k{n}\":{n}")).collect();
    vec![
        ("a", text("a", 1_000_000)),
        ("accents", text("é", 1_000_000)),
        ("quotes", text("'", 500_000)),
        ("blanks", text(" ", 1_000_000)),
        ("digits", text("9", 1_000_000)),
        ("escapes", text("\\u00e9", 1_000_000)),
        ("directives", text("%5d", 600_000)),
        ("times", text("%J", 100_000)),
        ("array", around("[", text("1,", 800_000), "1]")),
        ("broken", around("[", text("1,", 800_000), "x]")),
        ("object", around("{", members.join(",").into_bytes(), "}")),
        ("deep", around(&"[".repeat(900), Vec::new(), &"]".repeat(900))),
        ("escaped", around("\"", text("\\u00e9", 900_000), "\"")),
        ("path", around("$", text(".a", 900_000), "")),
        ("likes", around("%", text("a", 190), "b")),
        ("globs", around("*", text("[a]", 180), "b")),
    ]
}

#[rustfmt::skip]
const CALLS: &[(&str, Call)] = &[
    ("->", Scalar("({array}||{pad}) -> '$[#-1]'")), ("->>", Scalar("({array}||{pad}) ->> '$[#-1]'")),
    ("abs", Scalar("abs({digits})")), ("acos", Scalar("acos({digits})")), ("acosh", Scalar("acosh({digits})")),
    ("asin", Scalar("asin({digits})")), ("asinh", Scalar("asinh({digits})")), ("atan", Scalar("atan({digits})")),
    ("atan2", Scalar("atan2({digits},{digits})")), ("atanh", Scalar("atanh({digits})")), ("avg", Aggregate("avg({digits})")),
    ("ceil", Scalar("ceil({digits})")), ("ceiling", Scalar("ceiling({digits})")), ("changes", Scalar("changes()")),
    ("char", Scalar("char({digits},{digits},{digits},{digits})")), ("coalesce", Scalar("coalesce(NULL,{a})")),
    ("concat", Scalar("concat({a},'b')")), ("concat_ws", Scalar("concat_ws(',',{a},'b')")), ("cos", Scalar("cos({digits})")),
    ("cosh", Scalar("cosh({digits})")), ("count", Aggregate("count({a})")), ("cume_dist", Aggregate("cume_dist() OVER (ORDER BY n)")),
    ("current_date", Scalar("current_date")), ("current_time", Scalar("current_time")),
    ("current_timestamp", Scalar("current_timestamp")), ("date", Scalar("date({digits})")),
    ("datetime", Scalar("datetime('now',{a})")), ("degrees", Scalar("degrees({digits})")),
    ("dense_rank", Aggregate("dense_rank() OVER (ORDER BY n)")), ("exp", Scalar("exp({digits})")),
    ("first_value", Aggregate("first_value({a}) OVER (ORDER BY n)")), ("floor", Scalar("floor({digits})")),
    ("format", Scalar("format('%Q',{quotes})")), ("glob", Scalar("{a} GLOB {globs}")),
    ("group_concat", Aggregate("group_concat({a})")), ("hex", Scalar("hex(substr({a},1,500000))")), ("if", Scalar("if({digits},1,2)")),
    ("ifnull", Scalar("ifnull({a},1)")), ("iif", Scalar("iif({digits},1,2)")), ("instr", Scalar("instr({a},'aaaaaaaaaaaaaaab')")),
    ("json", Scalar("json({array}||{pad})")), ("json_array", Scalar("json_array({quotes},{quotes})")),
    ("json_array_insert", Scalar("json_array_insert({array}||{pad},'$[0]',1)")),
    ("json_array_length", Scalar("json_array_length({array}||{pad})")),
    ("json_error_position", Scalar("json_error_position({broken}||{pad})")),
    ("json_extract", Scalar("json_extract({array}||{pad},'$[#-1]','$[#-2]','$[#-3]','$[#-4]')")),
    ("json_group_array", Aggregate("json_group_array({a})")), ("json_group_object", Aggregate("json_group_object(n,{a})")),
    ("json_insert", Scalar("json_insert({array}||{pad},'$[#]',1,'$[#]',1,'$[#]',1,'$[#]',1,'$[#]',1,'$[#]',1,'$[#]',1)")),
    ("json_object", Scalar("json_object('a',{quotes},'b',{quotes})")), ("json_quote", Scalar("json_quote({quotes})")),
    ("json_remove", Scalar("json_remove({array}||{pad},'$[0]','$[0]','$[0]','$[0]','$[0]','$[0]','$[0]','$[0]')")),
    ("json_replace", Scalar("json_replace({array}||{pad},'$[0]',{quotes})")),
    ("json_set", Scalar("json_set({object}||{pad},'$.z',1,'$.y',1,'$.x',1,'$.w',1,'$.v',1)")),
    ("json_type", Scalar("json_type({array}||{pad},'$[#-1]')")), ("json_valid", Scalar("json_valid({array}||{pad},6)")),
    ("jsonb", Scalar("jsonb({array}||{pad})")), ("jsonb_array", Scalar("jsonb_array({quotes})")),
    ("jsonb_extract", Scalar("jsonb_extract({escaped}||{pad},'$')")),
    ("jsonb_group_array", Aggregate("jsonb_group_array({a})")), ("jsonb_group_object", Aggregate("jsonb_group_object(n,{a})")),
    ("jsonb_insert", Scalar("jsonb_insert({array}||{pad},'$[#]',1,'$[#]',1,'$[#]',1,'$[#]',1)")),
    ("jsonb_object", Scalar("jsonb_object('a',{quotes})")), ("jsonb_remove", Scalar("jsonb_remove({array}||{pad},'$[0]','$[0]','$[0]')")),
    ("jsonb_replace", Scalar("jsonb_replace({array}||{pad},'$[0]',1)")), ("jsonb_set", Scalar("jsonb_set('{{}}'||{pad},{path},1)")),
    ("julianday", Scalar("julianday({digits})")), ("lag", Aggregate("lag({a}) OVER (ORDER BY n)")),
    ("last_insert_rowid", Scalar("last_insert_rowid()")), ("last_value", Aggregate("last_value({a}) OVER (ORDER BY n)")),
    ("lead", Aggregate("lead({a}) OVER (ORDER BY n)")), ("length", Scalar("length({accents})")), ("like", Scalar("{a} LIKE {likes}")),
    ("likelihood", Scalar("likelihood({digits},0.5)")), ("likely", Scalar("likely({digits})")), ("ln", Scalar("ln({digits})")),
    ("log", Scalar("log({digits},{digits})")), ("log10", Scalar("log10({digits})")), ("log2", Scalar("log2({digits})")),
    ("lower", Scalar("lower({accents})")), ("ltrim", Scalar("ltrim({blanks})")), ("max", Scalar("max({a},{a},{a})")),
    ("median", Aggregate("median(n)")), ("min", Scalar("min({a},{a},{a})")), ("mod", Scalar("mod({digits},{digits})")),
    ("nth_value", Aggregate("nth_value({a},5) OVER (ORDER BY n)")), ("ntile", Aggregate("ntile(5) OVER (ORDER BY n)")),
    ("nullif", Scalar("nullif({a},{a})")), ("octet_length", Scalar("octet_length({digits})")),
    ("percent_rank", Aggregate("percent_rank() OVER (ORDER BY n)")), ("percentile", Aggregate("percentile(n,50)")),
    ("pi", Scalar("pi()")), ("pow", Scalar("pow({digits},{digits})")), ("power", Scalar("power({digits},{digits})")),
    ("printf", Scalar("printf({directives},n)")), ("quote", Scalar("quote({quotes})")), ("radians", Scalar("radians({digits})")),
    ("random", Scalar("random()")), ("randomblob", Scalar("randomblob(1000000)")), ("rank", Aggregate("rank() OVER (ORDER BY n)")),
    ("replace", Scalar("replace({a},'a','b')")), ("round", Scalar("round({digits},30)")),
    ("row_number", Aggregate("row_number() OVER (ORDER BY n)")), ("rtrim", Scalar("rtrim({a},{accents}||'a')")),
    ("sign", Scalar("sign({digits})")), ("sin", Scalar("sin({digits})")), ("sinh", Scalar("sinh({digits})")),
    ("sqrt", Scalar("sqrt({digits})")), ("strftime", Scalar("strftime({times},'now')")),
    ("string_agg", Aggregate("string_agg({a},',')")), ("substr", Scalar("substr({accents},-400000,300000)")),
    ("substring", Scalar("substring({accents},400000,2)")), ("sum", Aggregate("sum({digits})")), ("tan", Scalar("tan({digits})")),
    ("tanh", Scalar("tanh({digits})")), ("time", Scalar("time({digits},{a})")), ("timediff", Scalar("timediff({digits},{digits})")),
    ("total", Aggregate("total({digits})")), ("total_changes", Scalar("total_changes()")), ("trim", Scalar("trim({a},'a')")),
    ("trunc", Scalar("trunc({digits})")), ("typeof", Scalar("typeof({a})")), ("unicode", Scalar("unicode({accents})")),
    ("unistr", Scalar("unistr({escapes})")), ("unixepoch", Scalar("unixepoch({digits})")), ("unlikely", Scalar("unlikely({digits})")),
    ("upper", Scalar("upper({accents})")), ("zeroblob", Scalar("hex(zeroblob(500000))")),
];

#[test]
fn every_function_is_measured() {
    let measured: BTreeSet<&str> = CALLS.iter().map(|(name, _)| *name).collect();
    assert_eq!(measured, FUNCTIONS.iter().copied().collect());
    let table = include_str!("interruption.tsv");
    let lines: BTreeSet<&str> = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next())
        .collect();
    assert_eq!(measured, lines, "write the table anew with MEASURE_FUNCTIONS=write");
}

#[test]
fn no_function_goes_on_for_long_after_the_time_of_its_statement() {
    let dir = tempfile::tempdir().unwrap();
    let connection = filled(&dir.path().join("a.db"));
    let measure = std::env::var("MEASURE_FUNCTIONS").unwrap_or_default();
    let all = !measure.is_empty();
    let mut table = "function\tcall\tloop ms\trow ms\tcalls in the row\n".to_owned();
    for (name, call) in CALLS {
        let (shown, looped) = match call {
            Scalar(call) => (call, run_for(&connection, &in_a_loop(&format!("count({call})")))),
            Aggregate(call) => (call, run_for(&connection, &in_a_loop(call))),
        };
        let Some((_, loop_ms)) = looped else {
            writeln!(table, "{name}\tnot in this SQLite\t-\t-\t-").unwrap();
            continue;
        };
        assert!(loop_ms <= MAX_LOOP_MS, "{shown} in a loop: {loop_ms} ms");
        let row = match call {
            Scalar(call) if all || SLOWEST.contains(name) => Some(longest_row(&connection, call)),
            _ => None,
        };
        let Some((count, row_ms)) = row else {
            writeln!(table, "{name}\t{shown}\t{loop_ms}\t-\t-").unwrap();
            continue;
        };
        assert!(row_ms <= MAX_ROW_MS, "{shown}, {count} in a row: {row_ms} ms");
        writeln!(table, "{name}\t{shown}\t{loop_ms}\t{row_ms}\t{count}").unwrap();
    }
    if measure == "write" {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/storage/tenant/sqlite/interruption.tsv");
        std::fs::write(path, table).unwrap();
    }
}

/// A database with each large value in a table of its own: a row may not be larger than a value.
fn filled(path: &Path) -> Connection {
    let connection = Connection::open(path, ConnectionUse::Hooks, 64 << 20, Layers::ALL).unwrap();
    connection.ours(|db| {
        for (name, value) in values() {
            db.execute_batch(&format!("CREATE TABLE {name} (v TEXT)")).unwrap();
            let text = String::from_utf8(value).unwrap();
            db.execute(&format!("INSERT INTO {name} VALUES (?)"), [text]).unwrap();
        }
    });
    connection
}

fn in_a_loop(what: &str) -> String {
    let (what, tables) = filled_in(what, 0);
    format!("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT {what} FROM c{tables}")
}

/// As many calls as a statement may have; how many, and for how long they ran.
fn longest_row(connection: &Connection, call: &str) -> (usize, u64) {
    let mut count = 900;
    loop {
        // In columns, because a calculation may be a hundred levels deep.
        let columns: Vec<String> = (0..count)
            .collect::<Vec<usize>>()
            .chunks(count.div_ceil(90))
            .map(|part| {
                let one = |at: &usize| format!("(({}) IS NULL)", filled_in(call, *at).0);
                part.iter().map(one).collect::<Vec<_>>().join("+")
            })
            .collect();
        let tables = filled_in(call, 0).1;
        let sql = format!("SELECT {} FROM (SELECT 1 AS n) c{tables}", columns.join(", "));
        match (sql.len() <= 64 << 10).then(|| run_for(connection, &sql)).flatten() {
            Some((Ended::Refused, _)) | None => count = count * 4 / 5,
            Some((Ended::Ran, ms)) => return (count, ms),
        }
        assert!(count > 0, "{call}");
    }
}

/// The expression with its values, and their tables.
fn filled_in(what: &str, at: usize) -> (String, String) {
    let mut what = what
        .replace("{pad}", &format!("'{}'", " ".repeat(at % 7 + 1)))
        .replace("{{}}", "{\u{0}}");
    let mut tables = String::new();
    for (name, _) in values_by_name() {
        let place = format!("{{{name}}}");
        if what.contains(&place) {
            what = what.replace(&place, &format!("{name}.v"));
            write!(tables, ", {name}").unwrap();
        }
    }
    (what.replace("{\u{0}}", "{}"), tables)
}

fn values_by_name() -> &'static [(&'static str, Vec<u8>)] {
    static VALUES: std::sync::LazyLock<Vec<(&str, Vec<u8>)>> = std::sync::LazyLock::new(values);
    &VALUES
}

#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Ran,
    Refused,
}

/// How long the statement ran after its time, in milliseconds; `None` if there is no such function.
fn run_for(connection: &Connection, sql: &str) -> Option<(Ended, u64)> {
    let statement = Statement {
        sql: sql.to_owned(),
        params: Vec::new(),
        rows: u32::MAX,
        bytes: u64::MAX,
        time: TIME,
    };
    let began = thread_ms();
    let ran = run::query(connection, &statement, Open::Nothing);
    let ms = (thread_ms() - began).saturating_sub(u64::try_from(TIME.as_millis()).unwrap());
    match ran.map(drop) {
        Ok(()) => Some((Ended::Ran, ms)),
        Err(error) if error.code == ErrorCode::LimitExceeded => Some((Ended::Refused, ms)),
        Err(error) if error.message.contains("no such function") => None,
        // Over its time, or an argument that the function refuses after it has read it.
        Err(error) => {
            let expected = [ErrorCode::Timeout, ErrorCode::TooLarge, ErrorCode::InvalidArgument];
            assert!(expected.contains(&error.code), "{error:?} {sql:.300}");
            Some((Ended::Ran, ms))
        }
    }
}

/// The time that this thread has run.
fn thread_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<u64>().unwrap() / 1_000_000
}
