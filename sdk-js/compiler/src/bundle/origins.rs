//! From a place in the bundle back to the author's file, through the source map.

use oxc::span::Span;
use oxc_sourcemap::{SourceMap, Token};

use super::Bundle;
use crate::diagnostics::{LineIndex, Place};

/// A bundle's source map, ready to be asked.
pub(crate) struct Origins<'b> {
    code: &'b str,
    lines: LineIndex,
    map: Option<SourceMap<'b>>,
    /// The map's tokens, in the order of the places in the bundle.
    tokens: Vec<Token>,
}

impl<'b> Origins<'b> {
    pub(crate) fn of(bundle: &'b Bundle) -> Self {
        // Our own map; one that cannot be read leaves diagnostics without a place, nothing worse.
        let map = SourceMap::from_json_string(&bundle.source_map).ok();
        let tokens = map.iter().flat_map(SourceMap::get_tokens).collect();
        Self {
            code: &bundle.code,
            lines: LineIndex::new(&bundle.code),
            map,
            tokens,
        }
    }

    /// The author's text behind a stretch of the bundle.
    pub(crate) fn place(&self, span: Span) -> Option<Place<'_>> {
        let map = self.map.as_ref()?;
        let wanted = self.lines.line_column(self.code, span.start as usize);
        let after = self
            .tokens
            .partition_point(|token| (token.get_dst_line(), token.get_dst_col()) <= wanted);
        let token = self.tokens.get(after.checked_sub(1)?)?;
        let source = token.get_source_id().filter(|_| token.get_dst_line() == wanted.0)?;
        let (file, text) = map.get_source_and_content(source)?;
        let start = LineIndex::new(text).offset(text, token.get_src_line(), token.get_src_col())?;
        let length = (span.end - span.start) as usize;
        // The text in the bundle may be shorter or longer than what the author wrote: keep to one line.
        let rest = text[start..].find(['\n', '\r']).unwrap_or(text.len() - start);
        Some(Place {
            file,
            text,
            bytes: start..start + length.min(rest),
        })
    }
}
