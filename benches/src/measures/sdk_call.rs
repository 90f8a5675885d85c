//! `make bench B=sdk_call`: what a call of the SDK costs from JavaScript, beside the same call made by the host itself.
//! Both on the embedded back ends, so that the difference is the boundary's: JavaScript, WIT, budgets and records.

use std::{future::Future, sync::Arc, time::Instant};

use aerocall_benches::{Report, Samples, host::Machine};
use aerocall_compiler::EngineName;
use aerocall_runtime::{
    Call, Context, Hook, Host, Limits, Outcome,
    host::{EnqueueOptions, UserRef, Value},
};
use aerocall_server::local::{Given, GivenUser, Sandbox};
use anyhow::Context as _;

const HOOK: &str = include_str!("../../hooks/sdk.js");
/// Calls of the SDK in one call of the hook.
const TIMES: u32 = 200;
const ROUNDS: usize = 60;
const TABLES: &str =
    "CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL); CREATE TABLE log (n BIGINT NOT NULL);";

/// So many messages are more than a hook may usually send.
const LIMITS: Limits = Limits {
    queue_messages: 1_000,
    host_calls: 100_000,
    fuel: Limits::CEILING.fuel,
    deadline_ms: 30_000,
    ..Limits::DEFAULT
};

const CALLS: [&str; 8] = [
    "cache.get",
    "cache.set",
    "cache.increment",
    "db.query",
    "db.execute",
    "queue.enqueue",
    "auth.getUser",
    "secrets.get",
];

pub(crate) fn bench() -> anyhow::Result<()> {
    let tokio = tokio::runtime::Runtime::new()?;
    // On a worker of the runtime, as in a server.
    tokio.block_on(async { tokio::spawn(run()).await? })
}

async fn run() -> anyhow::Result<()> {
    let machine = Machine::open(EngineName::default(), 8).await?;
    let hook = machine.hook(HOOK).await?;
    let sandbox = Arc::new(sandbox().await?);
    let mut report = Report::new("sdk_call")?;
    for name in CALLS {
        let (mut hooked, mut bare) = (Samples::default(), Samples::default());
        for _ in 0..ROUNDS {
            let empty = called(&sandbox, &hook, name, 0).await?;
            let full = called(&sandbox, &hook, name, TIMES).await?;
            hooked.push((full.saturating_sub(empty)) / TIMES);
            let host = sandbox.bare_host(&hook, &LIMITS);
            let started = Instant::now();
            for n in 0..TIMES {
                direct(&host, name, n).await?;
            }
            bare.push(started.elapsed() / TIMES);
        }
        report.times(&format!("{name}, from JavaScript"), &hooked)?;
        report.times(&format!("{name}, from the host"), &bare)?;
        let added = hooked.percentile_us(50.0) - bare.percentile_us(50.0);
        report.figure(&format!("{name}, added"), "µs", added)?;
    }
    Ok(())
}

async fn sandbox() -> anyhow::Result<Sandbox> {
    let user = GivenUser {
        id: Some("usr_bench".to_owned()),
        email: "jane@work.example".to_owned(),
        name: None,
        metadata: serde_json::Map::new(),
        public_metadata: serde_json::Map::new(),
        password: None,
    };
    let given = Given {
        project: "bench".to_owned(),
        environment: "production".to_owned(),
        users: vec![user],
        migrations: vec![("1".to_owned(), TABLES.to_owned())],
        rows: vec!["INSERT INTO things (id, name) VALUES (1, 'one')".to_owned()],
        ..Given::default()
    };
    Sandbox::open(given).await.map_err(anyhow::Error::msg)
}

/// How long the hook took. What it did is thrown away: the call is not committed.
async fn called(sandbox: &Sandbox, hook: &Hook, name: &str, times: u32) -> anyhow::Result<std::time::Duration> {
    let context = Context {
        hook: "beforeSignup".to_owned(),
        ..Context::default()
    };
    let payload = serde_json::json!({ "call": name, "times": times }).to_string();
    let invocation = Box::pin(hook.call(Call { context, payload }, &LIMITS, sandbox.bare_host(hook, &LIMITS))).await;
    match invocation.outcome {
        Outcome::Allow => Ok(invocation.duration),
        other => anyhow::bail!("{name}: {other:?}"),
    }
}

/// The same call without a guest.
async fn direct(host: &Host, name: &str, n: u32) -> anyhow::Result<()> {
    match name {
        "cache.get" => drop(answered(part(&host.cache)?.get("key")).await?),
        "cache.set" => answered(part(&host.cache)?.set("key", "{\"n\":1}", None)).await?,
        "cache.increment" => {
            answered(part(&host.cache)?.increment("n", 1, None)).await?;
        }
        "db.query" => {
            let sql = "SELECT id, name FROM things WHERE id = $1";
            drop(answered(part(&host.db)?.query(sql, vec![Value::Integer(1)])).await?);
        }
        "db.execute" => {
            let sql = "INSERT INTO log (n) VALUES ($1)";
            answered(part(&host.db)?.execute(sql, vec![Value::Integer(i64::from(n))])).await?;
        }
        "queue.enqueue" => {
            let message = format!("{{\"n\":{n}}}");
            drop(answered(part(&host.queue)?.enqueue("jobs", &message, EnqueueOptions::default())).await?);
        }
        "auth.getUser" => drop(answered(part(&host.auth)?.get_user(UserRef::Id("usr_bench".to_owned()))).await?),
        // There is none of that name: what is measured is the question.
        "secrets.get" => drop(part(&host.secrets)?.placeholder("key").await),
        other => anyhow::bail!("no call {other}"),
    }
    Ok(())
}

fn part<T: ?Sized>(of: &Option<Arc<T>>) -> anyhow::Result<&T> {
    of.as_deref().context("the host has every capability")
}

async fn answered<T>(answer: impl Future<Output = Result<T, aerocall_runtime::SdkError>>) -> anyhow::Result<T> {
    Ok(answer.await?)
}
