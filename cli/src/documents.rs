//! JSON documents that people write: read from files or standard input, with the place of a mistake.

use std::{io::Read as _, path::Path};

use serde::de::DeserializeOwned;

use crate::Failed;

/// The text of a file; `-` is standard input.
pub(crate) fn text(path: &Path) -> Result<String, Failed> {
    let read = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    read.map(|text| text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => Failed::Usage(format!("{} is not UTF-8 text", name(path))),
            _ => Failed::file(path, &error),
        })
}

/// The text of a file without the line break that editors and `echo` put at its end.
pub(crate) fn line(path: &Path) -> Result<String, Failed> {
    text(path).map(without_end)
}

/// The same of a text.
pub(crate) fn without_end(text: String) -> String {
    let line = text
        .strip_suffix('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    line.map(str::to_owned).unwrap_or(text)
}

/// The document in a file.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Failed> {
    parse(path, &text(path)?)
}

/// The document in the text of a file.
pub(crate) fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Failed> {
    serde_json::from_str(text).map_err(|error| {
        let place = match error.line() {
            // About the document as a whole.
            0 => name(path),
            line => format!("{}:{line}:{}", name(path), error.column()),
        };
        let message = error.to_string();
        let what = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(what, _)| what);
        let kind = if error.is_data() { "" } else { "not valid JSON: " };
        Failed::Usage(format!("{place}: {kind}{what}"))
    })
}

fn name(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}
