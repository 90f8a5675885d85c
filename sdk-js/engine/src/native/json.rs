//! For `js/json.js`: how deeply a text is nested. And JSON that leaves the hook in a call of the host.

use crate::{
    binding::{Ctx, FromJs, Function, Object, Result, Value},
    json,
};

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("jsonCheckDepth", Function::new(ctx.clone(), check_depth)?)
}

fn check_depth(ctx: Ctx<'_>, text: String) -> Result<()> {
    json::check_depth(&ctx, &text)
}

/// What `JSON.stringify` has written. What leaves the hook is UTF-8: half of a pair of surrogates, which it writes as an escape, is
/// U+FFFD.
pub(super) struct Json(pub(super) String);

impl<'js> FromJs<'js> for Json {
    fn from_js(ctx: &Ctx<'js>, value: Value<'js>) -> Result<Self> {
        let text = String::from_js(ctx, value)?;
        Ok(Self(match text.contains(HALF) {
            true => without_halves(&text),
            false => text,
        }))
    }
}

/// How the escape of one begins. Nothing else that is written has this, but a backslash of the text itself before these letters.
const HALF: &str = "\\ud";
/// `\ud83d`
const ESCAPE_BYTES: usize = 6;

fn without_halves(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        text.push_str(before);
        let is_half = escape.starts_with(HALF);
        let bytes = if is_half { ESCAPE_BYTES } else { 2 };
        let (escape, after) = escape.split_at_checked(bytes).unwrap_or((escape, ""));
        text.push_str(if is_half { "\u{fffd}" } else { escape });
        rest = after;
    }
    text.push_str(rest);
    text
}
