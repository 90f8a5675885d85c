//! Where each piece of the bundle stands in the author's files, as the engine wants to know it: with this table it
//! compiles the author's positions into the bundle, so that every stack names them. Made of the source map; the format
//! is described at `aerocall_positions` of the engine.

use oxc_sourcemap::{SourceMap, Token};

use super::Bundle;

/// The number of no file: code that the bundler added.
const NO_FILE: u32 = u32::MAX;
/// Lines that the bundler writes around the code of each file. What follows is its own until a token says otherwise.
const BORDERS: [&str; 2] = ["//#region", "//#endregion"];

/// The table of a bundle; empty if its source map cannot be read.
pub(crate) fn table(bundle: &Bundle) -> Vec<u8> {
    let Ok(map) = SourceMap::from_json_string(&bundle.source_map) else {
        return Vec::new();
    };
    let tokens: Vec<Token> = map.get_tokens().collect();
    let mut table = Words::default();
    files(&mut table, &map, &tokens);
    let mut rest = tokens.as_slice();
    for (number, line) in (0..).zip(bundle.code.split('\n')) {
        let (here, after) = rest.split_at(rest.partition_point(|token| token.get_dst_line() <= number));
        rest = after;
        if BORDERS.iter().any(|border| line.starts_with(border)) {
            table.token(number, 0, NO_FILE, (0, 0));
        }
        of_line(&mut table, number, line, here);
    }
    table.0
}

/// The files with how many lines each has, as far as tokens lead there.
fn files(table: &mut Words, map: &SourceMap<'_>, tokens: &[Token]) {
    let names: Vec<&str> = map.get_sources().collect();
    let mut lines = vec![0; names.len()];
    for token in tokens {
        if let Some(lines) = token.get_source_id().and_then(|file| lines.get_mut(file as usize)) {
            *lines = token.get_src_line().saturating_add(1).max(*lines);
        }
    }
    table.word(names.len() as u32);
    for (name, lines) in names.iter().zip(lines) {
        table.word(lines);
        table.word(name.len() as u32);
        table.0.extend_from_slice(name.as_bytes());
    }
}

/// The tokens of a line. The source map counts in units of UTF-16, the engine in bytes.
fn of_line(table: &mut Words, number: u32, line: &str, tokens: &[Token]) {
    let mut characters = line.char_indices();
    let (mut byte, mut unit) = (0, 0);
    let mut last = None;
    for token in tokens {
        while unit < token.get_dst_col()
            && let Some((at, character)) = characters.next()
        {
            byte = at + character.len_utf8();
            unit += character.len_utf16() as u32;
        }
        let file = token.get_source_id().unwrap_or(NO_FILE);
        let place = (token.get_src_line(), token.get_src_col());
        if last.replace((file, place)) != Some((file, place)) {
            table.token(number, byte as u32, file, place);
        }
    }
}

#[derive(Default)]
struct Words(Vec<u8>);

impl Words {
    fn word(&mut self, word: u32) {
        self.0.extend_from_slice(&word.to_le_bytes());
    }

    /// All of them from 0; the table counts from 1.
    fn token(&mut self, line: u32, byte: u32, file: u32, source: (u32, u32)) {
        for word in [line + 1, byte + 1, file, source.0 + 1, source.1 + 1] {
            self.word(word);
        }
    }
}
