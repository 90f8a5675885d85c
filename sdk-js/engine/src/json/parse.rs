//! Text to values.

use crate::binding::{Ctx, Result, Value, qjs};

use super::DEPTH;

/// What `JSON.parse(text)` answers.
pub(crate) fn parse<'js>(ctx: &Ctx<'js>, text: &str) -> Result<Value<'js>> {
    let mut parser = Parser {
        ctx: ctx.as_raw().as_ptr(),
        text: text.as_bytes(),
        at: 0,
        names: [const { None }; NAMES],
        values: Vec::new(),
        scratch: String::new(),
    };
    let parsed = parser.document();
    parser.forget();
    match parsed {
        // SAFETY: the value is the parser's own reference, made in this context and handed over here.
        Some(value) => Ok(unsafe { Value::from_raw(ctx.clone(), value) }),
        None => {
            super::check_depth(ctx, text)?;
            ctx.json_parse(text)
        }
    }
}

/// Property names that are remembered; a power of two.
const NAMES: usize = 64;

struct Parser<'a> {
    ctx: *mut qjs::JSContext,
    text: &'a [u8],
    at: usize,
    /// Names met so far with their atoms, by hash: the objects of a list have the same ones.
    names: [Option<(&'a [u8], qjs::JSAtom)>; NAMES],
    /// Members of arrays that are not finished yet.
    values: Vec<qjs::JSValue>,
    /// A string with its escapes resolved.
    scratch: String,
}

/// Where a string ends, and what is in between.
enum Text<'a> {
    /// No escapes: the bytes as they stand.
    Plain(&'a [u8]),
    /// In the parser's scratch.
    Resolved,
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Option<qjs::JSValue> {
        let value = self.value(0)?;
        self.space();
        if self.at == self.text.len() {
            return Some(value);
        }
        self.free(value);
        None
    }

    /// Gives up what is remembered.
    fn forget(&mut self) {
        for (_, atom) in self.names.iter_mut().filter_map(Option::take) {
            // SAFETY: the atom is the parser's own reference.
            unsafe { qjs::JS_FreeAtom(self.ctx, atom) };
        }
    }

    fn free(&self, value: qjs::JSValue) {
        // SAFETY: the value is the parser's own reference.
        unsafe { qjs::JS_FreeValue(self.ctx, value) };
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Option<qjs::JSValue> {
        self.space();
        match self.peek()? {
            b'"' => {
                self.at += 1;
                self.string()
            }
            b'{' if depth < DEPTH => {
                self.at += 1;
                self.object(depth + 1)
            }
            b'[' if depth < DEPTH => {
                self.at += 1;
                self.array(depth + 1)
            }
            b't' => self.word(b"true", qjs::JS_TRUE),
            b'f' => self.word(b"false", qjs::JS_FALSE),
            b'n' => self.word(b"null", qjs::JS_NULL),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &[u8], value: qjs::JSValue) -> Option<qjs::JSValue> {
        let found = self.text[self.at..].starts_with(word);
        self.at += word.len();
        found.then_some(value)
    }

    fn object(&mut self, depth: usize) -> Option<qjs::JSValue> {
        // SAFETY: the context is alive for as long as the parser.
        let object = unsafe { qjs::JS_NewObject(self.ctx) };
        match self.members(object, depth) {
            Some(()) => Some(object),
            None => {
                self.free(object);
                None
            }
        }
    }

    fn members(&mut self, object: qjs::JSValue, depth: usize) -> Option<()> {
        self.space();
        if self.eat(b'}') {
            return Some(());
        }
        loop {
            self.space();
            if !self.eat(b'"') {
                return None;
            }
            let name = self.name()?;
            self.space();
            let value = if self.eat(b':') { self.value(depth) } else { None };
            let defined = value.is_some_and(|value| self.define(object, name.atom, value));
            if let Keep::Ours = name.keep {
                // SAFETY: the atom is this function's own reference.
                unsafe { qjs::JS_FreeAtom(self.ctx, name.atom) };
            }
            if !defined {
                return None;
            }
            self.space();
            if self.eat(b'}') {
                return Some(());
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    /// Defines, never sets: a setter or `__proto__` on the way means nothing to `JSON.parse`.
    fn define(&self, object: qjs::JSValue, name: qjs::JSAtom, value: qjs::JSValue) -> bool {
        // SAFETY: object and atom are alive; the value is handed over, whatever the answer.
        unsafe { qjs::JS_DefinePropertyValue(self.ctx, object, name, value, qjs::JS_PROP_C_W_E as _) >= 0 }
    }

    fn array(&mut self, depth: usize) -> Option<qjs::JSValue> {
        let first = self.values.len();
        if self.elements(depth).is_none() {
            for value in self.values.split_off(first) {
                self.free(value);
            }
            return None;
        }
        let members = &self.values[first..];
        // SAFETY: the values are the parser's own references and are handed over, whatever the answer.
        let array = unsafe { qjs::JS_NewArrayFrom(self.ctx, members.len() as _, members.as_ptr()) };
        self.values.truncate(first);
        Some(array)
    }

    fn elements(&mut self, depth: usize) -> Option<()> {
        self.space();
        if self.eat(b']') {
            return Some(());
        }
        loop {
            let value = self.value(depth)?;
            self.values.push(value);
            self.space();
            if self.eat(b']') {
                return Some(());
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<qjs::JSValue> {
        let bytes = match self.text()? {
            Text::Plain(bytes) => bytes,
            Text::Resolved => self.scratch.as_bytes(),
        };
        // SAFETY: the bytes are UTF-8 and outlive the call.
        Some(unsafe { qjs::JS_NewStringLen(self.ctx, bytes.as_ptr().cast(), bytes.len() as _) })
    }

    /// The atom of a property's name.
    fn name(&mut self) -> Option<Name> {
        let bytes = match self.text()? {
            Text::Plain(bytes) => bytes,
            Text::Resolved => {
                let atom = self.atom(self.scratch.as_bytes());
                return Some(Name { atom, keep: Keep::Ours });
            }
        };
        let slot = slot(bytes);
        match &self.names[slot] {
            Some((known, atom)) if *known == bytes => Some(Name {
                atom: *atom,
                keep: Keep::Remembered,
            }),
            Some(_) => Some(Name {
                atom: self.atom(bytes),
                keep: Keep::Ours,
            }),
            None => {
                let atom = self.atom(bytes);
                self.names[slot] = Some((bytes, atom));
                Some(Name {
                    atom,
                    keep: Keep::Remembered,
                })
            }
        }
    }

    fn atom(&self, bytes: &[u8]) -> qjs::JSAtom {
        // SAFETY: the bytes are UTF-8 and outlive the call.
        unsafe { qjs::JS_NewAtomLen(self.ctx, bytes.as_ptr().cast(), bytes.len() as _) }
    }

    /// The rest of a string after its opening quote.
    fn text(&mut self) -> Option<Text<'a>> {
        let start = self.at;
        let plain = self.text[start..]
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
        self.at += plain;
        if self.eat(b'"') {
            return Some(Text::Plain(&self.text[start..start + plain]));
        }
        self.scratch.clear();
        let mut run = start;
        loop {
            match self.peek()? {
                b'"' => {
                    self.take_run(run)?;
                    self.at += 1;
                    return Some(Text::Resolved);
                }
                b'\\' => {
                    self.take_run(run)?;
                    self.at += 1;
                    let character = self.escape()?;
                    self.scratch.push(character);
                    run = self.at;
                }
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
    }

    fn take_run(&mut self, from: usize) -> Option<()> {
        self.scratch
            .push_str(std::str::from_utf8(&self.text[from..self.at]).ok()?);
        Some(())
    }

    /// The character behind a backslash; `None` for a lone surrogate, which no `String` holds.
    fn escape(&mut self) -> Option<char> {
        let escape = self.peek()?;
        self.at += 1;
        Some(match escape {
            b'"' | b'\\' | b'/' => char::from(escape),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex()?;
                if !(0xD800..0xDC00).contains(&first) {
                    return char::from_u32(first);
                }
                if !(self.eat(b'\\') && self.eat(b'u')) {
                    return None;
                }
                let second = self.hex().filter(|unit| (0xDC00..0xE000).contains(unit))?;
                char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))?
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        digits
            .iter()
            .try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)?))
    }

    fn number(&mut self) -> Option<qjs::JSValue> {
        let start = self.at;
        let minus = self.eat(b'-');
        let digits = self.digits();
        // `01` and `-` are no numbers.
        if digits == 0 || (digits > 1 && self.text[start + usize::from(minus)] == b'0') {
            return None;
        }
        if matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            self.fraction()?;
        } else if digits <= 9 {
            let magnitude = self.text[self.at - digits..self.at]
                .iter()
                .fold(0, |number, digit| number * 10 + i32::from(digit - b'0'));
            return Some(match (minus, magnitude) {
                (true, 0) => qjs::__JS_NewFloat64(-0.0),
                (true, magnitude) => qjs::JS_MKVAL(qjs::JS_TAG_INT, -magnitude),
                (false, magnitude) => qjs::JS_MKVAL(qjs::JS_TAG_INT, magnitude),
            });
        }
        let text = std::str::from_utf8(&self.text[start..self.at]).ok()?;
        text.parse().ok().map(qjs::__JS_NewFloat64)
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn fraction(&mut self) -> Option<()> {
        if self.eat(b'.') && self.digits() == 0 {
            return None;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            if self.digits() == 0 {
                return None;
            }
        }
        Some(())
    }
}

/// The atom of a property's name, and whose reference it is.
struct Name {
    atom: qjs::JSAtom,
    keep: Keep,
}

enum Keep {
    Remembered,
    Ours,
}

/// Names are short and differ early or in length.
fn slot(name: &[u8]) -> usize {
    let byte = |at: usize| usize::from(name.get(at).copied().unwrap_or(0));
    (name.len() + byte(0) * 7 + byte(1) * 13 + byte(name.len().wrapping_sub(1)) * 31) % NAMES
}
