//! Places in text: byte offsets as parsers give them, lines and columns as people and source maps want them.

use std::ops::Range;

use serde::Serialize;

/// A place in one of the project's files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// The file, relative to the project's root, with `/`.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1.
    pub column: u32,
}

/// A stretch of a file's text, in bytes.
pub(crate) struct Place<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
    pub(crate) bytes: Range<usize>,
}

impl<'a> Place<'a> {
    /// The stretch from `start` to `end`, as parsers count them.
    pub(crate) fn new(file: &'a str, text: &'a str, start: u32, end: u32) -> Self {
        Self {
            file,
            text,
            bytes: start as usize..end.max(start) as usize,
        }
    }

    /// The file's first character.
    pub(crate) fn start_of(file: &'a str, text: &'a str) -> Self {
        Self {
            file,
            text,
            bytes: 0..0,
        }
    }

    /// The name or quoted text that begins at a position.
    pub(crate) fn of_word(position: &'a Position, text: &'a str) -> Self {
        let (line, column) = (position.line.saturating_sub(1), position.column.saturating_sub(1));
        let start = LineIndex::new(text).offset(text, line, column).unwrap_or(text.len());
        Self {
            file: &position.file,
            text,
            bytes: start..start + word_length(&text[start..]),
        }
    }

    /// Line and column of where it begins.
    pub(crate) fn position(&self) -> Position {
        let (line, column) = LineIndex::new(self.text).line_column(self.text, self.bytes.start);
        Position {
            file: self.file.to_owned(),
            line: line + 1,
            column: column + 1,
        }
    }

    /// Line and column, from 1, of where it ends.
    pub(crate) fn end(&self) -> (u32, u32) {
        let (line, column) = LineIndex::new(self.text).line_column(self.text, self.bytes.end);
        (line + 1, column + 1)
    }
}

/// Where each line of a text begins, for texts in which many places are looked up. Lines and columns count from 0
/// here, as in source maps.
pub(crate) struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    pub(crate) fn new(text: &str) -> Self {
        let newlines = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(newlines).collect(),
        }
    }

    /// Line and column, in UTF-16 code units, of a byte offset.
    pub(crate) fn line_column(&self, text: &str, offset: usize) -> (u32, u32) {
        let offset = floor_char_boundary(text, offset);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let column = text[self.starts[line]..offset].encode_utf16().count();
        (small(line), small(column))
    }

    /// The byte offset of a line and column; the end of the line if it is shorter.
    pub(crate) fn offset(&self, text: &str, line: u32, column: u32) -> Option<usize> {
        let start = *self.starts.get(line as usize)?;
        let mut units = 0;
        for (at, character) in text[start..].char_indices() {
            if units >= column || character == '\n' {
                return Some(start + at);
            }
            units += small(character.len_utf16());
        }
        Some(text.len())
    }

    /// The text of a line, without its end.
    pub(crate) fn line<'t>(&self, text: &'t str, line: u32) -> Option<&'t str> {
        let start = *self.starts.get(line as usize)?;
        let end = self.starts.get(line as usize + 1).copied().unwrap_or(text.len());
        Some(text[start..end].trim_end_matches(['\n', '\r']))
    }
}

/// How long the word or quoted text is that a text begins with.
pub(crate) fn word_length(text: &str) -> usize {
    let quoted = text.chars().next().filter(|first| matches!(first, '"' | '\''));
    if let Some(end) = quoted.and_then(|quote| text[1..].find(quote)) {
        return end + 2;
    }
    text.find(|character: char| !character.is_alphanumeric() && character != '_' && character != '$')
        .unwrap_or(text.len())
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Files are far below 4 GiB; a larger number is only ever wrong in a message.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_utf16_units_and_windows_lines() {
        let text = "a\r\n😀é = b\r\nc";
        let index = LineIndex::new(text);
        let offset = text.find('=').unwrap();
        assert_eq!(index.line_column(text, offset), (1, 4));
        assert_eq!(index.offset(text, 1, 4), Some(offset));
        assert_eq!(index.line(text, 1), Some("😀é = b"));
        assert_eq!(index.line_column(text, 10_000), (2, 1));
    }
}
