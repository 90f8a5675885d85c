//! A thrown value as data: what the failure of a hook says of it.

use crate::{
    binding::{Coerced, Ctx, Function, Object, Result, Value},
    contract::types::Exception,
    machine, positions, text as utf_8,
};

/// Longest text taken from an exception; the rest tells nobody anything.
const TEXT_BYTES: usize = 8 * 1024;

/// Takes the pending exception and describes it. Never throws.
pub(crate) fn catch(ctx: &Ctx<'_>) -> Exception {
    describe(&ctx.catch())
}

/// Describes a thrown value.
pub(crate) fn describe(thrown: &Value<'_>) -> Exception {
    // First: what is asked of the value below may throw something else.
    let trace = positions::of_thrown(thrown);
    match thrown.as_object().filter(|object| is_error(object)) {
        Some(error) => Exception {
            name: text(error, "name").unwrap_or_else(|| "Error".to_owned()),
            message: text(error, "message").unwrap_or_default(),
            stack: shown_stack(error)
                .or_else(|| text(error, "stack"))
                .filter(|stack| !stack.is_empty())
                // One that no constructor made has none.
                .unwrap_or(trace),
            code: text(error, "code"),
        },
        None => Exception {
            name: format!("thrown {}", thrown.type_name()),
            message: printable(thrown),
            stack: trace,
            code: None,
        },
    }
}

/// An error, or an object of a class that inherits from `Error` without its constructor, as old packages make them.
fn is_error(object: &Object<'_>) -> bool {
    if object.is_error() {
        return true;
    }
    let ctx = object.ctx();
    let class = ctx.globals().get::<_, Object<'_>>("Error");
    let is_one = class.is_ok_and(|class| object.is_instance_of(&class));
    // Proxies in the chain of prototypes answer what they like, and may throw: then it is none.
    if ctx.has_exception() {
        drop(ctx.catch());
        return false;
    }
    is_one
}

/// Frames, causes and properties as `console.error` shows them. Nothing while the module is loaded: the machine is not
/// there yet.
fn shown_stack(error: &Object<'_>) -> Option<String> {
    let shown = machine::get()?
        .internals
        .clone()
        .restore(error.ctx())
        .and_then(|internals| {
            let show: Function<'_> = internals.get("stackAndMore")?;
            let shown: Result<String> = show.call((error.clone(),));
            shown
        });
    shown.inspect_err(|_| drop(error.ctx().catch())).ok().map(cut)
}

fn text(object: &Object<'_>, key: &str) -> Option<String> {
    let value: Value<'_> = object.get(key).inspect_err(|_| drop(object.ctx().catch())).ok()?;
    utf_8::of(&value).map(cut)
}

/// What was thrown, as JSON where it can be, else as `String(value)`.
fn printable(thrown: &Value<'_>) -> String {
    if let Some(string) = utf_8::of(thrown) {
        return cut(string);
    }
    let ctx = thrown.ctx();
    if let Some(symbol) = thrown.as_symbol() {
        let description = symbol.description().ok().and_then(|text| utf_8::of(&text));
        return cut(format!("Symbol({})", description.unwrap_or_default()));
    }
    let json = if thrown.is_object() {
        ctx.json_stringify(thrown.clone()).ok().flatten()
    } else {
        None
    };
    if let Some(json) = json.and_then(|json| json.to_string().ok()) {
        return cut(json);
    }
    drop(ctx.catch());
    match thrown.get::<Coerced<String>>() {
        Ok(Coerced(string)) => cut(string),
        Err(_) => {
            drop(ctx.catch());
            format!("a {} that cannot be printed", thrown.type_name())
        }
    }
}

fn cut(mut text: String) -> String {
    if text.len() > TEXT_BYTES {
        let end = text.floor_char_boundary(TEXT_BYTES);
        text.truncate(end);
        text.push('…');
    }
    text
}
