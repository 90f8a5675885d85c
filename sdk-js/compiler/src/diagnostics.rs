//! What the compiler reports to the author: a stable code, a place in the author's own file, what to do about it.
//!
//! Knows no bundler and no parser; whoever finds a problem turns it into a [`Diagnostic`] at once. Paths are
//! relative to the project, with `/`; columns count UTF-16 code units from 1, as editors and source maps do.

pub mod codes;
mod frame;
mod position;

use std::{fmt, ops::Range};

use serde::Serialize;

pub use codes::Code;
pub use position::Position;
pub(crate) use position::{LineIndex, Place, word_length};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The hook cannot be built.
    Error,
    /// The hook is built, but may not do what its author expects.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One thing that is wrong, and where.
///
/// `Display` prints it as a terminal shows it, with its code frame and without colour:
///
/// ```text
/// error[missing-import]: cannot find './utl'
///   --> hooks/signup.ts:2:20
///   1 | // a hook
///   2 | import { domain } from './utl';
///     |                        ^^^^^^^
///   3 |
///   = hint: did you mean './util'?
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// What kind of problem: stable, for programs and for looking it up. One of [`codes`], or what the compiler of another
    /// language calls it, such as `E0308`.
    pub code: Code,
    /// Whether it stops the build.
    pub severity: Severity,
    /// The file, relative to the project's root, with `/`.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1.
    pub column: u32,
    /// Line on which the place ends.
    pub end_line: u32,
    /// Column after its last character.
    pub end_column: u32,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<Box<str>>,
    /// The line in question with one before and one after it, and a caret.
    pub frame: Option<Box<str>>,
}

impl Diagnostic {
    /// A problem at a place in a file whose text is known.
    pub(crate) fn new(
        code: impl Into<Code>,
        severity: Severity,
        message: impl Into<String>,
        place: &Place<'_>,
    ) -> Self {
        let Position { file, line, column } = place.position();
        let frame = Some(frame::render(place).into_boxed_str());
        let (end_line, end_column) = place.end();
        Self {
            code: code.into(),
            severity,
            file,
            line,
            column,
            end_line,
            end_column,
            message: message.into(),
            hint: None,
            frame,
        }
    }

    /// What the compiler of another language says of a file whose text is known. `bytes`: the place in it.
    #[must_use]
    pub fn reported(
        code: impl Into<Code>,
        severity: Severity,
        message: impl Into<String>,
        (file, text): (&str, &str),
        bytes: Range<usize>,
    ) -> Self {
        Self::new(code, severity, message, &Place { file, text, bytes })
    }

    /// An error at a place in a file.
    pub(crate) fn error(code: &'static str, message: impl Into<String>, place: &Place<'_>) -> Self {
        Self::new(code, Severity::Error, message, place)
    }

    /// A warning at a place in a file.
    pub(crate) fn warning(code: &'static str, message: impl Into<String>, place: &Place<'_>) -> Self {
        Self::new(code, Severity::Warning, message, place)
    }

    /// An error about a file as a whole, or about one that cannot be read.
    #[must_use]
    pub fn about_file(code: impl Into<Code>, message: impl Into<String>, file: &str) -> Self {
        let (message, file) = (message.into(), file.to_owned());
        Self {
            code: code.into(),
            severity: Severity::Error,
            file,
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
            message,
            hint: None,
            frame: None,
        }
    }

    /// The same as a warning.
    #[must_use]
    pub fn into_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The same at a place that a source map gave.
    pub(crate) fn placed(mut self, at: aerocall_runtime::Position, frame: Option<String>) -> Self {
        self.file = at.file;
        (self.line, self.column) = (at.line, at.column);
        (self.end_line, self.end_column) = (self.line, self.column);
        self.frame = frame.map(String::into_boxed_str);
        self
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into().into_boxed_str());
        self
    }

    /// Whether it stops the build.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Where it is.
    #[must_use]
    pub fn position(&self) -> Position {
        Position {
            file: self.file.clone(),
            line: self.line,
            column: self.column,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}[{}]: {}", self.severity, self.code, self.message)?;
        write!(f, "  --> {}:{}:{}", self.file, self.line, self.column)?;
        if let Some(frame) = &self.frame {
            write!(f, "\n{frame}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  = hint: {hint}")?;
        }
        Ok(())
    }
}

/// Errors first, then by place: the same problems always come out in the same order, each once.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| key(a).cmp(&key(b)));
    diagnostics.dedup();
}

fn key(d: &Diagnostic) -> (Severity, &str, u32, u32, &str, &str) {
    (d.severity, &d.file, d.line, d.column, d.code.as_str(), &d.message)
}
