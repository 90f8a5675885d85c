//! Text of JavaScript as UTF-8. Half of a pair of surrogates, as `text.slice(0, 5)` can leave it, has no UTF-8: it becomes
//! U+FFFD, as in `TextEncoder` and in the body of a request.

use crate::binding::{Value, qjs};

/// The text of a string; `None` for any other value.
pub(crate) fn of(value: &Value<'_>) -> Option<String> {
    let string = value.as_string()?;
    string.to_string().ok().or_else(|| replaced(value))
}

fn replaced(value: &Value<'_>) -> Option<String> {
    let raw = value.ctx().as_raw().as_ptr();
    let mut length = 0;
    // SAFETY: the value is a string; the text is given back below.
    let text = unsafe { qjs::JS_ToCStringLen2(raw, &mut length, value.as_raw(), false) };
    if text.is_null() {
        drop(value.ctx().catch());
        return None;
    }
    // SAFETY: QuickJS answers this many bytes.
    let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length as usize) };
    let replaced = well_formed(bytes);
    // SAFETY: the text came from the call above and is not used any more.
    unsafe { qjs::JS_FreeCString(raw, text) };
    Some(replaced)
}

/// What QuickJS writes for a string: UTF-8, in which a lone surrogate has three bytes of its own, the first of them 0xED.
pub(crate) fn well_formed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if chunk.invalid().first() == Some(&0xED) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}
