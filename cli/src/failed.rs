//! Why a command ended without success. The kind decides the exit code, so that a script can tell what to do about it.

use aerocall_compiler::diagnostics::Diagnostic;
use std::process::ExitCode;

/// Why a command ended without success.
#[derive(Debug)]
pub(crate) enum Failed {
    /// What was checked is not right; it has been said. Exit code 1.
    Checked,
    /// What the command was given makes no sense: an argument, a setting, a document. Exit code 2.
    Usage(String),
    /// The same of a setting in `aerocall.toml`, with its place. Exit code 2.
    Mistake(Box<Diagnostic>),
    /// Files, network or server. Exit code 3.
    Environment(String),
}

impl Failed {
    /// What is left to say, if anything, and the exit code.
    pub(crate) fn end(self) -> (Option<String>, ExitCode) {
        match self {
            Self::Checked => (None, ExitCode::from(1)),
            Self::Usage(message) => (Some(message), ExitCode::from(2)),
            // Whoever ends shows it: it has more than one line.
            Self::Mistake(_) => (None, ExitCode::from(2)),
            Self::Environment(message) => (Some(message), ExitCode::from(3)),
        }
    }

    /// The same as a failed check, for the command whose work is to look at it.
    pub(crate) fn message(self) -> String {
        match self {
            Self::Checked => "the check failed".to_owned(),
            Self::Usage(message) | Self::Environment(message) => message,
            Self::Mistake(mistake) => {
                let Diagnostic {
                    file,
                    line,
                    column,
                    message,
                    ..
                } = *mistake;
                format!("{file}:{line}:{column}: {message}")
            }
        }
    }

    /// Says what is left to say.
    pub(crate) fn say(self) {
        if let Self::Mistake(mistake) = &self {
            crate::terminal::show(mistake);
        }
        if let (Some(message), _) = self.end() {
            crate::terminal::say(format!("error: {message}"));
        }
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::Environment(format!("{}: {error}", path.display()))
    }
}

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Environment(error.to_string())
    }
}
