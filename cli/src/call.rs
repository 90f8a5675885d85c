//! One call of one hook on this machine, and the report about it: the object that `aerocall run --json` prints.

use std::sync::Arc;

use aerocall_compiler::diagnostics::Diagnostic;
use aerocall_contract::Input;
use aerocall_runtime::{Call, Conditions, Context, Failure, HostCall, LogLevel, LogLine, Runtime};
use aerocall_server::local::{self, Local, LocalFault, Report};
use serde_json::{Value, json};

use crate::{
    Failed,
    bundles::{Bundle, NotBuilt, no_such_hook},
    terminal::{Stream, Style, paint, plain},
};

/// The document that a hook point or event is called with, as an example.
pub(crate) fn sample(point: &str) -> Option<Value> {
    let input = Input::named(point)?;
    let mut document = input.samples().into_iter().next()?.input;
    if !matches!(input, Input::Point(_)) {
        document["type"] = point.into();
    }
    Some(document)
}

/// Calls the hook that the context names.
pub(crate) async fn call(
    runtime: &Arc<Runtime>,
    bundle: &Bundle,
    context: Context,
    payload: String,
    local: &Local,
    conditions: Conditions,
) -> Result<Report, NotBuilt> {
    let hook = runtime
        .load(&bundle.component)
        .await
        .map_err(|refused| NotBuilt::Refused(refused.code.to_string(), refused.message))?;
    let limits = local::limits(&bundle.manifest.limits).map_err(Failed::from)?;
    let name = context.hook.clone();
    if !bundle.answers(&name) {
        let failure = Failure::UnknownHook(name.clone());
        let message = no_such_hook(&name, &bundle.points());
        return Ok(without_call(&name, hook.digest(), failure.code().name, &message));
    }
    let called = local.call(&hook, Call { context, payload }, &limits, conditions).await;
    let called = called.map_err(|fault| NotBuilt::from(failed(fault)))?;
    Ok(Report::of(called.invocation, &name, hook.digest()))
}

/// Why a hook cannot be tried here.
pub(crate) fn failed(fault: LocalFault) -> Failed {
    match fault {
        LocalFault::Given(problem) => Failed::Usage(problem),
        LocalFault::Machine(problem) => Failed::Environment(problem),
    }
}

/// The report of a call that could not be made.
fn without_call(hook: &str, digest: &str, code: &str, message: &str) -> Report {
    Report {
        reply: json!({
            "kind": "failure", "code": code, "message": message, "error": { "name": "Error", "message": message },
        }),
        logs: Vec::new(),
        fuel: 0,
        memory_peak_bytes: 0,
        duration_us: 0,
        host_calls: Vec::new(),
        hook: hook.to_owned(),
        digest: digest.to_owned(),
    }
}

/// The report of a hook that could not be built: the first problem as its error.
pub(crate) fn of_problems(hook: &str, problems: &[Diagnostic]) -> Report {
    let mut report = without_call(hook, "", "build_failed", "the hook cannot be built");
    if let Some(first) = problems.iter().find(|problem| problem.is_error()) {
        report.reply["message"] = first.message.clone().into();
        report.reply["error"] = json!({
            "name": "BuildError", "message": first.message, "stack": "", "code": first.code,
            "file": first.file, "line": first.line, "column": first.column,
        });
    }
    report
}

/// The report of a file that is no bundle for this host.
pub(crate) fn of_refusal(hook: &str, code: &str, message: &str) -> Report {
    without_call(hook, "", code, message)
}

/// For people: the reply, the log, what was asked of the host, what it cost.
pub(crate) fn text(report: &Report) -> String {
    let style = match report.kind() {
        "failure" => Style::Bad,
        "deny" => Style::Caution,
        _ => Style::Good,
    };
    let mut lines = vec![format!(
        "{}  {}",
        paint(Stream::Answer, style, report.kind()),
        paint(Stream::Answer, Style::Quiet, &report.hook)
    )];
    lines.extend(decision(report));
    if !report.logs.is_empty() {
        lines.push("log".to_owned());
        lines.extend(report.logs.iter().map(log_line));
    }
    if !report.host_calls.is_empty() {
        lines.push("calls".to_owned());
        lines.extend(report.host_calls.iter().map(host_call));
    }
    lines.push(cost(report));
    lines.join("\n")
}

fn decision(report: &Report) -> Vec<String> {
    let field = |name: &str| plain(report.reply[name].as_str().unwrap_or_default());
    match report.kind() {
        "deny" => vec![format!(
            "  {} {}: {}",
            report.reply["status"],
            field("code"),
            field("message")
        )],
        "patch" => indented(&serde_json::to_string_pretty(&report.reply["patch"]).unwrap_or_default()),
        "failure" => {
            let error = &report.reply["error"];
            let mut lines = vec![format!("  {}: {}", field("code"), field("message"))];
            for part in ["frame", "stack"] {
                lines.extend(indented(&plain(error[part].as_str().unwrap_or_default())));
            }
            lines
        }
        _ => Vec::new(),
    }
}

fn cost(report: &Report) -> String {
    format!(
        "fuel {} · memory {:.1} MiB · {:.2} ms",
        grouped(report.fuel),
        report.memory_peak_bytes as f64 / f64::from(1 << 20),
        report.duration_us as f64 / 1_000.0
    )
}

fn indented(text: &str) -> Vec<String> {
    text.lines().map(|line| format!("  {line}")).collect()
}

fn log_line(line: &LogLine) -> String {
    let (level, style) = match line.level {
        LogLevel::Debug => ("debug", Style::Quiet),
        LogLevel::Info => ("info ", Style::Good),
        LogLevel::Warn => ("warn ", Style::Caution),
        LogLevel::Error => ("error", Style::Bad),
    };
    let message = plain(&line.message).replace('\n', "\n        ");
    format!("  {} {message}", paint(Stream::Answer, style, level))
}

fn host_call(call: &HostCall) -> String {
    let arguments = plain(call.arguments.as_str());
    format!(
        "  {} {arguments} → {}  {} µs",
        call.name,
        plain(call.answer.as_str()),
        call.duration_us
    )
}

/// `1,234,567`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_grouped() {
        assert_eq!(super::grouped(0), "0");
        assert_eq!(super::grouped(1_234_567), "1,234,567");
        assert_eq!(super::grouped(123_456), "123,456");
    }
}
