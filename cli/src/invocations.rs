//! Records of calls as text. Everything in them comes from hooks and clients: nothing reaches the terminal as it is.

use serde_json::Value;

use crate::{
    output::text,
    terminal::{Stream, Style, paint, plain},
};

/// How much of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// One line, the error and the log.
    Line,
    /// What went in and out as well.
    Whole,
}

/// Parts that only a whole record has, in the order of the call, and what they are called.
const PARTS: [(&str, &str); 4] = [
    ("context", "context"),
    ("payload", "payload"),
    ("hostCalls", "host calls"),
    ("reply", "reply"),
];

/// One call, and what belongs to it indented below.
pub(crate) fn shown(call: &Value, shown: Shown) -> String {
    let mut lines = vec![head(call)];
    // In lists the error stands by itself, in whole records with the reply.
    lines.extend(error(call.get("error").unwrap_or(&call["reply"]["error"])));
    lines.extend(call["logs"].as_array().into_iter().flatten().flat_map(log));
    if let Some(dropped) = call["logsDropped"].as_u64().filter(|dropped| *dropped > 0) {
        lines.push(format!("    {dropped} more log lines were dropped"));
    }
    if shown == Shown::Whole {
        lines.push(cost(call));
        if call["completeness"] == "cut" {
            lines.push("    the record exceeded its size limit: the end is missing".to_owned());
        }
        lines.extend(PARTS.iter().flat_map(|(member, title)| part(&call[*member], title)));
    }
    lines.join("\n")
}

/// When, where, what, how long, and the ids to ask for more with.
fn head(call: &Value) -> String {
    let outcome = text(&call["outcome"]);
    let style = match outcome.as_str() {
        "allow" | "patch" => Style::Good,
        "deny" => Style::Caution,
        _ => Style::Bad,
    };
    let quiet = |text: String| paint(Stream::Answer, Style::Quiet, &text);
    format!(
        "{} {} of {} v{} {} {:.2} ms {}",
        quiet(text(&call["createdAt"])),
        text(&call["point"]),
        text(&call["hook"]),
        call["version"],
        paint(Stream::Answer, style, &outcome),
        call["durationUs"].as_f64().unwrap_or_default() / 1_000.0,
        quiet(format!("{} {}", text(&call["id"]), text(&call["requestId"])))
    )
}

/// A message, or name, message, place and stack.
fn error(error: &Value) -> Vec<String> {
    let message = match error {
        Value::String(message) => plain(message),
        Value::Object(_) => match (text(&error["name"]), text(&error["message"])) {
            (name, message) if name.is_empty() => message,
            (name, message) => format!("{name}: {message}"),
        },
        _ => return Vec::new(),
    };
    let place = error["file"].as_str().map(|file| {
        let (file, line, column) = (plain(file), &error["line"], &error["column"]);
        format!("at {file}:{line}:{column}")
    });
    let lines = message.lines().map(str::to_owned).chain(place);
    lines
        .map(|line| format!("    {}", paint(Stream::Answer, Style::Bad, &line)))
        .collect()
}

fn log(line: &Value) -> Vec<String> {
    let level = text(&line["level"]);
    let style = match level.as_str() {
        "error" => Style::Bad,
        "warn" => Style::Caution,
        "debug" => Style::Quiet,
        _ => Style::Good,
    };
    let message = text(&line["message"]).replace('\n', "\n          ");
    let level = paint(Stream::Answer, style, &format!("{level:5}"));
    vec![format!("    {level} {message}")]
}

fn cost(call: &Value) -> String {
    format!(
        "    fuel {} · memory {:.1} MiB · {}",
        call["fuel"],
        call["memoryPeakBytes"].as_f64().unwrap_or_default() / f64::from(1 << 20),
        text(&call["digest"])
    )
}

fn part(value: &Value, title: &str) -> Vec<String> {
    if value.is_null() {
        return Vec::new();
    }
    let document = serde_json::to_string_pretty(value).unwrap_or_default();
    let lines = plain(&document);
    std::iter::once(title.to_owned())
        .chain(lines.lines().map(|line| format!("    {line}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_of_a_record_drives_the_terminal() {
        let call = json!({
            "id": "inv_1", "requestId": "req_1", "hook": "gate", "point": "beforeSignup", "version": 4,
            "digest": "sha256:1", "outcome": "hook_failed", "durationUs": 1234, "fuel": 5, "memoryPeakBytes": 1 << 20,
            "createdAt": "2026-01-31T12:00:00.000Z", "logsDropped": 2,
            "logs": [{ "level": "warn", "message": "\u{1b}[2Jtwo\nlines \u{202e}x" }],
            "error": { "name": "TypeError", "message": "no\u{7}", "file": "hooks/gate.ts", "line": 3, "column": 7 },
            "payload": { "user": { "name": "\u{1b}]0;x" } }, "completeness": "cut",
        });
        assert_eq!(
            shown(&call, Shown::Whole).lines().collect::<Vec<_>>(),
            [
                "2026-01-31T12:00:00.000Z beforeSignup of gate v4 hook_failed 1.23 ms inv_1 req_1",
                "    TypeError: no\\u{7}",
                "    at hooks/gate.ts:3:7",
                "    warn  \\u{1b}[2Jtwo",
                "          lines \\u{202e}x",
                "    2 more log lines were dropped",
                "    fuel 5 · memory 1.0 MiB · sha256:1",
                "    the record exceeded its size limit: the end is missing",
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
