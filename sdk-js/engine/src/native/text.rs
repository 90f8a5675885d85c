//! UTF-8 and UTF-16 between strings and bytes, after the WHATWG Encoding Standard. The classes and their labels are in
//! `js/text.js`; strings arrive well formed (lone surrogates replaced).

use crate::{
    binding::{Ctx, Function, Object, Result, TypedArray, convert::List, memory},
    native::bytes,
};

/// Bytes 0x80 to 0x9F of windows-1252, which the standard also uses for `latin1` and `ascii`.
const WINDOWS_1252: [u16; 32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
];

/// Text so far, how many bytes at the end still wait for their rest, and whether something was malformed.
struct Decoded {
    text: String,
    waiting: usize,
    malformed: bool,
}

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("textEncode", Function::new(ctx.clone(), encode)?)?;
    host.set("textEncodeInto", Function::new(ctx.clone(), encode_into)?)?;
    host.set("textDecode", Function::new(ctx.clone(), decode)?)
}

fn encode<'js>(ctx: Ctx<'js>, text: String) -> Result<TypedArray<'js, u8>> {
    TypedArray::new(ctx, text.into_bytes())
}

/// `[read, written]`: UTF-16 units taken and bytes put; a character that does not fit whole is not begun.
fn encode_into(text: String, destination: TypedArray<'_, u8>) -> List<(usize, usize)> {
    let Some(memory) = memory(&destination) else {
        return List((0, 0));
    };
    let mut written = text.len().min(memory.len());
    while !text.is_char_boundary(written) {
        written -= 1;
    }
    // SAFETY: `memory` is the view's own memory, at least `written` long, and no JavaScript runs while it is written.
    unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), memory.as_ptr().cast::<u8>(), written) };
    List((text[..written].encode_utf16().count(), written))
}

/// `[text, waiting]`, or `null` where `fatal` forbids what it found. With `more` the last character may be cut short.
fn decode<'js>(encoding: String, view: TypedArray<'js, u8>, fatal: bool, more: bool) -> Option<List<(String, usize)>> {
    let bytes = bytes(&view);
    let decoded = match encoding.as_str() {
        "utf-8" => utf_8(&bytes, more),
        "utf-16le" => utf_16(&bytes, more, u16::from_le_bytes),
        "utf-16be" => utf_16(&bytes, more, u16::from_be_bytes),
        _ => windows_1252(&bytes),
    };
    (!(fatal && decoded.malformed)).then_some(List((decoded.text, decoded.waiting)))
}

fn utf_8(bytes: &[u8], more: bool) -> Decoded {
    let waiting = match std::str::from_utf8(bytes) {
        Ok(text) => {
            return Decoded {
                text: text.to_owned(),
                waiting: 0,
                malformed: false,
            };
        }
        Err(_) if more => incomplete_utf_8(bytes),
        Err(_) => 0,
    };
    let whole = &bytes[..bytes.len() - waiting];
    let malformed = std::str::from_utf8(whole).is_err();
    // One U+FFFD for each maximal subpart, as the standard's decoder does.
    Decoded {
        text: String::from_utf8_lossy(whole).into_owned(),
        waiting,
        malformed,
    }
}

/// How many bytes at the end begin a character that the next bytes could finish.
fn incomplete_utf_8(bytes: &[u8]) -> usize {
    let longest = bytes.len().min(3);
    let unfinished = |&count: &usize| {
        let tail = &bytes[bytes.len() - count..];
        matches!(std::str::from_utf8(tail), Err(error) if error.valid_up_to() == 0 && error.error_len().is_none())
    };
    (1..=longest).rev().find(unfinished).unwrap_or(0)
}

fn utf_16(bytes: &[u8], more: bool, unit: fn([u8; 2]) -> u16) -> Decoded {
    let mut units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    let odd = bytes.len() % 2;
    let mut waiting = 0;
    if more {
        waiting = odd;
        if units.last().is_some_and(|last| (0xD800..0xDC00).contains(last)) {
            units.pop();
            waiting += 2;
        }
    }
    let mut malformed = false;
    let mut text: String = char::decode_utf16(units)
        .map(|read| {
            malformed |= read.is_err();
            read.unwrap_or(char::REPLACEMENT_CHARACTER)
        })
        .collect();
    if odd == 1 && !more {
        malformed = true;
        // A high surrogate and half a unit are one error at the end of the queue, not two.
        if !text.ends_with(char::REPLACEMENT_CHARACTER) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    Decoded {
        text,
        waiting,
        malformed,
    }
}

fn windows_1252(bytes: &[u8]) -> Decoded {
    let character = |&byte: &u8| match byte {
        0x80..=0x9F => char::from_u32(u32::from(WINDOWS_1252[usize::from(byte - 0x80)])).unwrap_or('\u{FFFD}'),
        _ => char::from(byte),
    };
    Decoded {
        text: bytes.iter().map(character).collect(),
        waiting: 0,
        malformed: false,
    }
}
