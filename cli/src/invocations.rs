//! Records of calls as text. Everything in them comes from hooks and clients: nothing reaches the terminal as it is.

use aerocall_api_types::{
    Completeness, HookError, Invocation, InvocationDetail, InvocationMode, InvocationOutcome, InvocationRun, LogLevel,
    LogLine, Reply,
};
use serde::Serialize;

use crate::{
    output::word,
    terminal::{Stream, Style, paint, plain},
};

/// One call of a list, and what belongs to it indented below: the error and the log.
pub(crate) fn in_list(call: &Invocation) -> String {
    begin(&call.run, call.error.as_ref()).join("\n")
}

/// The same, with the lines of source around the place where it failed.
pub(crate) fn with_frame(call: &Invocation) -> String {
    let frame = call.error.as_ref().and_then(|error| error.frame.as_deref());
    let frame = frame
        .unwrap_or_default()
        .lines()
        .map(|line| format!("    {}", plain(line)));
    let lines = begin(&call.run, call.error.as_ref()).into_iter();
    lines.chain(frame).collect::<Vec<_>>().join("\n")
}

/// One call with what went in and out as well.
pub(crate) fn whole(call: &InvocationDetail) -> String {
    let error = match &call.reply {
        Reply::Failure { error, .. } => Some(error.as_ref()),
        Reply::Allow | Reply::Deny { .. } | Reply::Patch { .. } => None,
    };
    let mut lines = begin(&call.run, error);
    lines.push(cost(&call.run));
    if call.completeness == Completeness::Cut {
        lines.push("    the record exceeded its size limit: the end is missing".to_owned());
    }
    lines.extend(part(&call.context, "context"));
    lines.extend(part(&call.payload, "payload"));
    lines.extend(part(&call.host_calls, "host calls"));
    lines.extend(part(&call.reply, "reply"));
    lines.join("\n")
}

/// What lists show of a call.
fn begin(run: &InvocationRun, error: Option<&HookError>) -> Vec<String> {
    let mut lines = vec![head(run)];
    lines.extend(error.into_iter().flat_map(error_lines));
    lines.extend(run.logs.iter().map(log));
    if run.logs_dropped > 0 {
        lines.push(format!("    {} more log lines were dropped", run.logs_dropped));
    }
    lines
}

/// When, where, what, how long, and the ids to ask for more with.
fn head(run: &InvocationRun) -> String {
    let style = match run.outcome {
        InvocationOutcome::Allow | InvocationOutcome::Patch => Style::Good,
        InvocationOutcome::Deny => Style::Caution,
        _ => Style::Bad,
    };
    let quiet = |text: String| paint(Stream::Answer, Style::Quiet, &text);
    // Precise enough for what is shown: two digits of a millisecond.
    let milliseconds = run.duration_us as f64 / 1_000.0;
    let mode = match run.mode {
        InvocationMode::Live => String::new(),
        mode => format!(" ({})", word(&mode)),
    };
    format!(
        "{} {} of {} v{}{mode} {} {milliseconds:.2} ms {}",
        quiet(plain(run.created_at.as_str())),
        plain(&run.point),
        plain(&run.hook),
        run.version,
        paint(Stream::Answer, style, &word(&run.outcome)),
        quiet(format!("{} {}", plain(&run.id), plain(&run.request_id)))
    )
}

/// Name, message and place.
fn error_lines(error: &HookError) -> Vec<String> {
    let (name, message) = (plain(&error.name), plain(&error.message));
    let message = match name.is_empty() {
        true => message,
        false => format!("{name}: {message}"),
    };
    let place = error.file.as_ref().map(|file| {
        let number = |number: Option<u32>| number.unwrap_or_default();
        format!("at {}:{}:{}", plain(file), number(error.line), number(error.column))
    });
    let lines = message.lines().map(str::to_owned).chain(place);
    lines
        .map(|line| format!("    {}", paint(Stream::Answer, Style::Bad, &line)))
        .collect()
}

fn log(line: &LogLine) -> String {
    let style = match line.level {
        LogLevel::Error => Style::Bad,
        LogLevel::Warn => Style::Caution,
        LogLevel::Debug => Style::Quiet,
        LogLevel::Info => Style::Good,
    };
    let message = plain(&line.message).replace('\n', "\n          ");
    let level = paint(Stream::Answer, style, &format!("{:5}", word(&line.level)));
    format!("    {level} {message}")
}

fn cost(run: &InvocationRun) -> String {
    format!(
        "    fuel {} · memory {:.1} MiB · {}",
        run.fuel,
        run.memory_peak_bytes as f64 / f64::from(1 << 20),
        plain(&run.digest)
    )
}

/// A document, its members by name.
fn part(document: &impl Serialize, title: &str) -> Vec<String> {
    let value = serde_json::to_value(document).unwrap_or_default();
    if value.is_null() {
        return Vec::new();
    }
    let text = plain(&serde_json::to_string_pretty(&value).unwrap_or_default());
    let lines = text.lines().map(|line| format!("    {line}"));
    std::iter::once(title.to_owned()).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_of_a_record_drives_the_terminal() {
        let call = json!({
            "id": "inv_1", "requestId": "req_1", "hook": "gate", "point": "beforeSignup", "version": 4,
            "digest": "sha256:1", "mode": "live", "user": null, "outcome": "hook_failed", "durationUs": 1234, "fuel": 5, "memoryPeakBytes": 1 << 20,
            "createdAt": "2026-01-31T12:00:00.000Z", "logsDropped": 2,
            "logs": [{ "level": "warn", "message": "\u{1b}[2Jtwo\nlines \u{202e}x" }],
            "context": {
                "projectId": "a", "environment": "b", "requestId": "req_1", "invocationId": "inv_1", "hook": "beforeSignup",
                "endpoint": "", "time": "2026-01-31T12:00:00.000Z", "attempt": 1, "request": null, "version": { "number": 4 },
            },
            "payload": { "user": { "name": "\u{1b}]0;x" } }, "completeness": "cut", "hostCalls": [],
            "reply": { "kind": "failure", "code": "hook_failed", "message": "no", "error": {
                "name": "TypeError", "message": "no\u{7}", "file": "hooks/gate.ts", "line": 3, "column": 7,
            } },
        });
        let call: InvocationDetail = serde_json::from_value(call).unwrap();
        let text = whole(&call);
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[..8],
            [
                "2026-01-31T12:00:00.000Z beforeSignup of gate v4 hook_failed 1.23 ms inv_1 req_1",
                "    TypeError: no\\u{7}",
                "    at hooks/gate.ts:3:7",
                "    warn  \\u{1b}[2Jtwo",
                "          lines \\u{202e}x",
                "    2 more log lines were dropped",
                "    fuel 5 · memory 1.0 MiB · sha256:1",
                "    the record exceeded its size limit: the end is missing",
            ]
        );
        let payload = lines.iter().position(|line| *line == "payload").unwrap();
        assert_eq!(
            lines[payload..payload + 6],
            [
                "payload",
                "    {",
                "      \"user\": {",
                "        \"name\": \"\\u001b]0;x\"",
                "      }",
                "    }",
            ]
        );
    }
}
