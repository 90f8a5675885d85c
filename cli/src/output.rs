//! How a command that talks to a server answers: for people or as one JSON object, with an exit code either way.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    Failed,
    admin::NoAnswer,
    terminal::{self, plain},
};

/// The flag of every command that a program may read.
#[derive(Clone, Copy, clap::Args)]
pub(crate) struct Output {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Output {
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// The document, its members by name, or what people read instead.
    pub(crate) fn print<T: Serialize>(self, document: &T, text: impl FnOnce(&T)) -> Result<(), Failed> {
        if self.json {
            return terminal::answer_json(&serde_json::to_value(document)?);
        }
        text(document);
        Ok(())
    }

    /// Says why there is no answer. `more` adds to what is said of a refusal.
    pub(crate) fn refused(self, why: NoAnswer, more: impl FnOnce(&Value) -> Vec<String>) -> Failed {
        let (status, error, hints) = match why {
            NoAnswer::Network(message) => return Failed::Environment(message),
            NoAnswer::Refused { status, error, hints } => (status, error, hints),
        };
        if self.json
            && let Err(failed) = terminal::answer_json(&json!({ "error": error }))
        {
            return failed;
        }
        let more = more(&error);
        terminal::say(format!(
            "error[{}]: {} ({status})",
            text(&error["code"]),
            text(&error["message"])
        ));
        let lines = hints.iter().chain(&more).map(|line| format!("  {line}"));
        lines.for_each(terminal::say);
        terminal::say(format!("  request {}", text(&error["request_id"])));
        Failed::Checked
    }
}

/// A document as people read JSON, safe to show.
pub(crate) fn pretty(document: &impl Serialize) -> String {
    plain(&serde_json::to_string_pretty(document).unwrap_or_default())
}

/// What is wrong field by field.
pub(crate) fn details(error: &Value) -> Vec<String> {
    let line = |detail: &Value| format!("{}: {}", text(&detail["field"]), text(&detail["problem"]));
    error["details"].as_array().into_iter().flatten().map(line).collect()
}

/// A text of a document, safe to show.
pub(crate) fn text(value: &Value) -> String {
    plain(value.as_str().unwrap_or_default())
}

/// A word of a closed list, as documents spell it.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        // Such a value is written as a word.
        Ok(_) | Err(_) => String::new(),
    }
}

/// A list of texts of a document, safe to show.
pub(crate) fn list<T: AsRef<str>>(texts: &[T]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| plain(text.as_ref())).collect();
    texts.join(", ")
}
