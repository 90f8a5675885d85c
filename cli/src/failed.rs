//! Why a command ended without success. The kind decides the exit code, so that a script can tell what to do about it.

use std::process::ExitCode;

use aerocall_compiler::diagnostics::Diagnostic;

use crate::terminal;

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
    /// What the command ends with.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Checked => 1,
            Self::Usage(_) | Self::Mistake(_) => 2,
            Self::Environment(_) => 3,
        })
    }

    /// Says what is left to say.
    pub(crate) fn say(self) {
        let message = match self {
            Self::Checked => return,
            Self::Mistake(mistake) => return terminal::show(&mistake),
            Self::Usage(message) | Self::Environment(message) => message,
        };
        let head = terminal::paint(terminal::Stream::Notice, terminal::Style::Bad, "error");
        terminal::say(format!("{head}: {}", terminal::plain(message.trim_end())));
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
