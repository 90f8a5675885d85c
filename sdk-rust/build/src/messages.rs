//! What cargo and `rustc` say, as diagnostics: the place in the author's files, and what to do about it.

use std::path::{Path, PathBuf};

use aerocall_compiler::diagnostics::{Diagnostic, Severity};
use serde::Deserialize;

use crate::{cargo::relative, problem_codes, sdk};

/// A message of `rustc` (JSON output of the compiler).
#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    message: String,
    code: Option<Code>,
    level: String,
    #[serde(default)]
    spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Child>,
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

/// A place in a file.
#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
    is_primary: bool,
    label: Option<String>,
    suggested_replacement: Option<String>,
    expansion: Option<Box<Expansion>>,
}

/// The use of a macro that a place came from.
#[derive(Debug, Deserialize)]
struct Expansion {
    span: Span,
}

#[derive(Debug, Deserialize)]
struct Child {
    message: String,
    level: String,
    #[serde(default)]
    spans: Vec<Span>,
}

/// Turns messages into diagnostics.
pub(crate) struct Reader<'r> {
    pub(crate) root: &'r Path,
    /// What paths in messages can be relative to.
    pub(crate) bases: [&'r Path; 2],
    /// The folder of the crate that is built.
    pub(crate) crate_path: &'r str,
    pub(crate) found: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads a message of a package.
    pub(crate) fn read(&mut self, manifest: &Path, message: Message) {
        let severity = match message.level.as_str() {
            "warning" => Severity::Warning,
            level if level.starts_with("error") => Severity::Error,
            _ => return,
        };
        // A count of what was said before.
        if message.spans.is_empty() && message.code.is_none() && is_count(&message.message) {
            return;
        }
        let is_own = relative(self.root, manifest).is_some_and(|path| !path.starts_with(sdk::DIRECTORY));
        match (is_own, severity) {
            (true, _) => self.found.push(self.diagnostic(severity, &message)),
            (false, Severity::Error) => self.found.push(self.of_dependency(manifest, &message)),
            (false, Severity::Warning) => {}
        }
    }

    fn diagnostic(&self, severity: Severity, message: &Message) -> Diagnostic {
        let code = code(message);
        let primary = message
            .spans
            .iter()
            .find(|span| span.is_primary)
            .or(message.spans.first());
        let text = primary.map_or_else(|| message.message.clone(), |span| labelled(&message.message, span));
        let placed = primary.and_then(|span| self.place(span));
        let diagnostic = match placed {
            Some(Place {
                file,
                text: source,
                span,
            }) => Diagnostic::reported(code, severity, text, (&file, &source), span.byte_start..span.byte_end),
            None => {
                let whole = Diagnostic::about_file(code, text, &format!("{}/Cargo.toml", self.crate_path));
                match severity {
                    Severity::Error => whole,
                    Severity::Warning => whole.into_warning(),
                }
            }
        };
        match hint(&message.children) {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }

    /// The innermost place that is in a file of the author: where code of a macro is wrong, the use of the macro.
    fn place<'s>(&self, span: &'s Span) -> Option<Place<'s>> {
        let mut next = Some(span);
        while let Some(span) = next {
            if let Some((file, text)) = self.file(&span.file_name) {
                return Some(Place { file, text, span });
            }
            next = span.expansion.as_ref().map(|expansion| &expansion.span);
        }
        None
    }

    /// A file of the author, relative to the project, with its text.
    fn file(&self, name: &str) -> Option<(String, String)> {
        let paths = self.bases.iter().map(|base| base.join(name));
        let inside = paths.filter_map(|path: PathBuf| {
            let file =
                relative(self.root, &path).filter(|file| !file.starts_with(sdk::DIRECTORY) && !file.contains(".."))?;
            Some((file, std::fs::read_to_string(&path).ok()?))
        });
        inside.into_iter().next()
    }

    /// A crate that the hook depends on does not build.
    fn of_dependency(&self, manifest: &Path, message: &Message) -> Diagnostic {
        let folder = manifest.parent().and_then(Path::file_name).unwrap_or_default();
        let text = format!(
            "the dependency `{}` does not build: {}",
            folder.to_string_lossy(),
            message.message
        );
        let hint = "hooks run without an operating system; look for a feature of the crate for WebAssembly, or build for \
                    WASI with `target = \"wasm32-wasip2\"` in aerocall.toml";
        Diagnostic::about_file(code(message), text, &format!("{}/Cargo.toml", self.crate_path)).hint(hint)
    }
}

struct Place<'s> {
    file: String,
    text: String,
    span: &'s Span,
}

fn code(message: &Message) -> String {
    let own = message.code.as_ref().map(|code| code.code.clone());
    own.unwrap_or_else(|| problem_codes::RUSTC.to_owned())
}

/// `aborting due to 2 previous errors`, `3 warnings emitted`.
fn is_count(text: &str) -> bool {
    text.starts_with("aborting due to") || text.ends_with(" emitted")
}

fn labelled(text: &str, span: &Span) -> String {
    match &span.label {
        Some(label) if !text.contains(label.as_str()) => format!("{text}: {label}"),
        _ => text.to_owned(),
    }
}

/// What the compiler helps with, with the code that it suggests.
fn hint(children: &[Child]) -> Option<String> {
    let helps = children.iter().filter(|child| child.level == "help");
    let notes = children
        .iter()
        .filter(|child| child.level == "note" && child.spans.is_empty());
    let lines: Vec<String> = helps
        .map(helped)
        .chain(notes.map(|note| note.message.clone()))
        .take(2)
        .collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

fn helped(child: &Child) -> String {
    let suggested: Vec<&str> = child
        .spans
        .iter()
        .filter_map(|span| span.suggested_replacement.as_deref())
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .collect();
    match suggested.is_empty() {
        true => child.message.clone(),
        false => format!("{}: `{}`", child.message.trim_end_matches(':'), suggested.join(" … ")),
    }
}

/// What cargo itself says, without what surrounds it.
pub(crate) fn of_cargo(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    let start = lines.iter().position(|line| line.starts_with("error"));
    let text = lines[start.unwrap_or(0)..].join("\n");
    let text = text.trim().trim_start_matches("error: ");
    match text.is_empty() {
        true => "cargo failed, and said nothing".to_owned(),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_diagnostics_with_place_frame_and_hint() {
        let project = tempfile::tempdir().unwrap();
        let root = project.path();
        std::fs::create_dir_all(root.join("hooks/a/src")).unwrap();
        let text = "fn a() {\n    let é: u8 = \"x\";\n}\n";
        std::fs::write(root.join("hooks/a/src/lib.rs"), text).unwrap();
        let start = text.find("\"x\"").unwrap();
        let message = serde_json::json!({
            "message": "mismatched types", "code": { "code": "E0308" }, "level": "error",
            "spans": [{
                "file_name": "cargo/registry/x/macro.rs", "byte_start": 1, "byte_end": 2, "is_primary": true,
                "label": "expected `u8`, found `&str`", "suggested_replacement": null,
                "expansion": { "span": {
                    "file_name": "hooks/a/src/lib.rs", "byte_start": start, "byte_end": start + 3, "is_primary": false,
                    "label": null, "suggested_replacement": null, "expansion": null } } }],
            "children": [{ "message": "use a number", "level": "help", "spans": [{
                "file_name": "hooks/a/src/lib.rs", "byte_start": start, "byte_end": start + 3, "is_primary": true,
                "label": null, "suggested_replacement": "7", "expansion": null }] }],
        });
        let mut reader = Reader {
            root,
            bases: [root, root],
            crate_path: "hooks/a",
            found: Vec::new(),
        };
        let count =
            serde_json::json!({ "message": "aborting due to 1 previous error", "code": null, "level": "error" });
        for message in [message, count] {
            reader.read(
                &root.join("hooks/a/Cargo.toml"),
                serde_json::from_value(message).unwrap(),
            );
        }
        let shown: Vec<String> = reader.found.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "error[E0308]: mismatched types: expected `u8`, found `&str`\n  --> hooks/a/src/lib.rs:2:17\n  1 | fn a() {\n  \
              2 |     let é: u8 = \"x\";\n    |                 ^^^\n  3 | }\n  = hint: use a number: `7`"
            ]
        );
    }

    #[test]
    fn of_what_cargo_says_the_error_is_kept() {
        assert_eq!(
            of_cargo("    Updating index\nerror: no such crate\nCaused by: x\n"),
            "no such crate\nCaused by: x"
        );
        assert_eq!(of_cargo(""), "cargo failed, and said nothing");
    }
}
