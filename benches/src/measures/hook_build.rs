//! `make bench B=hook_build`: source to component, component to machine code, machine code to a hook that can be called.

use std::sync::Arc;

use aerocall_benches::{Report, Samples, hooks, host::Machine};
use aerocall_compiler::{Compiler, EngineName, Packaging, Source};
use aerocall_runtime::{Host, Limits};

/// How often each case is built.
const BUILDS: usize = 30;

pub(crate) fn bench() -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let mut report = Report::new("hook_build")?;
    for &engine in EngineName::ALL {
        let name = engine.as_str();
        let cold = tempfile::tempdir()?;
        let mut opened = Samples::default();
        opened.time(|| Compiler::open(engine, cold.path()))?;
        report.times(&format!("{name}: compile the engine for building, once"), &opened)?;
        let machine = Machine::open(engine, 8).await?;
        steps(&mut report, name, &machine).await?;
        let shared = machine.component(&hooks::all()[0].hook).await?;
        report.figure(
            &format!("{name}: H1 as a component"),
            "KiB",
            shared.len() as f64 / 1024.0,
        )?;
        let source = h1()?;
        let alone = machine.compiler.compile(&source, Packaging::Standalone).await;
        let alone = alone.map_err(|problems| anyhow::anyhow!("{problems:?}"))?.component;
        report.figure(
            &format!("{name}: H1 with its engine inside"),
            "KiB",
            alone.len() as f64 / 1024.0,
        )?;
    }
    Ok(())
}

fn h1() -> anyhow::Result<Source> {
    let code = hooks::all()[0].hook.clone();
    Source::memory("hook.js", [("hook.js", code.as_str())]).map_err(|problem| anyhow::anyhow!("{problem}"))
}

async fn steps(report: &mut Report, engine: &str, machine: &Machine) -> anyhow::Result<()> {
    let (mut built, mut loaded, mut cached, mut live) = (
        Samples::default(),
        Samples::default(),
        Samples::default(),
        Samples::default(),
    );
    for number in 0..BUILDS {
        // Another text each time, or the second load would come from the cache.
        let code = format!("{}\nglobalThis.number = {number};\n", hooks::all()[0].hook);
        let started = std::time::Instant::now();
        let component = machine.component(&code).await?;
        built.push(started.elapsed());
        let loading = std::time::Instant::now();
        let hook = machine.runtime.load(&component).await?;
        loaded.push(loading.elapsed());
        hook.call(hooks::all()[0].call(), &Limits::DEFAULT, Host::default())
            .await;
        live.push(started.elapsed());
        let again = std::time::Instant::now();
        drop(Arc::clone(&machine.runtime).load(&component).await?);
        cached.push(again.elapsed());
    }
    report.times(&format!("{engine}: H1 source to component"), &built)?;
    report.times(&format!("{engine}: component to hook, compiled in a child"), &loaded)?;
    report.times(&format!("{engine}: component to hook, from the cache"), &cached)?;
    report.times(&format!("{engine}: saved to first call answered"), &live)
}
