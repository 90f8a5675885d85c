//! Values to text.

use crate::{
    binding::{Ctx, Error, Result, Value, qjs},
    text::{self, well_formed},
};

use super::DEPTH;

/// Why a value has no text.
pub(crate) enum Unwritten {
    /// A getter, a `toJSON`, a proxy or QuickJS threw: the exception is pending.
    Threw,
    /// Something in it that JSON cannot carry.
    NoJson {
        /// Where: `.user.metadata.list[1]`.
        path: String,
        got: &'static str,
    },
}

/// What `JSON.stringify(value)` answers, as UTF-8; `None` for what JSON has no text for (`undefined`, a function).
pub(crate) fn stringify(ctx: &Ctx<'_>, value: &Value<'_>) -> std::result::Result<Option<String>, Unwritten> {
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: the text outlives the call.
    let to_json = unsafe { qjs::JS_NewAtomLen(raw, c"toJSON".as_ptr(), 6) };
    let mut writer = Writer {
        ctx,
        raw,
        to_json,
        text: Vec::with_capacity(1024),
        open: Vec::new(),
        names: Vec::new(),
        path: Vec::new(),
        refused: None,
    };
    let written = writer.value(value.as_raw(), Key::Name(0));
    writer.forget();
    match (written, writer.refused) {
        (Ok(Written::Something), _) => Ok(Some(in_utf8(writer.text))),
        (Ok(Written::Nothing), _) => Ok(None),
        (Err(_), Some(refused)) => {
            drop(ctx.catch());
            Err(refused)
        }
        (Err(_), None) => Err(Unwritten::Threw),
    }
}

/// As it is, in most cases without a copy.
fn in_utf8(text: Vec<u8>) -> String {
    String::from_utf8(text).unwrap_or_else(|error| well_formed(error.as_bytes()))
}

/// Classes of QuickJS that are read here: plain objects (instances of classes too) and arrays.
const CLASS_OBJECT: u32 = 1;
const CLASS_ARRAY: u32 = 2;
/// Property names whose quoted text is remembered.
const NAMES: usize = 64;

struct Writer<'a, 'js> {
    ctx: &'a Ctx<'js>,
    raw: *mut qjs::JSContext,
    to_json: qjs::JSAtom,
    text: Vec<u8>,
    /// The objects around the value: one that comes again is a circle.
    open: Vec<*mut std::ffi::c_void>,
    /// Atoms with their quoted text and the colon: the objects of a list have the same names.
    names: Vec<(qjs::JSAtom, Box<[u8]>)>,
    /// The keys that lead to the value that is written.
    path: Vec<Key>,
    /// What JSON cannot carry, once something of that kind was met.
    refused: Option<Unwritten>,
}

/// Whether a value has a text in JSON.
#[derive(PartialEq)]
enum Written {
    Something,
    Nothing,
}

/// Under which key a value stands, for its `toJSON`. The atom 0 is the empty name.
#[derive(Clone, Copy)]
enum Key {
    Name(qjs::JSAtom),
    Index(u32),
}

/// A reference that is given up at the end of its scope.
struct Held {
    raw: *mut qjs::JSContext,
    value: qjs::JSValue,
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: whoever makes a `Held` gives it the reference.
        unsafe { qjs::JS_FreeValue(self.raw, self.value) };
    }
}

impl Writer<'_, '_> {
    fn forget(&mut self) {
        // SAFETY: the atoms are the writer's own references.
        unsafe {
            qjs::JS_FreeAtom(self.raw, self.to_json);
            self.names
                .drain(..)
                .for_each(|(atom, _)| qjs::JS_FreeAtom(self.raw, atom));
        }
    }

    fn held(&self, value: qjs::JSValue) -> Result<Held> {
        // SAFETY: only looks at the tag.
        if unsafe { qjs::JS_IsException(value) } {
            Err(Error::Exception)
        } else {
            Ok(Held { raw: self.raw, value })
        }
    }

    fn value(&mut self, value: qjs::JSValue, key: Key) -> Result<Written> {
        // SAFETY: the value is alive; its tag says which reading is right.
        match unsafe { qjs::JS_VALUE_GET_NORM_TAG(value) } {
            qjs::JS_TAG_STRING | qjs::JS_TAG_STRING_ROPE => self.string(value)?,
            qjs::JS_TAG_INT => self.integer(unsafe { qjs::JS_VALUE_GET_INT(value) }),
            qjs::JS_TAG_BOOL if unsafe { qjs::JS_VALUE_GET_BOOL(value) } => self.text.extend_from_slice(b"true"),
            qjs::JS_TAG_BOOL => self.text.extend_from_slice(b"false"),
            qjs::JS_TAG_NULL => self.text.extend_from_slice(b"null"),
            qjs::JS_TAG_OBJECT => return self.object(value, key),
            _ => return self.by_quickjs(value),
        }
        Ok(Written::Something)
    }

    fn integer(&mut self, number: i32) {
        use std::io::Write as _;
        // Writing to memory cannot fail.
        let _ = write!(self.text, "{number}");
    }

    fn object(&mut self, value: qjs::JSValue, key: Key) -> Result<Written> {
        // SAFETY: the value is an object and alive.
        let class = unsafe { qjs::JS_GetClassID(value) };
        if (class != CLASS_OBJECT && class != CLASS_ARRAY) || self.open.len() >= DEPTH {
            return self.by_quickjs(value);
        }
        // SAFETY: object and atom are alive.
        let to_json = self.held(unsafe { qjs::JS_GetProperty(self.raw, value, self.to_json) })?;
        // SAFETY: the value is alive.
        if unsafe { qjs::JS_IsFunction(self.raw, to_json.value) } {
            let replaced = self.call_to_json(to_json.value, value, key)?;
            // What `toJSON` answers has no `toJSON` of its own called.
            return self.replaced(replaced.value);
        }
        self.members(value, class)
    }

    fn replaced(&mut self, value: qjs::JSValue) -> Result<Written> {
        // SAFETY: the value is alive; its tag says which reading is right.
        match unsafe { (qjs::JS_VALUE_GET_NORM_TAG(value), qjs::JS_GetClassID(value)) } {
            (qjs::JS_TAG_OBJECT, class @ (CLASS_OBJECT | CLASS_ARRAY)) if self.open.len() < DEPTH => {
                self.members(value, class)
            }
            (qjs::JS_TAG_OBJECT, _) => self.by_quickjs(value),
            _ => self.value(value, Key::Name(0)),
        }
    }

    fn call_to_json(&self, to_json: qjs::JSValue, object: qjs::JSValue, key: Key) -> Result<Held> {
        // SAFETY: the atom is alive; an index is no reference.
        let name = self.held(match key {
            Key::Name(0) => unsafe { qjs::JS_NewStringLen(self.raw, c"".as_ptr(), 0) },
            Key::Name(atom) => unsafe { qjs::JS_AtomToString(self.raw, atom) },
            Key::Index(index) => {
                let text = index.to_string();
                unsafe { qjs::JS_NewStringLen(self.raw, text.as_ptr().cast(), text.len() as _) }
            }
        })?;
        let mut arguments = [name.value];
        // SAFETY: all values are alive during the call.
        self.held(unsafe { qjs::JS_Call(self.raw, to_json, object, 1, arguments.as_mut_ptr()) })
    }

    fn members(&mut self, value: qjs::JSValue, class: u32) -> Result<Written> {
        // SAFETY: the value is an object.
        let identity = unsafe { qjs::JS_VALUE_GET_PTR(value) };
        if self.open.contains(&identity) {
            return self.refuse("an object that contains itself");
        }
        self.open.push(identity);
        let written = if class == CLASS_ARRAY {
            self.elements(value)
        } else {
            self.properties(value)
        };
        self.open.pop();
        written.map(|()| Written::Something)
    }

    fn elements(&mut self, array: qjs::JSValue) -> Result<()> {
        let mut length = 0;
        // SAFETY: the array is alive.
        if unsafe { qjs::JS_GetLength(self.raw, array, &mut length) } < 0 {
            return Err(Error::Exception);
        }
        self.text.push(b'[');
        for index in 0..length as u32 {
            if index > 0 {
                self.text.push(b',');
            }
            // SAFETY: the array is alive.
            let element = self.held(unsafe { qjs::JS_GetPropertyUint32(self.raw, array, index) })?;
            self.path.push(Key::Index(index));
            if self.value(element.value, Key::Index(index))? == Written::Nothing {
                self.text.extend_from_slice(b"null");
            }
            self.path.pop();
        }
        self.text.push(b']');
        Ok(())
    }

    fn properties(&mut self, object: qjs::JSValue) -> Result<()> {
        let names = Names::of(self.raw, object)?;
        self.text.push(b'{');
        let start = self.text.len();
        for &qjs::JSPropertyEnum { atom, .. } in names.as_slice() {
            // SAFETY: object and atom are alive.
            let member = self.held(unsafe { qjs::JS_GetProperty(self.raw, object, atom) })?;
            let before = self.text.len();
            if before > start {
                self.text.push(b',');
            }
            self.name(atom)?;
            self.path.push(Key::Name(atom));
            if self.value(member.value, Key::Name(atom))? == Written::Nothing {
                self.text.truncate(before);
            }
            self.path.pop();
        }
        self.text.push(b'}');
        Ok(())
    }

    fn name(&mut self, atom: qjs::JSAtom) -> Result<()> {
        if let Some((_, quoted)) = self.names.iter().find(|(known, _)| *known == atom) {
            self.text.extend_from_slice(quoted);
            return Ok(());
        }
        let before = self.text.len();
        // SAFETY: the atom is alive.
        let name = self.held(unsafe { qjs::JS_AtomToString(self.raw, atom) })?;
        self.string(name.value)?;
        self.text.push(b':');
        if self.names.len() < NAMES {
            // SAFETY: the atom is alive; the new reference is given up in `forget`.
            let kept = unsafe { qjs::JS_DupAtom(self.raw, atom) };
            self.names.push((kept, self.text[before..].into()));
        }
        Ok(())
    }

    fn string(&mut self, value: qjs::JSValue) -> Result<()> {
        let mut length = 0;
        // SAFETY: the value is a string; the text is given back below.
        let text = unsafe { qjs::JS_ToCStringLen2(self.raw, &mut length, value, false) };
        if text.is_null() {
            return Err(Error::Exception);
        }
        // SAFETY: QuickJS answers this many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length as usize) };
        quote(&mut self.text, bytes);
        // SAFETY: the text came from the call above and is not used any more.
        unsafe { qjs::JS_FreeCString(self.raw, text) };
        Ok(())
    }

    /// Gives up, and keeps where. Only here are the names of the path still alive.
    fn refuse(&mut self, got: &'static str) -> Result<Written> {
        let path = self.path.iter().map(|key| self.shown(*key)).collect();
        self.refused = Some(Unwritten::NoJson { path, got });
        Err(Error::Exception)
    }

    fn shown(&self, key: Key) -> String {
        let atom = match key {
            Key::Index(index) => return format!("[{index}]"),
            Key::Name(atom) => atom,
        };
        // SAFETY: the atom is alive; the new reference is handed over.
        let name = unsafe { Value::from_raw(self.ctx.clone(), qjs::JS_AtomToString(self.raw, atom)) };
        format!(".{}", text::of(&name).unwrap_or_default())
    }

    /// Everything that is not plain.
    fn by_quickjs(&mut self, value: qjs::JSValue) -> Result<Written> {
        // SAFETY: the value is alive; the new reference is handed over.
        let owned = unsafe { Value::from_raw(self.ctx.clone(), qjs::JS_DupValue(self.raw, value)) };
        // SAFETY: only looks at the tag.
        let is_big = matches!(
            unsafe { qjs::JS_VALUE_GET_NORM_TAG(value) },
            qjs::JS_TAG_BIG_INT | qjs::JS_TAG_SHORT_BIG_INT
        );
        match self.ctx.json_stringify(owned) {
            Ok(Some(json)) => {
                let json = without_lone_surrogates(json.to_string()?);
                self.text.extend_from_slice(json.as_bytes());
                Ok(Written::Something)
            }
            Ok(None) => Ok(Written::Nothing),
            Err(_) if is_big => self.refuse("a bigint"),
            Err(error) => Err(error),
        }
    }
}

/// Own enumerable names of an object, in order.
struct Names {
    raw: *mut qjs::JSContext,
    first: *mut qjs::JSPropertyEnum,
    count: u32,
}

impl Names {
    fn of(raw: *mut qjs::JSContext, object: qjs::JSValue) -> Result<Self> {
        let mut names = Self {
            raw,
            first: std::ptr::null_mut(),
            count: 0,
        };
        let flags = qjs::JS_GPN_STRING_MASK | qjs::JS_GPN_ENUM_ONLY;
        // SAFETY: the object is alive; QuickJS fills in a table that `drop` gives back.
        let failed =
            unsafe { qjs::JS_GetOwnPropertyNames(raw, &mut names.first, &mut names.count, object, flags as _) } < 0;
        if failed { Err(Error::Exception) } else { Ok(names) }
    }

    fn as_slice(&self) -> &[qjs::JSPropertyEnum] {
        if self.first.is_null() {
            return &[];
        }
        // SAFETY: QuickJS made a table of this many entries.
        unsafe { std::slice::from_raw_parts(self.first, self.count as usize) }
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        if !self.first.is_null() {
            // SAFETY: the table came from `JS_GetOwnPropertyNames`.
            unsafe { qjs::JS_FreePropertyEnum(self.raw, self.first, self.count) };
        }
    }
}

/// A string in quotes, escaped as `JSON.stringify` does (ECMA-262, QuoteJSONString).
fn quote(into: &mut Vec<u8>, bytes: &[u8]) {
    into.push(b'"');
    let mut run = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        into.extend_from_slice(&bytes[run..at]);
        run = at + 1;
        match byte {
            b'"' | b'\\' => into.extend_from_slice(&[b'\\', byte]),
            0x08 => into.extend_from_slice(b"\\b"),
            0x09 => into.extend_from_slice(b"\\t"),
            0x0A => into.extend_from_slice(b"\\n"),
            0x0C => into.extend_from_slice(b"\\f"),
            0x0D => into.extend_from_slice(b"\\r"),
            control => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                let (high, low) = (HEX[usize::from(control >> 4)], HEX[usize::from(control & 15)]);
                into.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
    }
    into.extend_from_slice(&bytes[run..]);
    into.push(b'"');
}

/// JSON as QuickJS writes it, which keeps a lone surrogate as its escape: `\ud83d`.
fn without_lone_surrogates(json: String) -> String {
    if !json.contains("\\ud") {
        return json;
    }
    let mut text = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        // An escape has two bytes, or six; half a pair is the only one that begins with `ud`.
        let bytes = if rest[at..].starts_with("\\ud") { 6 } else { 2 };
        let (escape, after) = rest[at..].split_at(bytes);
        text.push_str(if bytes == 6 { "\u{FFFD}" } else { escape });
        rest = after;
    }
    text.push_str(rest);
    text
}
