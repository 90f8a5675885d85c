//! A tsconfig.json that cannot be read, reported in that file: the bundler names file, line and column in its message alone.

use crate::diagnostics::{Diagnostic, LineIndex, Place, codes, word_length};
use crate::source::Source;

/// The file in which settings are looked for first.
const NAME: &str = "tsconfig.json";
/// What the bundler says of a file that another one extends.
const NOT_FOUND: &str = "Tsconfig not found";

/// The bundler's message about the settings, at the place that it names.
pub(super) fn problem(source: &Source, message: String) -> Diagnostic {
    let Some(Named { file, reason }) = named(&message) else {
        return Diagnostic::about_file(codes::TSCONFIG, message, NAME);
    };
    if reason == NOT_FOUND {
        let text = std::fs::read_to_string(source.absolute(NAME)).unwrap_or_default();
        let start = text.find("\"extends\"").unwrap_or(0);
        let message = format!("{file}, which {NAME} extends, does not exist");
        return at(NAME, &text, start, message).hint("correct the path, or install the package that it is from");
    }
    let (reason, line, column) = placed(reason).unwrap_or((reason, 1, 1));
    let text = std::fs::read_to_string(source.absolute(file)).unwrap_or_default();
    let index = LineIndex::new(&text);
    let start = index.offset(&text, line.saturating_sub(1), column.saturating_sub(1));
    at(
        file,
        &text,
        start.unwrap_or(0),
        format!("{file} cannot be read: {reason}"),
    )
}

fn at(file: &str, text: &str, start: usize, message: String) -> Diagnostic {
    let bytes = start..start + word_length(&text[start..]);
    Diagnostic::error(codes::TSCONFIG, message, &Place { file, text, bytes })
}

struct Named<'m> {
    file: &'m str,
    reason: &'m str,
}

/// `Failed to load tsconfig 'tsconfig.json': …`
fn named(message: &str) -> Option<Named<'_>> {
    let (_, rest) = message.split_once("tsconfig '")?;
    let (file, reason) = rest.split_once("': ")?;
    Some(Named { file, reason })
}

/// `… at line 1 column 32`
fn placed(reason: &str) -> Option<(&str, u32, u32)> {
    let (what, place) = reason.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some((what, line.parse().ok()?, column.trim_end().parse().ok()?))
}
