//! What a hook returned, read as a decision. Anything that is not one names the field that is wrong.

use crate::{
    binding::{Coerced, Ctx, Object, Result as JsResult, Value, atom::PredefinedAtom},
    contract::types::{Denial, Failure, Reply, ShapeError},
    exception,
    json::{self, Unwritten},
    text,
};

const REPLY: &str = "nothing, { allow: true }, { deny: {…} } or { patch: {…} }";
const DEFAULT_CODE: &str = "hook_denied";
const DEFAULT_MESSAGE: &str = "The request was denied";
const DEFAULT_STATUS: u16 = 403;
const MESSAGE_CHARS: usize = 500;

/// Reads the settled return value of a lifecycle hook.
pub(crate) fn read<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Reply, Failure> {
    if value.is_undefined() || value.is_null() {
        return Ok(Reply::Allow);
    }
    let object = plain_object(value).ok_or_else(|| wrong("", REPLY, value))?;
    let Some((key, member)) = only_member(ctx, object)? else {
        return if is_bare(object) {
            Ok(Reply::Allow)
        } else {
            Err(wrong("", REPLY, value))
        };
    };
    match key.as_str() {
        "allow" => allow(&member),
        "deny" => denial(ctx, &member).map(Reply::Deny),
        "patch" => patch(ctx, &member).map(Reply::Patch),
        _ => Err(wrong(&key, "absent: a reply has `allow`, `deny` or `patch`", &member)),
    }
}

/// The one member of the reply that is set; `None` for `{}`.
fn only_member<'js>(ctx: &Ctx<'js>, object: &Object<'js>) -> Result<Option<(String, Value<'js>)>, Failure> {
    let mut found: Option<(String, Value<'js>)> = None;
    for property in object.props::<String, Value<'js>>() {
        let (key, member) = property.map_err(|_| Failure::Threw(exception::catch(ctx)))?;
        if member.is_undefined() {
            continue;
        }
        match &found {
            Some((first, _)) if ["allow", "deny", "patch"].contains(&key.as_str()) => {
                let expected = format!("absent: the reply already has `{first}`");
                return Err(wrong(&key, &expected, &member));
            }
            _ if !["allow", "deny", "patch"].contains(&key.as_str()) => {
                return Err(wrong(&key, "absent: a reply has `allow`, `deny` or `patch`", &member));
            }
            _ => found = Some((key, member)),
        }
    }
    Ok(found)
}

fn allow(member: &Value<'_>) -> Result<Reply, Failure> {
    match member.as_bool() {
        Some(true) => Ok(Reply::Allow),
        _ => Err(wrong(
            "allow",
            "true (to refuse a request, return { deny: {…} })",
            member,
        )),
    }
}

fn denial<'js>(ctx: &Ctx<'js>, member: &Value<'js>) -> Result<Denial, Failure> {
    if member.as_bool() == Some(true) {
        return Ok(Denial {
            code: DEFAULT_CODE.into(),
            message: DEFAULT_MESSAGE.into(),
            status: DEFAULT_STATUS,
        });
    }
    let object = plain_object(member).ok_or_else(|| wrong("deny", "true or { code?, message?, status? }", member))?;
    for key in object.keys::<String>() {
        let key = key.map_err(|_| Failure::Threw(exception::catch(ctx)))?;
        if !["code", "message", "status"].contains(&key.as_str()) {
            let value = field(ctx, object, &key)?;
            return Err(wrong(
                &format!("deny.{key}"),
                "absent: a denial has `code`, `message` and `status`",
                &value,
            ));
        }
    }
    Ok(Denial {
        code: code(ctx, object)?,
        message: message(ctx, object)?,
        status: status(ctx, object)?,
    })
}

fn code<'js>(ctx: &Ctx<'js>, denial: &Object<'js>) -> Result<String, Failure> {
    let value = field(ctx, denial, "code")?;
    if value.is_undefined() {
        return Ok(DEFAULT_CODE.into());
    }
    let legal = |code: &String| {
        (1..=64).contains(&code.len())
            && code
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.' | b'-'))
    };
    text::of(&value)
        .filter(legal)
        .ok_or_else(|| wrong("deny.code", "1 to 64 characters of a-z, 0-9, `_`, `.` or `-`", &value))
}

fn message<'js>(ctx: &Ctx<'js>, denial: &Object<'js>) -> Result<String, Failure> {
    let value = field(ctx, denial, "message")?;
    if value.is_undefined() {
        return Ok(DEFAULT_MESSAGE.into());
    }
    text::of(&value)
        .filter(|message| message.chars().count() <= MESSAGE_CHARS)
        .ok_or_else(|| wrong("deny.message", "a string of at most 500 characters", &value))
}

fn status<'js>(ctx: &Ctx<'js>, denial: &Object<'js>) -> Result<u16, Failure> {
    let value = field(ctx, denial, "status")?;
    if value.is_undefined() {
        return Ok(DEFAULT_STATUS);
    }
    value
        .as_number()
        .filter(|status| status.fract() == 0.0 && (400.0..500.0).contains(status))
        .map(|status| status as u16)
        .ok_or_else(|| wrong("deny.status", "a whole number from 400 to 499", &value))
}

fn patch<'js>(ctx: &Ctx<'js>, member: &Value<'js>) -> Result<String, Failure> {
    let object = plain_object(member).ok_or_else(|| wrong("patch", "an object", member))?;
    let json = json::stringify(ctx, member).map_err(|unwritten| match unwritten {
        Unwritten::Threw => Failure::Threw(exception::catch(ctx)),
        Unwritten::NoJson { path, got } => Failure::BadReply(ShapeError {
            path: format!("patch{path}"),
            expected: "something that JSON can carry".to_owned(),
            got: got.to_owned(),
        }),
    })?;
    let is_nothing = |json: &String| json == "{}" && !is_bare(object);
    json.filter(|json| !is_nothing(json))
        .ok_or_else(|| wrong("patch", "an object that JSON can carry", member))
}

fn field<'js>(ctx: &Ctx<'js>, object: &Object<'js>, key: &str) -> Result<Value<'js>, Failure> {
    object.get(key).map_err(|_| Failure::Threw(exception::catch(ctx)))
}

/// An object that is not a function, an array or an error.
fn plain_object<'a, 'js>(value: &'a Value<'js>) -> Option<&'a Object<'js>> {
    value
        .as_object()
        .filter(|object| !object.is_function() && !object.is_array() && !object.is_error())
}

/// An object of no class, as a literal makes it. One of a class that has no members of its own (a `Response`, a `Map`, a
/// generator, whatever has getters alone) was meant to say something, and must not be read as `{}`, which allows.
fn is_bare(object: &Object<'_>) -> bool {
    let prototype = object.get_prototype();
    let is_bare = prototype.is_none_or(|prototype| prototype.get_prototype().is_none());
    // A proxy answers what it likes, and may throw.
    if object.ctx().has_exception() {
        drop(object.ctx().catch());
        return false;
    }
    is_bare
}

/// `Response`, `Generator`, …: what the class of an object says it is called.
fn class_of(object: &Object<'_>) -> Option<String> {
    let tag: JsResult<Value<'_>> = object.get(PredefinedAtom::SymbolToStringTag);
    let name = tag.ok().and_then(|tag| text::of(&tag)).or_else(|| {
        let class: Object<'_> = object.get("constructor").ok()?;
        let name: Value<'_> = class.get("name").ok()?;
        text::of(&name)
    });
    if object.ctx().has_exception() {
        drop(object.ctx().catch());
    }
    name.filter(|name| !name.is_empty())
        .map(|name| name.chars().take(60).collect())
}

fn wrong(path: &str, expected: &str, got: &Value<'_>) -> Failure {
    Failure::BadReply(ShapeError {
        path: path.to_owned(),
        expected: expected.to_owned(),
        got: describe(got),
    })
}

/// `the string "x"`, `the number 5`, `an array`, …
fn describe(value: &Value<'_>) -> String {
    if let Some(text) = text::of(value) {
        let short: String = text.chars().take(60).collect();
        let dots = if short.len() < text.len() { "…" } else { "" };
        return format!("the string {short:?}{dots}");
    }
    if (value.is_number() || value.is_bool())
        && let Ok(Coerced(text)) = value.get::<Coerced<String>>()
    {
        return format!("the {} {text}", if value.is_bool() { "boolean" } else { "number" });
    }
    if let Some(class) = plain_object(value).filter(|object| !is_bare(object)).and_then(class_of) {
        return format!("an object of the class {class}");
    }
    match value.type_name() {
        "exception" => "an error".to_owned(),
        name @ ("array" | "object" | "uninitialized") => format!("an {name}"),
        name @ ("null" | "undefined") => name.to_owned(),
        name => format!("a {name}"),
    }
}
