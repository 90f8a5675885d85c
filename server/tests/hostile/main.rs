//! Hooks that mean harm, through the real compiler, engine and runtime. A process of its own: what is measured is the
//! memory of all of it, and a crash of the host would be the end of the test.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

#[path = "../bundles.rs"]
mod bundles;
mod deep;
mod replies;
mod rows;

use std::sync::Arc;

use aerocall_compiler::EngineName;
use aerocall_runtime::{
    Call, CompileCommand, Context, Failure, Hook, Host, Invocation, Limits, Outcome, Runtime, RuntimeConfig,
};

use crate::rows::Row;

/// How much the process may grow over the whole table once every kind of hook has been run.
const MAX_GROWTH_BYTES: usize = 64 << 20;
const PAYLOAD: &str =
    r#"{"user":{"email":"ada@example.com","metadata":{}},"password":{"handle":1},"provider":"password","client":{}}"#;

async fn runtime() -> Arc<Runtime> {
    let config = RuntimeConfig {
        cache_dir: bundles::cache_dir(),
        artifact_bytes: 1 << 30,
        compile: CompileCommand {
            program: env!("CARGO_BIN_EXE_aerocall-server-precompile").into(),
            arguments: Vec::new(),
        },
        // Nothing here builds sources in another process.
        build: CompileCommand {
            program: "/nonexistent".into(),
            arguments: Vec::new(),
        },
        engines: vec![EngineName::QuickJs.engine().unwrap().source()],
        max_instances: 8,
    };
    Runtime::new(config).await.unwrap()
}

async fn call(hook: &Hook, payload: &str, limits: &Limits) -> Invocation {
    let context = Context {
        hook: "beforeSignup".to_owned(),
        ..Context::default()
    };
    let payload = payload.to_owned();
    hook.call(Call { context, payload }, limits, Host::default()).await
}

/// An outcome in the words of the table.
fn reported(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Allow => "allow".to_owned(),
        Outcome::Deny(denial) => format!("deny {}", denial.code),
        Outcome::Patch(_) => "patch".to_owned(),
        Outcome::Failed(failure) => match failure {
            Failure::Threw(exception) => format!("{} {}", failure.code(), exception.name),
            Failure::NeverSettles => format!("{} never settles", failure.code()),
            Failure::BadReply { path, .. } if !path.is_empty() => format!("{} {path}", failure.code()),
            Failure::Trapped(_) => format!("{} trapped", failure.code()),
            failure => failure.code().to_string(),
        },
    }
}

/// Less fuel and time than in production, so that the table is through in a minute.
fn limits(row: &Row) -> Limits {
    let (fuel, deadline_ms) = match row.expected {
        ["hook_out_of_fuel"] => (200_000_000, 20_000),
        outcomes if outcomes.contains(&"hook_timeout") => (2_000_000_000, 400),
        _ => (2_000_000_000, 20_000),
    };
    Limits {
        fuel,
        deadline_ms,
        ..Limits::DEFAULT
    }
}

fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hostile_hook_has_its_own_code_and_the_next_call_works() {
    let runtime = runtime().await;
    let tables = [
        rows::ENDLESS,
        rows::GREEDY,
        deep::DEEP,
        replies::SHAPES,
        replies::THROWN,
        replies::UPSIDE_DOWN,
    ];
    let table: Vec<&Row> = tables.iter().copied().flatten().collect();
    assert!(table.len() >= 60);
    let mut hooks = Vec::new();
    for row in &table {
        let name = format!("hook{}", hooks.len());
        let bundle = bundle_of(&name, row).await;
        hooks.push(runtime.load(&bundle).await.unwrap());
    }
    let honest = runtime
        .load(&bundle("honest", "return { patch: { n: 1 + 1 } };").await)
        .await
        .unwrap();

    let (mut wrong, mut base) = (Vec::new(), 0);
    for round in 0..2 {
        for (row, hook) in table.iter().zip(&hooks) {
            let invocation = call(hook, PAYLOAD, &limits(row)).await;
            let came = reported(&invocation.outcome);
            if round == 0 && !row.expected.contains(&came.as_str()) {
                wrong.push(format!(
                    "{}: {came}, not {:?} {:?}",
                    row.name, row.expected, invocation.outcome
                ));
            }
            assert!(
                invocation.logs.len() <= 200
                    && invocation.logs.iter().map(|line| line.message.len()).sum::<usize>() <= 65 << 10
            );
            let next = call(&honest, PAYLOAD, &Limits::DEFAULT).await.outcome;
            assert_eq!(reported(&next), "patch", "after {}: {next:?}", row.name);
        }
        match round {
            0 => base = resident_bytes(),
            _ => {
                let grown = resident_bytes().saturating_sub(base);
                assert!(grown <= MAX_GROWTH_BYTES, "the process grew by {grown} bytes");
            }
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payload_that_is_deep_or_large_fails_its_own_call() {
    let runtime = runtime().await;
    let hook = runtime
        .load(&bundle("echo", "return { deny: { code: 'ran' } };").await)
        .await
        .unwrap();
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for (payload, expected) in [
        (deep, "hook_failed RangeError"),
        (format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20)), "hook_failed"),
        ("{".to_owned(), "hook_failed SyntaxError"),
        ("{\"a\":\"\u{0}\"}".to_owned(), "hook_failed InternalError"),
        (
            format!(
                "{{{}}}",
                (0..20_000)
                    .map(|n| format!("\"k{n}\":{n}"))
                    .collect::<Vec<_>>()
                    .join(",")
            ),
            "deny ran",
        ),
        (PAYLOAD.to_owned(), "deny ran"),
    ] {
        let outcome = call(&hook, &payload, &Limits::DEFAULT).await.outcome;
        assert_eq!(reported(&outcome), expected, "{payload:.40}: {outcome:?}");
    }
}

async fn bundle_of(name: &str, row: &Row) -> Arc<[u8]> {
    bundle(name, row.body).await
}

/// Built off the async threads: the compiler has its own.
async fn bundle(name: &str, body: &str) -> Arc<[u8]> {
    let (name, source) = (name.to_owned(), bundles::hook("beforeSignup", body));
    tokio::task::spawn_blocking(move || bundles::bundle(&name, &source))
        .await
        .unwrap()
}
