//! SQL as tokens, by PostgreSQL's rules (its manual, 4.1 Lexical Structure). Where a text could be read in two ways, it is
//! refused: a reader that sees a string where the database sees code is no reader.

use aerocall_runtime::host::SdkError;

use super::super::fault;

/// A piece of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A keyword or a name, folded to lower case.
    Word(String),
    /// A name in double quotes, as it is.
    Quoted(String),
    /// A string constant of any form.
    Text,
    Number,
    /// `$1`
    Parameter(usize),
    /// `?`
    Question,
    Semicolon,
    Symbol(char),
}

/// A token and the byte at which it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) at: usize,
}

struct Lexer<'a> {
    sql: &'a str,
    at: usize,
    tokens: Vec<Placed>,
}

/// All tokens; blanks and comments are left out.
pub(super) fn tokens(sql: &str) -> Result<Vec<Placed>, SdkError> {
    if sql.contains('\0') {
        return Err(fault::invalid("a statement must not hold a NUL character"));
    }
    let mut lexer = Lexer {
        sql,
        at: 0,
        tokens: Vec::new(),
    };
    while lexer.skip_blanks()? {
        let (at, token) = (lexer.at, lexer.token()?);
        lexer.push(at, token)?;
    }
    Ok(lexer.tokens)
}

impl<'a> Lexer<'a> {
    fn push(&mut self, at: usize, token: Token) -> Result<(), SdkError> {
        let two_strings = token == Token::Text && self.tokens.last().is_some_and(|last| last.token == Token::Text);
        if two_strings {
            // The second is read by the rules of the first.
            return Err(self.refused(at, "two strings in a row; write one"));
        }
        self.tokens.push(Placed { token, at });
        Ok(())
    }

    fn rest(&self) -> &'a str {
        &self.sql[self.at..]
    }

    fn refused(&self, at: usize, what: &str) -> SdkError {
        let characters = self.sql[..at].chars().count() + 1;
        fault::invalid(format!("{what}{}", fault::place(self.sql, characters)))
    }

    /// Whether anything comes after blanks and comments.
    fn skip_blanks(&mut self) -> Result<bool, SdkError> {
        loop {
            let rest = self.rest();
            if rest.starts_with("--") {
                self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.skip_comment()?;
            } else {
                match rest.chars().next() {
                    Some(' ' | '\t' | '\n' | '\r' | '\x0c') => self.at += 1,
                    // A blank since PostgreSQL 16, and none before.
                    Some('\x0b') => return Err(self.refused(self.at, "a vertical tab; write a space")),
                    next => return Ok(next.is_some()),
                }
            }
        }
    }

    /// Comments nest.
    fn skip_comment(&mut self) -> Result<(), SdkError> {
        let start = self.at;
        let mut depth = 0_usize;
        let bytes = self.sql.as_bytes();
        while self.at < bytes.len() {
            match bytes.get(self.at..self.at + 2) {
                Some(b"/*") => depth += 1,
                Some(b"*/") => depth -= 1,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return Ok(());
            }
        }
        Err(self.refused(start, "a comment that does not end"))
    }

    fn token(&mut self) -> Result<Token, SdkError> {
        let rest = self.rest();
        let mut characters = rest.chars();
        let (first, second) = (
            characters.next().unwrap_or_default(),
            characters.next().unwrap_or_default(),
        );
        match first {
            '\'' => self.string(Form::Plain),
            '"' => self.quoted_name(),
            'e' | 'E' if second == '\'' => {
                self.at += 1;
                self.string(Form::Escapes)
            }
            'n' | 'N' if second == '\'' => {
                self.at += 1;
                self.string(Form::Plain)
            }
            'b' | 'B' | 'x' | 'X' if second == '\'' => {
                self.at += 1;
                self.string(Form::Bits)
            }
            'u' | 'U' if second == '&' && rest[2..].starts_with(['\'', '"']) => Err(self.refused(
                self.at,
                "U& strings and names are not taken; write the characters themselves",
            )),
            '$' => self.dollar(),
            first if starts_name(first) => Ok(Token::Word(self.name().to_ascii_lowercase())),
            '0'..='9' => self.number(),
            '.' if second.is_ascii_digit() => self.number(),
            '.' if second == '.' => Err(self.refused(self.at, "two points in a row")),
            first => {
                self.at += first.len_utf8();
                Ok(match first {
                    ';' => Token::Semicolon,
                    '?' => Token::Question,
                    first => Token::Symbol(first),
                })
            }
        }
    }

    fn string(&mut self, form: Form) -> Result<Token, SdkError> {
        let start = self.at;
        self.at += 1;
        while let Some(next) = self.rest().chars().next() {
            self.at += next.len_utf8();
            match next {
                '\'' if form != Form::Bits && self.rest().starts_with('\'') => self.at += 1,
                '\'' => return Ok(Token::Text),
                '\\' if form == Form::Escapes => {
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                _ => {}
            }
        }
        Err(self.refused(start, "a string that does not end"))
    }

    fn quoted_name(&mut self) -> Result<Token, SdkError> {
        let start = self.at;
        let mut name = String::new();
        self.at += 1;
        while let Some(next) = self.rest().chars().next() {
            self.at += next.len_utf8();
            match next {
                '"' if self.rest().starts_with('"') => {
                    self.at += 1;
                    name.push('"');
                }
                '"' => return Ok(Token::Quoted(name)),
                next => name.push(next),
            }
        }
        Err(self.refused(start, "a quoted name that does not end"))
    }

    /// `$1`, or a string between two `$tag$`.
    fn dollar(&mut self) -> Result<Token, SdkError> {
        let start = self.at;
        let rest = &self.rest()[1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            self.at += 1 + digits;
            let number = rest[..digits].parse().unwrap_or(usize::MAX);
            return match number {
                1..=999 => self.apart(start, Token::Parameter(number)),
                _ => Err(self.refused(start, "parameters are $1 to $999")),
            };
        }
        let tag = rest
            .chars()
            .take_while(|c| in_name(*c) && *c != '$')
            .map(char::len_utf8)
            .sum::<usize>();
        if !rest[tag..].starts_with('$') {
            return Err(self.refused(start, "a `$` that starts neither a parameter nor a string"));
        }
        let mark = format!("${}$", &rest[..tag]);
        let body = &rest[tag + 1..];
        let Some(end) = body.find(&mark) else {
            return Err(self.refused(start, "a string that does not end"));
        };
        self.at += mark.len() + end + mark.len();
        Ok(Token::Text)
    }

    fn name(&mut self) -> &str {
        let start = self.at;
        let length: usize = self
            .rest()
            .chars()
            .take_while(|c| in_name(*c))
            .map(char::len_utf8)
            .sum();
        self.at += length;
        &self.sql[start..self.at]
    }

    /// `1`, `1.5`, `1.`, `.5`, `1e-5`.
    fn number(&mut self) -> Result<Token, SdkError> {
        let start = self.at;
        self.skip_digits();
        if self.rest().starts_with('.') {
            self.at += 1;
            self.skip_digits();
        }
        let rest = self.rest().as_bytes();
        let exponent = matches!(rest.first(), Some(b'e' | b'E'));
        let sign = usize::from(matches!(rest.get(1), Some(b'+' | b'-')));
        if exponent && rest.get(1 + sign).is_some_and(u8::is_ascii_digit) {
            self.at += 1 + sign;
            self.skip_digits();
        }
        self.apart(start, Token::Number)
    }

    fn skip_digits(&mut self) {
        self.at += self.rest().bytes().take_while(u8::is_ascii_digit).count();
    }

    /// What follows a number or a parameter must not be a part of it. `1a`, `$1a`, `1_000`, `0x1`, `1.2.3`: the versions of
    /// PostgreSQL read each as one token, as two, or as an error.
    fn apart(&self, start: usize, token: Token) -> Result<Token, SdkError> {
        match self.rest().chars().next() {
            Some(next) if in_name(next) && next != '$' || next == '.' => Err(self.refused(
                start,
                "a number or parameter with a letter or point right behind it; write a space between",
            )),
            _ => Ok(token),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    /// `E'…'`: a backslash takes the next character with it.
    Escapes,
    /// `b'…'`, `x'…'`: two quotes in a row end it and begin another.
    Bits,
}

fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn in_name(c: char) -> bool {
    starts_name(c) || c.is_ascii_digit() || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(sql: &str) -> Vec<String> {
        let word = |placed: Placed| match placed.token {
            Token::Word(word) => Some(word),
            Token::Quoted(name) => Some(format!("\"{name}\"")),
            _ => None,
        };
        tokens(sql).unwrap().into_iter().filter_map(word).collect()
    }

    #[test]
    fn strings_and_comments_hide_nothing_and_show_nothing() {
        let hidden = [
            "'x'",
            "'it''s x'",
            "E'\\' x'",
            "$$ x $$",
            "$a$ $b$ x $$ $a$",
            "/* x /* x */ x */",
            "-- x\n",
            "b'x'",
            "'\\'",
        ];
        for text in hidden {
            assert_eq!(words(&format!("a {text} b")), ["a", "b"], "{text}");
        }
        assert_eq!(words("1 pg_sleep 1.e5-x .5"), ["pg_sleep", "x"]);
        assert_eq!(words("A\"B\"\"c\" a$b$"), ["a", "\"B\"c\"", "a$b$"]);
        assert_eq!(words("*/**/a"), ["a"]);
        assert_eq!(words("é.x"), ["é", "x"]);
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for sql in [
            "E'a'\n'\\'' , x, '",
            "'a' -- c\n'b'",
            "U&'\\0061'",
            "u&\"a\"",
            "'open",
            "\"open",
            "/* open",
            "$a$ open",
            "$ a",
            "$0",
            "$99999999999999999999",
            "1pg_sleep",
            "1e5pg_sleep",
            "1.e",
            "1_000",
            "0x1F",
            "1.2.3",
            "1..2",
            "a..5",
            "b'1''2'",
            "$1a",
            "$1.5",
            "a\x0bb",
        ] {
            assert!(tokens(sql).is_err(), "{sql}");
        }
    }
}
