//! How deep a file's code is nested, read from its characters before any parser sees it.
//!
//! Parsers recurse: a file of ten thousand brackets would end the process, not the build. This looks for what they
//! recurse on, brackets and chains of operators (`!!!!x`, `a?b:c?d:…`, `a+b+c+…`), with bounds far past what people or
//! tools write and well inside of what [`crate::threads`] has room for. It is no parser: a file that it misreads is
//! still parsed by one.

use crate::diagnostics::{Diagnostic, LineIndex, codes};

/// Brackets inside one another. Minified libraries reach about 100.
const MAX_BRACKETS: usize = 2_000;
/// Operators and keywords in one expression, between `;`, `,` and the ends of blocks.
const MAX_OPERATORS: usize = 20_000;

/// Words that stand before what they apply to, so that they nest without brackets.
const PREFIX_WORDS: &[&str] = &[
    "new",
    "typeof",
    "void",
    "delete",
    "await",
    "yield",
    "if",
    "else",
    "for",
    "while",
    "do",
    "with",
    "in",
    "of",
    "instanceof",
    "as",
    "satisfies",
    "extends",
    "keyof",
    "return",
    "case",
    "throw",
];

/// Where a file is nested too deeply.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TooDeep {
    /// Where the bound is crossed, from 1.
    line: u32,
    column: u32,
    /// What there is too much of.
    what: String,
}

/// The problem, for the author.
pub(super) fn diagnostic(file: &str, problem: &TooDeep) -> Diagnostic {
    let message = format!("{file} is nested too deeply: {}", problem.what);
    Diagnostic {
        line: problem.line,
        column: problem.column,
        end_line: problem.line,
        end_column: problem.column,
        ..Diagnostic::about_file(codes::TOO_DEEP, message, file)
    }
    .hint("put data of this size into a JSON file and import it, or build it in a loop")
}

/// Looks through a file.
pub(super) fn check(text: &str) -> Result<(), TooDeep> {
    Scanner {
        source: text,
        text: text.as_bytes(),
        at: 0,
        levels: vec![Level::default()],
        before: Before::Operator,
        block_ended: false,
    }
    .scan()
}

/// What stands before a place, as far as it tells a division from a regular expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Value,
    Operator,
}

#[derive(Default)]
struct Level {
    operators: usize,
    /// Opened by `${`: its closing bracket leads back into the template.
    in_template: bool,
}

struct Scanner<'t> {
    source: &'t str,
    text: &'t [u8],
    at: usize,
    levels: Vec<Level>,
    before: Before,
    /// A `}` has just closed. Whether that ends a statement is for the next token to say.
    block_ended: bool,
}

impl Scanner<'_> {
    fn scan(mut self) -> Result<(), TooDeep> {
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                _ if byte.is_ascii_whitespace() => self.at += 1,
                b'/' if self.next_is(b"//") => self.skip_past(b"\n"),
                b'/' if self.next_is(b"/*") => self.skip_past(b"*/"),
                b'"' | b'\'' => self.skip_string(byte),
                b'`' => self.template(1)?,
                b'/' if self.before == Before::Operator => self.skip_regex(),
                b'(' | b'[' | b'{' => self.open(Level::default(), 1)?,
                b')' | b']' | b'}' => self.close(byte)?,
                b';' | b',' => self.separator(),
                _ if is_word(byte) => self.word()?,
                _ => self.operator(1)?,
            }
        }
        Ok(())
    }

    fn too_deep(&self, what: String) -> TooDeep {
        let (line, column) = LineIndex::new(self.source).line_column(self.source, self.at);
        TooDeep {
            line: line + 1,
            column: column + 1,
            what,
        }
    }

    fn next_is(&self, wanted: &[u8]) -> bool {
        self.text[self.at..].starts_with(wanted)
    }

    fn skip_past(&mut self, end: &[u8]) {
        let rest = &self.text[self.at + 1..];
        let found = rest.windows(end.len()).position(|window| window == end);
        self.at = found.map_or(self.text.len(), |found| self.at + 1 + found + end.len());
    }

    /// To the closing quote, or to the end of the line when there is none.
    fn skip_string(&mut self, quote: u8) {
        self.value();
        self.at += 1;
        while let Some(&byte) = self.text.get(self.at) {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == quote || byte == b'\n' {
                return;
            }
        }
    }

    /// To the closing slash; a slash that no regular expression follows is a division.
    fn skip_regex(&mut self) {
        let line = self.text[self.at + 1..]
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let (mut in_class, mut escaped) = (false, false);
        for (index, byte) in line.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    self.value();
                    self.at += index + 2;
                    return;
                }
                _ => {}
            }
        }
        self.at += 1;
    }

    /// The text of a template, to its end or to the next `${`. `lead` bytes belong to the bracket before it.
    fn template(&mut self, lead: usize) -> Result<(), TooDeep> {
        self.at += lead;
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'`' => {
                    self.at += 1;
                    self.value();
                    return Ok(());
                }
                b'$' if self.next_is(b"${") => {
                    let level = Level {
                        in_template: true,
                        ..Level::default()
                    };
                    return self.open(level, 2);
                }
                _ => self.at += 1,
            }
        }
        Ok(())
    }

    fn open(&mut self, level: Level, bytes: usize) -> Result<(), TooDeep> {
        // A call or an access goes on with the chain that it stands in.
        if self.before == Before::Value && !level.in_template {
            self.count()?;
        }
        self.block_ended = false;
        self.levels.push(level);
        if self.levels.len() > MAX_BRACKETS {
            return Err(self.too_deep(format!("more than {MAX_BRACKETS} brackets are open")));
        }
        self.at += bytes;
        self.before = Before::Operator;
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<(), TooDeep> {
        let closed = if self.levels.len() > 1 { self.levels.pop() } else { None };
        if closed.is_some_and(|level| level.in_template) {
            return self.template(1);
        }
        self.at += 1;
        self.block_ended = byte == b'}';
        // After a block a regular expression may stand, after an object a division: the first is what matters here.
        self.before = if byte == b'}' { Before::Operator } else { Before::Value };
        Ok(())
    }

    fn separator(&mut self) {
        self.at += 1;
        self.before = Before::Operator;
        self.end_chain();
    }

    fn end_chain(&mut self) {
        self.block_ended = false;
        if let Some(level) = self.levels.last_mut() {
            level.operators = 0;
        }
    }

    fn value(&mut self) {
        self.before = Before::Value;
        if self.block_ended {
            self.end_chain();
        }
    }

    fn word(&mut self) -> Result<(), TooDeep> {
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len());
        let word = &rest[..length];
        if PREFIX_WORDS.iter().any(|prefix| prefix.as_bytes() == word) {
            if self.block_ended && word != b"else" {
                self.end_chain();
            }
            return self.operator(length);
        }
        self.value();
        self.at += length;
        Ok(())
    }

    fn operator(&mut self, bytes: usize) -> Result<(), TooDeep> {
        self.count()?;
        self.block_ended = false;
        self.at += bytes;
        self.before = Before::Operator;
        Ok(())
    }

    fn count(&mut self) -> Result<(), TooDeep> {
        let Some(level) = self.levels.last_mut() else {
            return Ok(());
        };
        level.operators += 1;
        if level.operators > MAX_OPERATORS {
            return Err(self.too_deep(format!("one expression has more than {MAX_OPERATORS} operators")));
        }
        Ok(())
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'@') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_every_way_to_nest() {
        let many = |text: &str| text.repeat(25_000);
        let deep = [
            many("("),
            many("["),
            many("{a:"),
            many("`${"),
            many("!"),
            many("- "),
            many("new "),
            many("a=>"),
            many("a?b:"),
            many("a+"),
            many("a.b"),
            many("a()"),
            many("if(a)"),
            many("if(a){}else "),
            many("{}+"),
            format!("type T = {}", many("A<")),
            many("<a>"),
        ];
        for text in deep {
            assert!(check(&text).is_err(), "{}", &text[..40]);
        }
    }

    #[test]
    fn long_is_not_deep() {
        let many = |text: &str| text.repeat(25_000);
        let flat = [
            many("a();"),
            many("[1],"),
            many("if (a) { b }\n"),
            many("function f() { return {} }\n"),
            many("\"(\" + /[(]/.test(x) + `(${a})`;"),
            many("/* ( */ // (\n"),
            many("x = a / b; // it's\n"),
            format!("const all = [{}]", many("{ a: -1 }, ")),
            many("class A { b = 1; c() { return a ? b : c } }\n"),
        ];
        for text in flat {
            assert_eq!(check(&text), Ok(()), "{}", &text[..12]);
        }
    }
}
