//! `make bench B=backtest`: recorded invocations that are run again and compared, on one core: what a backtest does with each of
//! them once it has been read. The goal is 10,000 calls a second for H1.

use std::time::{Duration, Instant};

use aerocall_benches::{
    Report,
    hooks::{self, Case},
    host::{self, Machine},
};
use aerocall_compiler::EngineName;
use aerocall_runtime::{Hook, Limits};
use aerocall_server::local::{Judged, RecordedInvocation, Tally};
use serde_json::{Value, json};
use tokio::runtime::Builder;

/// Recorded invocations of each hook.
const RECORDED: usize = 1_000;
const ROUNDS: usize = 5;
const INSTANCES: u32 = 100;

pub(crate) fn bench() -> anyhow::Result<()> {
    let tokio = Builder::new_current_thread().enable_all().build()?;
    let mut report = Report::new("backtest")?;
    let machine = tokio.block_on(Machine::open(EngineName::default(), INSTANCES))?;
    for case in hooks::all() {
        let hook = tokio.block_on(machine.hook(&case.hook))?;
        let recorded = tokio.block_on(recorded(&hook, &case))?;
        let mut fastest = 0.0_f64;
        for _ in 0..ROUNDS {
            let started = Instant::now();
            let mut tally = Tally::default();
            for one in recorded.iter().cycle().take(RECORDED) {
                let judged = tokio.block_on(one.replay(&hook, 1, &Limits::DEFAULT, Vec::new()));
                tally.add(one, &judged, 1);
            }
            let figures = tally.figures();
            anyhow::ensure!(
                figures.identical as usize == RECORDED,
                "{}: {} of {RECORDED} replays are identical",
                case.name,
                figures.identical
            );
            let per_second = RECORDED as f64 / started.elapsed().max(Duration::from_nanos(1)).as_secs_f64();
            fastest = fastest.max(per_second);
        }
        report.figure(case.name, "calls/s", fastest)?;
    }
    Ok(())
}

/// Invocations as a server records them: what was asked and answered, the reply, the fuel.
async fn recorded(hook: &Hook, case: &Case) -> anyhow::Result<Vec<RecordedInvocation>> {
    let mut all = Vec::new();
    for _ in 0..10 {
        let call = case.call();
        let (payload, point) = (call.payload.clone(), call.context.hook.clone());
        let context = json!({ "projectId": call.context.project_id, "environment": call.context.environment, "time": "2026-01-31T12:00:00.000Z" });
        let ran = hook.call(call, &Limits::DEFAULT, host::host_with_cache()).await;
        let calls: Vec<Value> = ran
            .records
            .calls
            .iter()
            .map(|call| json!({ "name": call.name, "arguments": call.arguments.as_str(), "answer": call.answer.as_str() }))
            .collect();
        let seed: String = ran.records.seed.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut document = json!({
            "invocation": "inv_1", "hook": "bench", "point": point, "version": 1, "digest": hook.digest(),
            "context": context.to_string(), "payload": payload, "reply": "{}", "outcome": "allow", "fuel": 0,
            "calls": calls, "clockMs": ran.records.clock_ms, "seed": seed,
        });
        // The decision and the fuel are those of a replay: the server's view of the patch, and the context above.
        let first = RecordedInvocation::read(&document.to_string()).map_err(anyhow::Error::msg)?;
        let judged: Judged = first.replay(hook, 1, &Limits::DEFAULT, Vec::new()).await;
        document["reply"] = judged.reply.json().into();
        document["outcome"] = judged.outcome.into();
        document["fuel"] = judged.fuel.into();
        all.push(RecordedInvocation::read(&document.to_string()).map_err(anyhow::Error::msg)?);
    }
    Ok(all)
}
