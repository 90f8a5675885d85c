//! `make bench B=hook_call`: one call of one hook, fresh instance, every limit on, in JavaScript on each engine and in Rust, beside
//! QuickJS without a sandbox.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aerocall_benches::{
    Report, Samples,
    hooks::{self, Case},
    host::{self, Machine},
    native::NativeHook,
    process, rust,
};
use aerocall_compiler::EngineName;
use aerocall_runtime::{Call, Hook, Host, Limits, Outcome};
use tokio::runtime::{Builder, Runtime};

/// Rounds in which all cases take turns, so that a slow second of the machine hits all of them.
const ROUNDS: usize = 12;
/// Time that one case gets in one round.
const TURN: Duration = Duration::from_millis(150);
/// Instances that may be alive, as in the server's default.
const INSTANCES: u32 = 1100;

/// A hook that is ready to be measured.
struct Ready {
    case: Case,
    call: Call,
    hook: Arc<Hook>,
    native: Option<Native>,
}

/// Text in, text out.
type NativeCall = dyn Fn(&str) -> anyhow::Result<String>;

/// The same outside of WebAssembly.
struct Native {
    what: &'static str,
    call: Box<NativeCall>,
}

impl Native {
    fn quickjs(case: &Case) -> anyhow::Result<Self> {
        let hook = NativeHook::compile(case)?;
        Ok(Self {
            what: "native QuickJS, no sandbox",
            call: Box::new(move |input| hook.call_fresh(input)),
        })
    }

    /// Of the hook that computes: the others are made of calls and documents.
    fn rust(case: &Case) -> Option<Self> {
        (case.name == "H3 compute").then(|| Self {
            what: "native Rust",
            call: Box::new(rust::compute_natively),
        })
    }
}

pub(crate) fn bench() -> anyhow::Result<()> {
    let tokio = Builder::new_current_thread().enable_all().build()?;
    let mut report = Report::new("hook_call")?;
    for &engine in EngineName::ALL {
        let machine = tokio.block_on(Machine::open(engine, INSTANCES))?;
        let native = engine == EngineName::default();
        let ready = tokio.block_on(ready(&machine, native))?;
        check(&tokio, &ready)?;
        one_hot_hook(&mut report, &tokio, engine.as_str(), &ready)?;
        throughput(&mut report, engine.as_str(), &ready)?;
        if native {
            many_hooks(&mut report, &tokio, &machine)?;
            memory(&mut report, &tokio, engine.as_str(), &ready)?;
        }
    }
    let machine = tokio.block_on(Machine::open(EngineName::default(), INSTANCES))?;
    let ready = tokio.block_on(ready_in_rust(&machine))?;
    check(&tokio, &ready)?;
    one_hot_hook(&mut report, &tokio, RUST, &ready)?;
    throughput(&mut report, RUST, &ready)?;
    memory(&mut report, &tokio, RUST, &ready)
}

/// What stands in the table for hooks in Rust, where those in JavaScript have their engine.
const RUST: &str = "rust";

async fn ready_in_rust(machine: &Machine) -> anyhow::Result<Vec<Ready>> {
    let mut ready = Vec::new();
    for (case, component) in hooks::all().into_iter().zip(rust::components()?) {
        ready.push(Ready {
            hook: machine.runtime.load(&component).await?,
            native: Native::rust(&case),
            call: case.call(),
            case,
        });
    }
    Ok(ready)
}

async fn ready(machine: &Machine, with_native: bool) -> anyhow::Result<Vec<Ready>> {
    let mut ready = Vec::new();
    for case in hooks::all() {
        ready.push(Ready {
            hook: machine.hook(&case.hook).await?,
            native: with_native.then(|| Native::quickjs(&case)).transpose()?,
            call: case.call(),
            case,
        });
    }
    Ok(ready)
}

/// Every hook answers what it should, here and natively, before anything is measured.
fn check(tokio: &Runtime, ready: &[Ready]) -> anyhow::Result<()> {
    let host = host::host_with_cache();
    for Ready {
        case,
        call,
        hook,
        native,
        ..
    } in ready
    {
        let invocation = tokio.block_on(hook.call(call.clone(), &Limits::DEFAULT, host.clone()));
        let Outcome::Patch(patch) = invocation.outcome else {
            anyhow::bail!("{} answers {:?}", case.name, invocation.outcome);
        };
        anyhow::ensure!(
            serde_json::Value::Object(patch) == case.expected(),
            "{} answers something else",
            case.name
        );
        if let Some(native) = native {
            let output: serde_json::Value = serde_json::from_str(&(native.call)(case.input)?)?;
            anyhow::ensure!(
                output == case.expected(),
                "{} natively answers something else",
                case.name
            );
        }
    }
    Ok(())
}

fn one_hot_hook(report: &mut Report, tokio: &Runtime, name: &str, ready: &[Ready]) -> anyhow::Result<()> {
    let host = host::host_with_cache();
    let mut sandboxed = vec![Samples::default(); ready.len()];
    let mut natively = vec![Samples::default(); ready.len()];
    for _ in 0..ROUNDS {
        for (index, ready) in ready.iter().enumerate() {
            turn(|| {
                let call = ready.call.clone();
                sandboxed[index].time(|| tokio.block_on(ready.hook.call(call, &Limits::DEFAULT, host.clone())));
                Ok(())
            })?;
            if let Some(native) = &ready.native {
                turn(|| natively[index].time(|| (native.call)(ready.case.input)).map(drop))?;
            }
        }
    }
    report.section("one hot hook, fresh instance per call, all limits on, one thread");
    for (ready, samples) in ready.iter().zip(&sandboxed) {
        report.times(&format!("{name} {}", ready.case.name), samples)?;
    }
    for (ready, samples) in ready.iter().zip(&natively) {
        if let Some(native) = &ready.native {
            report.times(&format!("{}, {}", native.what, ready.case.name), samples)?;
        }
    }
    for ready in ready {
        let invocation = tokio.block_on(ready.hook.call(ready.call.clone(), &Limits::DEFAULT, host.clone()));
        let figure = format!("{name} fuel of {}", ready.case.name);
        report.figure(&figure, "fuel", invocation.fuel as f64)?;
    }
    Ok(())
}

fn turn(mut work: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<()> {
    let started = Instant::now();
    while started.elapsed() < TURN {
        work()?;
    }
    Ok(())
}

fn throughput(report: &mut Report, name: &str, ready: &[Ready]) -> anyhow::Result<()> {
    report.section("throughput, one hot hook");
    let host = host::host_with_cache();
    for ready in ready {
        let (mut one, mut two) = (0.0_f64, 0.0_f64);
        for _ in 0..3 {
            one = one.max(calls_per_second(1, ready, &host)?);
            two = two.max(calls_per_second(2, ready, &host)?);
        }
        let figure = |threads: &str| format!("{name} {} on {threads}", ready.case.name);
        report.figure(&figure("1 thread"), "calls/s", one)?;
        report.figure(&figure("2 threads"), "calls/s", two)?;
        report.figure(&figure("2 threads against 1"), "times", two / one)?;
    }
    Ok(())
}

fn calls_per_second(threads: usize, ready: &Ready, host: &Host) -> anyhow::Result<f64> {
    const TIME: Duration = Duration::from_millis(500);
    let (hook, call) = (&ready.hook, &ready.call);
    let work = || -> anyhow::Result<u64> {
        let tokio = Builder::new_current_thread().enable_all().build()?;
        let started = Instant::now();
        let mut calls = 0;
        while started.elapsed() < TIME {
            tokio.block_on(hook.call(call.clone(), &Limits::DEFAULT, host.clone()));
            calls += 1;
        }
        Ok(calls)
    };
    let calls = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ended = running
            .into_iter()
            .map(|thread| thread.join().expect("a bench thread panicked"));
        ended.sum::<anyhow::Result<u64>>()
    })?;
    Ok(calls as f64 / TIME.as_secs_f64())
}

/// Different hooks, called in random order: what a node with many projects sees.
fn many_hooks(report: &mut Report, tokio: &Runtime, machine: &Machine) -> anyhow::Result<()> {
    report.section("different hooks in random order (H1 with its own block list each)");
    let h1 = &hooks::all()[0];
    let (call, host) = (h1.call(), Host::default());
    let mut deployed: Vec<Arc<Hook>> = Vec::new();
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let before = process::anonymous_bytes();
    for count in [1, 60, 300, 1000] {
        while deployed.len() < count {
            let own = format!("{}\nglobalThis.own = \"project {}\";\n", h1.hook, deployed.len());
            deployed.push(tokio.block_on(machine.hook(&own))?);
        }
        let mut samples = Samples::default();
        let call_one = |samples: &mut Samples, index: usize| {
            let call = call.clone();
            samples.time(|| tokio.block_on(deployed[index].call(call, &Limits::DEFAULT, host.clone())));
        };
        // Each once: a first call maps the hook's code.
        (0..count).for_each(|index| call_one(&mut Samples::default(), index));
        for _ in 0..20_000 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            call_one(&mut samples, (random % count as u64) as usize);
        }
        report.times(&format!("{count} hooks"), &samples)?;
    }
    let per_hook = (process::anonymous_bytes().saturating_sub(before)) as f64 / 1024.0 / 1000.0;
    report.figure("memory per deployed hook, each called", "KiB", per_hook)?;
    report.figure(
        "memory of this process, 1,000 hooks",
        "MiB",
        process::anonymous_bytes() as f64 / 1048576.0,
    )
}

/// Live instances: calls that wait in their cache, all at the same time.
fn memory(report: &mut Report, tokio: &Runtime, name: &str, ready: &[Ready]) -> anyhow::Result<()> {
    const LIVE: usize = 200;
    report.section("memory");
    let Some(h4) = ready.last() else { return Ok(()) };
    let gate = Arc::new(host::Gate::default());
    let host = host::host_with_gate(&gate);
    tokio.block_on(async {
        let before = process::anonymous_bytes();
        let calls: Vec<_> = (0..LIVE)
            .map(|_| {
                let (hook, call, host) = (Arc::clone(&h4.hook), h4.call.clone(), host.clone());
                tokio::spawn(async move { hook.call(call, &host::PATIENT, host).await })
            })
            .collect();
        gate.wait_for(LIVE).await;
        let live = (process::anonymous_bytes().saturating_sub(before)) as f64 / 1024.0 / LIVE as f64;
        gate.open();
        for call in calls {
            let invocation = call.await?;
            anyhow::ensure!(
                matches!(invocation.outcome, Outcome::Patch(_)),
                "{:?}",
                invocation.outcome
            );
        }
        report.figure(&format!("{name}: one live instance in a host call"), "KiB", live)
    })
}
