//! An uncaught exception as data.

use crate::{
    binding::{Coerced, Ctx, Object, Value},
    contract::types::Exception,
};

/// Longest text taken from an exception; the rest tells nobody anything.
const TEXT_BYTES: usize = 8 * 1024;

/// Takes the pending exception and describes it. Never throws.
pub(crate) fn catch(ctx: &Ctx<'_>) -> Exception {
    describe(&ctx.catch())
}

/// Describes a thrown value.
pub(crate) fn describe(thrown: &Value<'_>) -> Exception {
    match thrown.as_object().filter(|object| object.is_error()) {
        Some(error) => Exception {
            name: text(error, "name").unwrap_or_else(|| "Error".to_owned()),
            message: text(error, "message").unwrap_or_default(),
            stack: text(error, "stack").unwrap_or_default(),
            code: text(error, "code"),
        },
        None => Exception {
            name: format!("thrown {}", thrown.type_name()),
            message: printable(thrown),
            stack: String::new(),
            code: None,
        },
    }
}

fn text(object: &Object<'_>, key: &str) -> Option<String> {
    let value: Value<'_> = object.get(key).inspect_err(|_| drop(object.ctx().catch())).ok()?;
    value.as_string().and_then(|string| string.to_string().ok()).map(cut)
}

/// What was thrown, as JSON where it can be, else as `String(value)`.
fn printable(thrown: &Value<'_>) -> String {
    let ctx = thrown.ctx();
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
