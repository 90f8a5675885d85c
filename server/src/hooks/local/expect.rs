//! What a case expects, and the differences between that and a report, path by path. Knows no files.

use std::collections::BTreeMap;

use aerocall_runtime::{LogLevel, LogLine};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Local, LocalFault, Report};

/// What must come of a call. Everything that is given must hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Expect {
    /// The reply, exactly, as `aerocall run --json` shows it.
    #[serde(default)]
    reply: Option<Value>,
    /// Members that the reply must have; it may have more.
    #[serde(default)]
    reply_includes: Option<Value>,
    /// Lines of the log, in order, others between them; an empty list: nothing is logged.
    #[serde(default)]
    logs: Option<Vec<Line>>,
    /// What the cache holds after the call; `null`: nothing.
    #[serde(default)]
    cache: BTreeMap<String, Value>,
    /// Every message that was put into a queue, in order: `{ queue, message, delaySeconds?, idempotencyKey? }`.
    #[serde(default)]
    queue: Option<Vec<Value>>,
    /// Every mail, in order: members that each must have.
    #[serde(default)]
    emails: Option<Vec<Value>>,
    /// What the project's tables hold after the call.
    #[serde(default)]
    db: Vec<Answer>,
}

/// A query and its answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    sql: String,
    /// Objects by column.
    rows: Value,
}

/// A line of the log.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a line of the log is a text, or a level (debug, info, warn, error) with a message"
)]
enum Line {
    /// Text that the line contains.
    Text(String),
    /// Text and level.
    Full { level: LogLevel, message: String },
}

impl Expect {
    /// Whether it is about what a call leaves behind.
    pub(super) fn looks_behind(&self) -> bool {
        !self.cache.is_empty() || self.queue.is_some() || self.emails.is_some() || !self.db.is_empty()
    }

    /// What is not as expected.
    pub(super) fn problems(&self, report: &Report) -> Vec<String> {
        let mut problems = Vec::new();
        if let Some(wanted) = &self.reply {
            compare("reply", wanted, &report.reply, Rest::MustNotBe, &mut problems);
        }
        if let Some(wanted) = &self.reply_includes {
            compare("reply", wanted, &report.reply, Rest::MayBe, &mut problems);
        }
        // `{}` is part of every reply, and asks for none.
        let asks_nothing = |wanted: &Value| wanted.as_object().is_some_and(serde_json::Map::is_empty);
        let asked = self.reply_includes.as_ref().filter(|wanted| !asks_nothing(wanted));
        if self.reply.is_none() && asked.is_none() && report.is_failure() {
            problems.push(format!("reply: the hook failed: {}", report.reply["message"]));
        }
        if let Some(lines) = &self.logs {
            problems.extend(log_problem(lines, &report.logs));
        }
        if !problems.is_empty() && report.is_failure() {
            let stack = report.reply["error"]["stack"].as_str().unwrap_or_default();
            problems.extend(stack.lines().next().map(|first| format!("  {}", first.trim())));
        }
        problems
    }
}

impl Expect {
    /// What the call left behind and should not have, or the other way round.
    pub(super) async fn left_behind(&self, local: &Local) -> Result<Vec<String>, LocalFault> {
        let mut problems = Vec::new();
        for (key, wanted) in &self.cache {
            let place = format!("cache[{key:?}]");
            problems.extend(unless_same(&place, wanted, local.cached(key).await)?);
        }
        if let Some(wanted) = &self.queue {
            lists("queue", wanted, &local.queued().await?, &mut problems);
        }
        if let Some(wanted) = &self.emails {
            lists("emails", wanted, &local.emails().await?, &mut problems);
        }
        for (index, answer) in self.db.iter().enumerate() {
            let place = format!("db[{index}]");
            match local.rows(&answer.sql).await {
                Ok(got) => compare(&place, &answer.rows, &got, Rest::MustNotBe, &mut problems),
                Err(LocalFault::Given(problem)) => problems.push(format!("{place} ({}): {problem}", answer.sql)),
                Err(failed) => return Err(failed),
            }
        }
        Ok(problems)
    }
}

/// Two lists, member by member; what an expectation does not name does not matter.
fn lists(path: &str, wanted: &[Value], got: &Value, problems: &mut Vec<String>) {
    compare(path, &Value::Array(wanted.to_vec()), got, Rest::MayBe, problems);
}

/// Members that are not named in the expectation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    MayBe,
    MustNotBe,
}

fn compare(path: &str, wanted: &Value, got: &Value, rest: Rest, problems: &mut Vec<String>) {
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(got)) => {
            for (name, value) in wanted {
                let inner = format!("{path}.{name}");
                match got.get(name) {
                    Some(got) => compare(&inner, value, got, rest, problems),
                    None => problems.push(format!("{inner}: expected {value}, but it is missing")),
                }
            }
            if rest == Rest::MustNotBe {
                let more = got.iter().filter(|(name, _)| !wanted.contains_key(*name));
                problems.extend(more.map(|(name, value)| format!("{path}.{name}: not expected, but it is {value}")));
            }
        }
        (Value::Array(wanted), Value::Array(got)) if wanted.len() == got.len() => {
            for (index, (wanted, got)) in wanted.iter().zip(got).enumerate() {
                compare(&format!("{path}[{index}]"), wanted, got, rest, problems);
            }
        }
        _ if same(wanted, got) => {}
        _ => problems.push(format!("{path}: expected {wanted}, got {got}")),
    }
}

/// JSON has one kind of number: 1 and 1.0 are the same.
fn same(wanted: &Value, got: &Value) -> bool {
    wanted == got
        || matches!((wanted, got), (Value::Number(a), Value::Number(b)) if a.as_f64().is_some() && a.as_f64() == b.as_f64())
}

fn log_problem(wanted: &[Line], got: &[LogLine]) -> Option<String> {
    let shown = || json!(got).to_string();
    if wanted.is_empty() {
        return (!got.is_empty()).then(|| format!("logs: expected none, got {}", shown()));
    }
    let mut rest = got.iter();
    let missing = wanted.iter().find(|line| !rest.any(|got| line.fits(got)))?;
    Some(format!("logs: expected a line with {missing}, got {}", shown()))
}

impl Line {
    fn fits(&self, got: &LogLine) -> bool {
        match self {
            Self::Text(text) => got.message.contains(text),
            Self::Full { level, message } => got.level == *level && got.message.contains(message),
        }
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Full { level, message } => write!(f, "{message:?} at {}", json!(level)),
        }
    }
}

/// What is wrong with one value. To ask for what cannot be is the case's mistake.
fn unless_same(place: &str, wanted: &Value, got: Result<Value, LocalFault>) -> Result<Option<String>, LocalFault> {
    match got {
        Ok(got) if same(wanted, &got) => Ok(None),
        Ok(got) => Ok(Some(format!("{place}: expected {wanted}, got {got}"))),
        Err(LocalFault::Given(problem)) => Ok(Some(format!("{place}: {problem}"))),
        Err(failed) => Err(failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(wanted: Value, got: Value, rest: Rest) -> Vec<String> {
        let mut problems = Vec::new();
        compare("reply", &wanted, &got, rest, &mut problems);
        // The order of members is that of the document or of the alphabet, by a feature of serde_json.
        problems.sort();
        problems
    }

    #[test]
    fn names_the_path_of_every_difference() {
        let got = json!({"kind": "patch", "patch": {"user": {"email": "a", "n": 1.0, "tags": ["x", "y"]}}});
        let wanted = json!({"kind": "patch", "patch": {"user": {"email": "b", "n": 1, "tags": ["x", "z"], "gone": 1}}});
        assert_eq!(
            differences(wanted, got, Rest::MayBe),
            [
                "reply.patch.user.email: expected \"b\", got \"a\"",
                "reply.patch.user.gone: expected 1, but it is missing",
                "reply.patch.user.tags[1]: expected \"z\", got \"y\"",
            ]
        );
    }

    #[test]
    fn more_is_a_difference_only_where_the_match_is_exact() {
        let (wanted, got) = (json!({"kind": "deny"}), json!({"kind": "deny", "status": 403}));
        assert!(differences(wanted.clone(), got.clone(), Rest::MayBe).is_empty());
        assert_eq!(
            differences(wanted, got, Rest::MustNotBe),
            ["reply.status: not expected, but it is 403"]
        );
    }

    #[test]
    fn logs_stand_in_order() {
        let line = |message: &str| LogLine {
            level: LogLevel::Info,
            message: message.to_owned(),
        };
        let text = |text: &str| Line::Text(text.to_owned());
        let got = [line("first"), line("second")];
        assert_eq!(log_problem(&[text("first"), text("sec")], &got), None);
        assert!(log_problem(&[text("second"), text("first")], &got).is_some());
        assert!(log_problem(&[], &got).is_some());
        assert_eq!(log_problem(&[], &[]), None);
    }
}
