//! `aerocall run`: one call of one hook, on the same runtime as the server's.

use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use aerocall_compiler::{EngineName, Packaging};
use aerocall_runtime::{Call, Context, Host, Invocation, Limits, Outcome};
use serde_json::{Value, json};

use crate::{Failed, host};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The hook's source or its bundle (`.wasm`)
    file: PathBuf,
    /// The hook point or event, e.g. `beforeSignup`
    #[arg(long)]
    hook: String,
    /// The payload, a JSON file
    #[arg(long)]
    input: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[expect(clippy::print_stdout, reason = "the answer goes to standard output")]
pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let component = component(&arguments.file).await?;
    let payload = read(&arguments.input)?;
    let runtime = host::runtime(host::cache_dir(), 4).await?;
    let hook = runtime.load(&component).await?;
    let context = Context {
        project_id: "local".into(),
        environment: "development".into(),
        request_id: "req_local".into(),
        invocation_id: "inv_local".into(),
        hook: arguments.hook.clone(),
        attempt: 1,
        time_ms: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis() as u64,
        ..Context::default()
    };
    let invocation = hook
        .call(Call { context, payload }, &Limits::DEFAULT, Host::default())
        .await;
    let report = report(&invocation, &arguments.hook, hook.digest());
    let shown = if arguments.json {
        report
    } else {
        report["reply"].clone()
    };
    println!("{}", serde_json::to_string_pretty(&shown)?);
    if let Outcome::Failed(_) = invocation.outcome {
        Err(Failed::Checked)
    } else {
        Ok(())
    }
}

async fn component(file: &Path) -> Result<Vec<u8>, Failed> {
    if file.extension().is_some_and(|ending| ending == "wasm") {
        return std::fs::read(file).map_err(|error| Failed::Environment(format!("{}: {error}", file.display())));
    }
    let source = host::source(file)?;
    Ok(
        host::build(&host::compiler(EngineName::default())?, &source, Packaging::Shared)
            .await?
            .component,
    )
}

fn read(path: &Path) -> Result<String, Failed> {
    std::fs::read_to_string(path).map_err(|error| Failed::Environment(format!("{}: {error}", path.display())))
}

fn report(invocation: &Invocation, hook: &str, digest: &str) -> Value {
    json!({
        "reply": reply(&invocation.outcome),
        "logs": invocation.logs,
        "fuel": invocation.fuel,
        "memoryPeakBytes": invocation.memory_peak_bytes,
        "durationUs": invocation.duration.as_micros() as u64,
        "hostCalls": invocation.host_calls,
        "hook": hook,
        "digest": digest,
    })
}

fn reply(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Allow => json!({ "kind": "allow" }),
        Outcome::Deny(denial) => {
            json!({ "kind": "deny", "code": denial.code, "message": denial.message, "status": denial.status })
        }
        Outcome::Patch(patch) => json!({ "kind": "patch", "patch": patch }),
        Outcome::Failed(failure) => {
            let error = match failure {
                aerocall_runtime::Failure::Threw(exception) => json!(exception),
                other => json!({ "name": "Error", "message": other.to_string() }),
            };
            json!({ "kind": "failure", "code": failure.code(), "message": failure.to_string(), "error": error })
        }
    }
}
