//! One call of one hook on this machine, and the report about it: the object that `aerocall run --json` prints.

use std::sync::Arc;

use aerocall_compiler::diagnostics::Diagnostic;
use aerocall_runtime::{Call, Context, Failure, HostCall, Invocation, LogLevel, LogLine, Runtime};
use serde_json::{Value, json};

use crate::{
    Failed,
    bundles::{Bundle, NotBuilt, no_such_hook},
    local::Local,
    terminal::{Stream, Style, paint, plain},
};

/// What a call came to. Field by field what is printed.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    pub(crate) reply: Value,
    pub(crate) logs: Vec<LogLine>,
    pub(crate) fuel: u64,
    pub(crate) memory_peak_bytes: u64,
    pub(crate) duration_us: u64,
    pub(crate) host_calls: Vec<HostCall>,
    pub(crate) hook: String,
    pub(crate) digest: String,
}

/// Calls the hook that the context names.
pub(crate) async fn call(
    runtime: &Arc<Runtime>,
    bundle: &Bundle,
    context: Context,
    payload: String,
    local: &Local,
) -> Result<Report, NotBuilt> {
    let hook = runtime
        .load(&bundle.component)
        .await
        .map_err(|refused| NotBuilt::Refused(refused.code.to_string(), refused.message))?;
    let limits = aerocall_server::local::limits(&bundle.manifest.limits).map_err(Failed::from)?;
    let name = context.hook.clone();
    if !bundle.answers(&name) {
        let failure = Failure::UnknownHook(name.clone());
        let message = no_such_hook(&name, &bundle.points());
        return Ok(Report::without_call(
            &name,
            hook.digest(),
            failure.code().name,
            &message,
        ));
    }
    let invocation = local.call(&hook, Call { context, payload }, &limits).await?;
    Ok(Report::of(invocation, &name, hook.digest()))
}

impl Report {
    fn of(invocation: Invocation, hook: &str, digest: &str) -> Self {
        Self {
            reply: invocation.outcome.document(),
            logs: invocation.logs,
            fuel: invocation.fuel,
            memory_peak_bytes: invocation.memory_peak_bytes,
            duration_us: u64::try_from(invocation.duration.as_micros()).unwrap_or(u64::MAX),
            host_calls: invocation.records.calls,
            hook: hook.to_owned(),
            digest: digest.to_owned(),
        }
    }

    /// The report of a call that could not be made.
    fn without_call(hook: &str, digest: &str, code: &str, message: &str) -> Self {
        Self {
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
    pub(crate) fn of_problems(hook: &str, problems: &[Diagnostic]) -> Self {
        let mut report = Self::without_call(hook, "", "build_failed", "the hook cannot be built");
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
    pub(crate) fn of_refusal(hook: &str, code: &str, message: &str) -> Self {
        Self::without_call(hook, "", code, message)
    }

    /// `allow`, `deny`, `patch` or `failure`.
    pub(crate) fn kind(&self) -> &str {
        self.reply["kind"].as_str().unwrap_or_default()
    }

    pub(crate) fn is_failure(&self) -> bool {
        self.kind() == "failure"
    }

    /// For people: the reply, the log, what was asked of the host, what it cost.
    pub(crate) fn text(&self) -> String {
        let style = match self.kind() {
            "failure" => Style::Bad,
            "deny" => Style::Caution,
            _ => Style::Good,
        };
        let mut lines = vec![format!(
            "{}  {}",
            paint(Stream::Answer, style, self.kind()),
            paint(Stream::Answer, Style::Quiet, &self.hook)
        )];
        lines.extend(self.decision());
        if !self.logs.is_empty() {
            lines.push("log".to_owned());
            lines.extend(self.logs.iter().map(log_line));
        }
        if !self.host_calls.is_empty() {
            lines.push("calls".to_owned());
            lines.extend(self.host_calls.iter().map(host_call));
        }
        lines.push(self.cost());
        lines.join("\n")
    }

    fn decision(&self) -> Vec<String> {
        let field = |name: &str| plain(self.reply[name].as_str().unwrap_or_default());
        match self.kind() {
            "deny" => vec![format!(
                "  {} {}: {}",
                self.reply["status"],
                field("code"),
                field("message")
            )],
            "patch" => indented(&serde_json::to_string_pretty(&self.reply["patch"]).unwrap_or_default()),
            "failure" => {
                let error = &self.reply["error"];
                let mut lines = vec![format!("  {}: {}", field("code"), field("message"))];
                for part in ["frame", "stack"] {
                    lines.extend(indented(&plain(error[part].as_str().unwrap_or_default())));
                }
                lines
            }
            _ => Vec::new(),
        }
    }

    fn cost(&self) -> String {
        format!(
            "fuel {} · memory {:.1} MiB · {:.2} ms",
            grouped(self.fuel),
            self.memory_peak_bytes as f64 / f64::from(1 << 20),
            self.duration_us as f64 / 1_000.0
        )
    }
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
