//! What is written where: answers to standard output, everything about the way there to standard error. Colour only on a
//! terminal and without `NO_COLOR`; nothing is said by colour alone.

use std::io::{self, IsTerminal as _, Write as _};

use aerocall_compiler::diagnostics::Diagnostic;

/// How a word looks on a terminal.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    Good,
    Bad,
    Caution,
    Quiet,
}

/// Where a text goes.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Answer,
    Notice,
}

/// Writes a line of the answer. A reader that has seen enough (`| head`) is no error.
pub(crate) fn answer(line: impl AsRef<str>) {
    drop(writeln!(io::stdout().lock(), "{}", line.as_ref()));
}

/// Writes a line of an answer without end, as long as somebody reads it.
pub(crate) fn answer_if_read(line: impl AsRef<str>) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{}", line.as_ref())
}

/// Writes a JSON document as the answer.
pub(crate) fn answer_json(document: &impl serde::Serialize) -> Result<(), crate::Failed> {
    answer(serde_json::to_string_pretty(document)?);
    Ok(())
}

/// Writes a line about the way to the answer.
pub(crate) fn say(line: impl AsRef<str>) {
    drop(writeln!(io::stderr().lock(), "{}", line.as_ref()));
}

/// Writes a part of a line about the way to the answer.
pub(crate) fn say_part(part: impl AsRef<str>) {
    let mut stderr = io::stderr().lock();
    drop(write!(stderr, "{}", part.as_ref()).and_then(|()| stderr.flush()));
}

/// Writes a diagnostic.
pub(crate) fn show(diagnostic: &Diagnostic) {
    let text = diagnostic.to_string();
    let head = diagnostic.severity.to_string();
    let style = if diagnostic.is_error() {
        Style::Bad
    } else {
        Style::Caution
    };
    let rest = text.strip_prefix(&head).unwrap_or(&text);
    say(format!("{}{rest}", paint(Stream::Notice, style, &head)));
}

/// Whether colours are seen where a text goes, and wanted.
pub(crate) fn in_colour(stream: Stream) -> bool {
    let is_terminal = match stream {
        Stream::Answer => io::stdout().is_terminal(),
        Stream::Notice => io::stderr().is_terminal(),
    };
    is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The text in colour, if colour is seen where it goes.
pub(crate) fn paint(stream: Stream, style: Style, text: &str) -> String {
    if !in_colour(stream) {
        return text.to_owned();
    }
    let code = match style {
        Style::Good => "32",
        Style::Bad => "1;31",
        Style::Caution => "33",
        Style::Quiet => "2",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// Text from elsewhere, with control characters made visible, and those that turn the direction of writing: a log line
/// can neither drive the terminal nor look like what it is not.
pub(crate) fn plain(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let visible = |c: char| match c {
        '\n' | '\t' => c.to_string(),
        c if c.is_control() || turns(c) => c.escape_default().to_string(),
        c => c.to_string(),
    };
    text.chars().map(visible).collect()
}
