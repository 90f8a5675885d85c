//! Guests in machine code of their own that mean harm, without WASI and with it: each is stopped by the limit that is there for
//! it, its outcome says which and where, and the next call works.

use std::time::{Duration, Instant};

use aerocall_runtime::{Hook, Invocation, Limits, LogLevel, Outcome};

use crate::{
    crafted,
    guest::{self, PLAIN, WASI, reported, run},
};

/// The command that the guest gets, and how the outcome begins.
type Row = (&'static str, &'static str);

const REPLIES: &[Row] = &[
    ("allow", "allow"),
    ("deny", "deny no: not you"),
    ("say", "patch \"hello\""),
    (
        "patch that is no JSON",
        "hook_bad_reply: `patch` of the reply must be a JSON object",
    ),
    (
        "patch that is a list",
        "hook_bad_reply: `patch` of the reply must be a JSON object, got another JSON value",
    ),
    (
        "patch past the limit",
        "hook_bad_reply: `patch` of the reply must be at most 1048576 bytes of JSON",
    ),
    ("patch of five megabytes", "hook_failed: the hook crashed: "),
    (
        "deny with a code that is none",
        "hook_bad_reply: `deny.code` of the reply must be 1 to 64 characters",
    ),
    (
        "deny with status 200",
        "hook_bad_reply: `deny.status` of the reply must be 400 to 499, got 200",
    ),
    (
        "deny at length",
        "hook_bad_reply: `deny.message` of the reply must be at most 500 characters, got 501",
    ),
    ("throw", "hook_failed: MyError: not today"),
    ("throw at length", "hook_failed: MyError: xxx"),
    ("bad reply at length", "hook_bad_reply: `xxx"),
    ("never settles", "hook_failed: the hook waits for a promise"),
    ("unknown hook", "hook_unavailable: the bundle has no hook"),
];

const ENDLESS: &[Row] = &[
    (
        "spin",
        "hook_out_of_fuel: the hook used up its fuel of 300000000 units, in `",
    ),
    ("copy", "hook_out_of_fuel: the hook used up its fuel of 300000000 units"),
    (
        "recurse",
        "hook_failed: the hook crashed: wasm trap: out of bounds memory access, or its stack is used up, in `",
    ),
    (
        "recurse without memory",
        "hook_failed: the hook crashed: its stack is used up: it recurses or nests data too deeply, in `",
    ),
    (
        "grow",
        "hook_out_of_memory: the hook needs more memory than its limit of 33554432 bytes",
    ),
    (
        "grow at once",
        "hook_out_of_memory: the hook needs more memory than its limit of 33554432 bytes",
    ),
    ("sleep", "hook_timeout: the hook did not finish within 300 ms"),
    ("sleep again and again", "hook_timeout: "),
    ("sleep for no time", "hook_timeout: "),
    ("flood the clock", "hook_timeout: "),
    ("flood the generator", "hook_timeout: "),
    ("flood the log without end", "hook_timeout: "),
];

const HOST: &[Row] = &[
    ("flood the log", "allow"),
    ("log a book", "hook_failed: the hook crashed: "),
    (
        "ask for too much randomness",
        "hook_failed: the hook crashed: 65537 random bytes requested, the limit is 65536",
    ),
    (
        "flood the cache",
        "deny refused: an invocation can make at most 2000 host calls (2000 used)",
    ),
    ("cache a book", "hook_failed: the hook crashed: "),
    ("hoard handles", "hook_failed: the hook crashed: "),
];

const CRASHES: &[Row] = &[
    ("panic", "hook_failed: Panic: no luck"),
    (
        "index",
        "hook_failed: Panic: index out of bounds: the len is 3 but the index is 7",
    ),
    ("panic after a flood", "hook_failed: Panic: at the end"),
    ("panic at length", "hook_failed: Panic: xxx"),
    (
        "unreachable",
        "hook_failed: the hook crashed: wasm trap: wasm `unreachable` instruction executed, in `",
    ),
    (
        "read where nothing is",
        "hook_failed: the hook crashed: wasm trap: out of bounds memory access",
    ),
];

const OF_WASI: &[Row] = &[
    ("exit", "hook_failed: the hook called exit(1): return a reply instead"),
    (
        "exit well",
        "hook_failed: the hook called exit(0): return a reply instead",
    ),
    ("abort", "hook_failed: the hook crashed: "),
    ("print a flood", "allow"),
    ("print a flood without lines", "allow"),
    ("print without end", "hook_timeout: "),
    (
        "write past the permit",
        "hook_failed: the hook crashed: more is written to the stream than it has permitted",
    ),
    (
        "sleep for an hour",
        "hook_timeout: the hook did not finish within 300 ms",
    ),
    ("poll without end", "hook_timeout: "),
    ("poll what has ended without end", "hook_timeout: "),
    (
        "poll much",
        "hook_failed: the hook crashed: cannot lend resource: store handle limit exceeded",
    ),
    ("poll nothing", "hook_failed: the hook crashed: a poll of nothing"),
    ("read clocks without end", "hook_timeout: "),
    ("draw without end", "hook_timeout: "),
    (
        "draw too much",
        "hook_failed: the hook crashed: 18446744073709551615 random bytes requested, the limit is 65536",
    ),
    ("hoard streams", "hook_failed: the hook crashed: "),
    ("hoard timers", "hook_failed: the hook crashed: "),
    ("start a thread", "patch \"no thread\""),
];

/// Little fuel for what never asks the host, little time for what does.
fn limits(expected: &str) -> Limits {
    let fuel = match expected.starts_with("hook_timeout") {
        true => Limits::CEILING.fuel,
        false => 300_000_000,
    };
    let deadline_ms = if expected.starts_with("hook_timeout") {
        300
    } else {
        20_000
    };
    Limits {
        fuel,
        deadline_ms,
        ..Limits::DEFAULT
    }
}

/// Runs the rows and says which came out otherwise.
async fn wrong(hook: &Hook, rows: &[Row]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (what, expected) in rows {
        let began = Instant::now();
        let invocation = run(hook, what, &limits(expected)).await;
        let came = reported(&invocation.outcome);
        if !came.starts_with(expected) {
            wrong.push(format!("{what}: {came:.300}, not {expected}"));
        }
        if expected.starts_with("hook_timeout") && began.elapsed() > Duration::from_millis(1_500) {
            wrong.push(format!("{what}: it took {:?}", began.elapsed()));
        }
        check_size(what, &invocation, &mut wrong);
        let next = run(hook, "say", &Limits::DEFAULT).await.outcome;
        assert_eq!(reported(&next), "patch \"hello\"", "after {what}");
    }
    wrong
}

/// Whatever a guest says is kept within bounds.
fn check_size(what: &str, invocation: &Invocation, wrong: &mut Vec<String>) {
    let log: usize = invocation.logs.iter().map(|line| line.message.len()).sum();
    let outcome = invocation.outcome.json().len();
    let most = match invocation.outcome {
        Outcome::Failed(_) => 128 << 10,
        _ => 1 << 20,
    };
    if invocation.logs.len() > 200 || log > 65 << 10 || outcome > most {
        wrong.push(format!(
            "{what}: {} lines, {log} bytes of log, {outcome} of outcome",
            invocation.logs.len()
        ));
    }
}

async fn check(guest: &str, tables: &[&[Row]]) {
    let hook = guest::load(guest).await;
    let mut all = Vec::new();
    for rows in tables {
        all.extend(wrong(&hook, rows).await);
    }
    assert!(all.is_empty(), "{} rows:\n{}", all.len(), all.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_of_machine_code_is_stopped_by_every_limit() {
    check(PLAIN, &[REPLIES, ENDLESS, HOST, CRASHES]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_with_wasi_is_stopped_by_the_same_and_by_those_of_wasi() {
    check(WASI, &[REPLIES, ENDLESS, HOST, CRASHES, OF_WASI]).await;
}

/// Turns that others have at least in 600 ms, on a machine that is busy with other tests as well.
const MIN_TURNS: u32 = 6;

/// A guest that asks for little, over and over, does not keep the thread from others.
#[tokio::test]
async fn others_run_beside_a_guest_that_never_stops_asking() {
    let hook = guest::load(WASI).await;
    for what in [
        "flood the clock",
        "flood the generator",
        "draw without end",
        "poll without end",
        "print without end",
    ] {
        let limits = Limits {
            deadline_ms: 600,
            fuel: Limits::CEILING.fuel,
            ..Limits::DEFAULT
        };
        let mut turns = 0;
        let other = async {
            loop {
                tokio::task::yield_now().await;
                turns += 1;
            }
        };
        tokio::select! {
            invocation = run(&hook, what, &limits) => {
                let came = reported(&invocation.outcome);
                assert!(came.starts_with("hook_timeout"), "{what}: {came}");
            }
            () = other => {}
        }
        println!("{what}: {turns} turns in {} ms", limits.deadline_ms);
        assert!(
            turns >= MIN_TURNS,
            "{what}: others had {turns} turns in {} ms",
            limits.deadline_ms
        );
    }
}

#[tokio::test]
async fn a_panic_names_its_place_with_the_lines_around_it() {
    for guest in [PLAIN, WASI] {
        let source = std::fs::read_to_string(guest::fixtures().join("../guests/src/harm.rs")).unwrap();
        let files = serde_json::json!([["src/harm.rs", source]]).to_string();
        let bundle = guest::section(&guest::bundle_of(guest), "aerocall:source", files.as_bytes());
        let hook = guest::runtime().await.load(&bundle).await.unwrap();
        let invocation = run(&hook, "panic after a flood", &Limits::DEFAULT).await;
        let document = invocation.outcome.document();
        let line = 1 + source
            .lines()
            .position(|line| line.contains("panic!(\"at the end\")"))
            .unwrap();
        assert_eq!(document["error"]["file"], "src/harm.rs", "{document}");
        assert_eq!(document["error"]["line"], line, "{document}");
        let frame = document["error"]["frame"].as_str().unwrap();
        assert!(frame.contains("panic!(\"at the end\");"), "{frame}");
        assert!(invocation.logs_dropped > 0, "its words did not fit the log any more");
        let invocation = run(&hook, "panic", &Limits::DEFAULT).await;
        let errors = invocation.logs.iter().filter(|line| line.level == LogLevel::Error);
        let words: Vec<&str> = errors.map(|line| line.message.as_str()).collect();
        assert!(
            words.join("\n").contains("no luck"),
            "the log has them as well: {words:?}"
        );
    }
}

#[tokio::test]
async fn tables_and_memories_have_limits_of_their_own() {
    let runtime = guest::runtime().await;
    let growing = runtime.load(&crafted::table_grower()).await.unwrap();
    let came = reported(&run(&growing, "", &limits("")).await.outcome);
    assert!(came.starts_with("hook_failed: the hook crashed: "), "{came}");
    assert!(
        came.contains("unreachable"),
        "the table did not grow past its limit: {came}"
    );
    for (what, bundle) in crafted::too_much() {
        let refused = guest::refusal(&bundle).await;
        assert_eq!(refused.code.name, "invalid_wasm", "{what}: {refused}");
        assert!(
            refused.message.contains("more than hooks can have"),
            "{what}: {refused}"
        );
    }
}
