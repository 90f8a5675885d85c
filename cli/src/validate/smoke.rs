//! Runs each entry point of a bundle once, on the sample that its hook point or event has, within the limits of a server with
//! default settings, in an empty sandbox. Nothing leaves this machine: other hosts are refused.

use aerocall_contract::errors;
use aerocall_runtime::Conditions;
use aerocall_server::local::{ContextDocument, GivenDocument, Local, Report};
use serde_json::{Value, json};

use super::{Findings, Inspector, Level, Place, Rule};
use crate::{
    Failed,
    bundles::{self, Bundle},
    call,
    migrations::Migration,
};

/// When it happens: the same moment every time.
const TIME_MS: u64 = 1_767_225_600_000;

pub(super) async fn look(bundle: &Bundle, inspector: &Inspector, findings: &mut Findings) -> Result<(), Failed> {
    for point in bundle.points() {
        let Some(payload) = call::sample(point) else { continue };
        let report = match run(bundle, point, &payload, inspector).await {
            Ok(report) => report,
            Err(Failed::Usage(problem)) => {
                let message = format!("{point}: not run: {problem}");
                findings.add(Rule::SmokeRun, Level::Warning, message, None);
                continue;
            }
            Err(failed) => return Err(failed),
        };
        if report.is_failure() {
            failed(point, &report, findings);
        }
    }
    Ok(())
}

async fn run(bundle: &Bundle, point: &str, payload: &Value, inspector: &Inspector) -> Result<Report, Failed> {
    let context = ContextDocument::default().context(point, TIME_MS);
    let given = given(bundle)?;
    let migrations: Vec<_> = inspector
        .migrations
        .iter()
        .cloned()
        .map(Migration::into_parts)
        .collect();
    let local = Local::open(&context, &bundle.manifest, &given, &migrations, None).await;
    let local = local.map_err(call::failed)?;
    let conditions = Conditions::default();
    let called = call::call(
        &inspector.runtime,
        bundle,
        context,
        payload.to_string(),
        &local,
        conditions,
    )
    .await;
    called.map_err(bundles::said)
}

/// No other host answers, and each declared secret has a value.
fn given(bundle: &Bundle) -> Result<GivenDocument, Failed> {
    let declared = bundle
        .manifest
        .parts(aerocall_contract::Capability::Secrets)
        .unwrap_or_default();
    let secrets: serde_json::Map<String, Value> = declared
        .into_iter()
        .map(|name| (name.to_owned(), "sample".into()))
        .collect();
    Ok(serde_json::from_value(json!({ "http": [], "secrets": secrets }))?)
}

fn failed(point: &str, report: &Report, findings: &mut Findings) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let code = text(&report.reply["code"]);
    // An exception of the hook's own code: it may miss what an empty sandbox does not have.
    let level = match code == errors::HOOK_FAILED.name {
        true => Level::Warning,
        false => Level::Error,
    };
    let error = &report.reply["error"];
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
    let place = error["file"]
        .as_str()
        .zip(number(&error["line"]))
        .map(|(file, line)| Place {
            file: file.to_owned(),
            line,
            column: number(&error["column"]).unwrap_or(1),
        });
    let message = format!("{point} on its sample: {code}: {}", text(&report.reply["message"]));
    findings.add(Rule::SmokeRun, level, message, place);
}
