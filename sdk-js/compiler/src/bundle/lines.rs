//! Lines as editors, the engine and our diagnostics count them: a line ends with a line feed. The bundler's source map also
//! ends one at a lone carriage return, at U+2028 and at U+2029, as the language does. Here it is counted again, so that a place
//! is the same in a diagnostic, in a stack and in the frame of source around it.

use oxc::allocator::Allocator;
use oxc::ast::ast::{TaggedTemplateExpression, TemplateLiteral};
use oxc::ast_visit::{VisitMut, walk_mut};
use oxc_sourcemap::{SourceMap, Token};
use rolldown_ecmascript::{EcmaAst, WithMutFields};

/// The map with the lines of its sources counted again.
pub(super) fn counted<'m>(map: SourceMap<'m>) -> SourceMap<'m> {
    let texts: Vec<Option<&str>> = map.get_source_contents().collect();
    let lines: Vec<Option<Vec<Start>>> = texts.iter().map(|text| text.and_then(starts)).collect();
    if lines.iter().all(Option::is_none) {
        return map;
    }
    let tokens = map.get_tokens().map(|token| {
        let file = token
            .get_source_id()
            .and_then(|file| lines.get(file as usize)?.as_ref());
        let start = file.and_then(|starts| starts.get(token.get_src_line() as usize));
        start.map_or(token, |start| start.token(token))
    });
    let tokens = tokens.collect();
    let mut parts = map.into_parts();
    parts.tokens = tokens;
    parts.token_chunks = None;
    SourceMap::from_parts(parts)
}

/// Where a line of the bundler begins, in lines that end with a line feed alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Start {
    line: u32,
    /// In units of UTF-16.
    column: u32,
}

impl Start {
    fn token(self, token: Token) -> Token {
        Token::new(
            token.get_dst_line(),
            token.get_dst_col(),
            self.line,
            self.column.saturating_add(token.get_src_col()),
            token.get_source_id(),
            token.get_name_id(),
        )
    }
}

/// The lines of the bundler; none if they are the same.
fn starts(text: &str) -> Option<Vec<Start>> {
    let (mut starts, mut at) = (vec![Start::default()], Start::default());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => {
                at = Start {
                    line: at.line + 1,
                    column: 0,
                };
                starts.push(at);
            }
            character => {
                at.column += character.len_utf16() as u32;
                let before_feed = character == '\r' && characters.peek() == Some(&'\n');
                if matches!(character, '\r' | '\u{2028}' | '\u{2029}') && !before_feed {
                    starts.push(at);
                }
            }
        }
    }
    starts.iter().any(|start| start.column > 0).then_some(starts)
}

/// Writes these characters of templates as escapes, as it is done with those of strings: in the bundle, too, lines are counted.
/// A tag sees how a template is written, so its own stays, and places after it in its file are still counted by the bundler.
pub(super) fn escape_templates(ast: &mut EcmaAst) {
    ast.program.with_mut(|WithMutFields { program, allocator, .. }| {
        if program.source_text.contains(['\u{2028}', '\u{2029}']) {
            Escaper { allocator }.visit_program(program);
        }
    });
}

struct Escaper<'a> {
    allocator: &'a Allocator,
}

impl<'a> VisitMut<'a> for Escaper<'a> {
    fn visit_template_literal(&mut self, template: &mut TemplateLiteral<'a>) {
        for part in &mut template.quasis {
            let raw = part.value.raw.as_str();
            if raw.contains(['\u{2028}', '\u{2029}']) {
                let escaped = raw.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
                part.value.raw = self.allocator.alloc_str(&escaped).into();
            }
        }
        walk_mut::walk_template_literal(self, template);
    }

    fn visit_tagged_template_expression(&mut self, tagged: &mut TaggedTemplateExpression<'a>) {
        self.visit_expression(&mut tagged.tag);
        self.visit_expressions(&mut tagged.quasi.expressions);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_line_feeds_alone() {
        let start = |line, column| Start { line, column };
        assert_eq!(starts("a\nb"), None);
        assert_eq!(starts("a\r\nb"), None);
        assert_eq!(
            starts("😀\u{2028}b\u{2029}\nc\rd"),
            Some(vec![start(0, 0), start(0, 3), start(0, 5), start(1, 0), start(1, 2)])
        );
    }
}
