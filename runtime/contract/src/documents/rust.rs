//! The crate for hooks in Rust: payloads, hook points, events and the words that fields have, and the names that its attributes
//! know.

use std::fmt::Write as _;

use super::is_committed;
use crate::{
    Changes, EventKind, HookPoint, OwnField, Phase, UserFields, payloads,
    shape::{Field, Presence, Shape},
};

const SOURCE: &str = "Made from runtime/contract/src; run UPDATE_DOCS=1 cargo nextest run --workspace documents_are";

/// The type for the words that a field can have.
const WORDS: &[(&[&str], &str, &str)] = &[
    (&["email", "sms"], "Channel", "How a one-time code is sent."),
    (&["server", "hook", "none"], "Delivery", "Who delivers a one-time code."),
    (
        &["hook", "server", "event", "webhook"],
        "EventDelivery",
        "Who delivers or has delivered a one-time code.",
    ),
    (
        &["login", "verify_phone"],
        "CodePurpose",
        "What a one-time code is for.",
    ),
    (&["totp", "recovery_code"], "FactorKind", "A kind of second factor."),
];

/// `recovery_code` as the name of a variant.
fn type_name(name: &str) -> String {
    let mut made = String::new();
    let mut upper = true;
    for sign in name.chars() {
        match sign {
            '_' => upper = true,
            sign if upper => {
                made.extend(sign.to_uppercase());
                upper = false;
            }
            sign => made.push(sign),
        }
    }
    made
}

/// `beforeSignup` as the name of a module or a field.
fn module_name(name: &str) -> String {
    let mut made = String::new();
    for sign in name.chars() {
        if sign.is_ascii_uppercase() {
            made.push('_');
        }
        made.push(sign.to_ascii_lowercase());
    }
    made
}

fn of_shape(shape: Shape) -> String {
    match shape {
        Shape::User => "User".to_owned(),
        Shape::NewUser => "NewUser".to_owned(),
        Shape::UserPatch => "UserPatch".to_owned(),
        Shape::Session => "SessionRef".to_owned(),
        Shape::Factor => "Factor".to_owned(),
        Shape::Password => "Password".to_owned(),
        Shape::Client => "Client".to_owned(),
        Shape::Object => "JsonObject".to_owned(),
        Shape::Text(_) => "String".to_owned(),
        Shape::Count => "u64".to_owned(),
        Shape::OneOf(words) => {
            let named = WORDS.iter().find(|(known, ..)| *known == words);
            named.unwrap_or_else(|| panic!("name {words:?} in WORDS")).1.to_owned()
        }
    }
}

fn comment(text: &str, indent: &str) -> String {
    format!("{indent}/// {text}\n")
}

fn structure(name: &str, about: &str, fields: &[Field]) -> String {
    let mut text = format!(
        "\n{}#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]\n#[serde(rename_all = \"camelCase\")]\n#[non_exhaustive]\npub struct {name} {{\n",
        comment(about, "")
    );
    for field in fields {
        text.push_str(&comment(field.about, "    "));
        let (name, shape) = (module_name(field.name), of_shape(field.shape));
        match field.presence {
            Presence::Always if matches!(field.shape, Shape::Client) => {
                writeln!(text, "    #[serde(default)]\n    pub {name}: {shape},").unwrap();
            }
            Presence::Always => writeln!(text, "    pub {name}: {shape},").unwrap(),
            Presence::Sometimes => writeln!(
                text,
                "    #[serde(default, skip_serializing_if = \"Option::is_none\")]\n    pub {name}: Option<{shape}>,"
            )
            .unwrap(),
        }
    }
    text + "}\n"
}

/// `use` of the types that fields name.
fn imports(fields: &[Field]) -> String {
    let names = |of_words: bool| {
        let shapes = fields.iter().map(|field| field.shape);
        let shapes = shapes.filter(|shape| matches!(shape, Shape::OneOf(_)) == of_words);
        let mut names: Vec<String> = shapes
            .map(of_shape)
            .filter(|name| name != "String" && name != "u64")
            .collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    };
    format!(
        "use serde::{{Deserialize, Serialize}};\n\nuse crate::{{{}, words::{{{}}}}};\n",
        names(false),
        names(true)
    )
}

fn payload_types() -> String {
    let fields: Vec<Field> = payloads::ALL.iter().flat_map(|payload| payload.fields()).collect();
    let mut text = format!("//! What hooks get at hook points. {SOURCE}\n\n{}", imports(&fields));
    for payload in payloads::ALL {
        text.push_str(&structure(payload.name, payload.about, &payload.fields()));
    }
    text
}

pub(super) fn script_events() -> impl Iterator<Item = EventKind> {
    EventKind::ALL.iter().copied().filter(|kind| kind.reaches_hooks())
}

fn event_types() -> String {
    let fields: Vec<Field> = script_events().flat_map(|kind| kind.data().to_vec()).collect();
    let mut text = format!("//! The data of each event. {SOURCE}\n\n{}", imports(&fields));
    for kind in script_events() {
        let about = format!("`{}`: {}", kind.as_str(), kind.about());
        text.push_str(&structure(&format!("{kind:?}"), &about, kind.data()));
    }
    text
}

fn word_types() -> String {
    let mut text = format!("//! The words that fields can have. {SOURCE}\n\nuse serde::{{Deserialize, Serialize}};\n");
    for (words, name, about) in WORDS {
        write!(
            text,
            "\n{}#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]\n#[serde(from = \"String\", into = \"String\")]\n#[non_exhaustive]\npub enum {name} {{\n",
            comment(about, "")
        )
        .unwrap();
        let (mut read, mut written) = (String::new(), String::new());
        for word in *words {
            let variant = type_name(word);
            writeln!(text, "    /// `{word}`\n    {variant},").unwrap();
            writeln!(read, "            \"{word}\" => Self::{variant},").unwrap();
            writeln!(written, "            {name}::{variant} => \"{word}\".to_owned(),").unwrap();
        }
        write!(
            text,
            "    /// A word that this release does not know.\n    Other(String),\n}}\n\nimpl From<String> for {name} {{\n    fn from(word: String) -> Self {{\n        match word.as_str() {{\n{read}            _ => Self::Other(word),\n        }}\n    }}\n}}\n\nimpl From<{name}> for String {{\n    fn from(word: {name}) -> Self {{\n        match word {{\n{written}            {name}::Other(word) => word,\n        }}\n    }}\n}}\n"
        )
        .unwrap();
    }
    text
}

fn patch_type(changes: Changes) -> &'static str {
    match (changes.own, changes.user) {
        (None, UserFields::Profile) => "crate::points::ProfileChanges",
        (None, UserFields::Metadata) => "crate::points::MetadataChanges",
        (None, UserFields::Nothing) => "crate::NoPatch",
        (Some(OwnField::Claims), UserFields::Nothing) => "crate::ClaimsPatch",
        (Some(OwnField::Delivery), UserFields::Metadata) => "crate::DeliveryPatch",
        (Some(_), _) => panic!("sdk-rust/src/points.rs has no type for {changes:?}"),
    }
}

fn about(point: HookPoint) -> String {
    let (phase, name) = match point.phase {
        Phase::Before => ("before", point.name()),
        Phase::After => ("after", point.name()),
    };
    format!("`{name}`, {phase} the commit: {}.", point.step.about())
}

fn point_types() -> String {
    let mut text = format!("//! The hook points. {SOURCE}\n\ncrate::points::points! {{\n");
    for point in HookPoint::all() {
        let (payload, patch) = (point.payload().name, patch_type(point.changes()));
        writeln!(
            text,
            "{}    {} {:?} {:?}: {payload}, {patch};",
            comment(&about(point), "    "),
            module_name(point.name()),
            point.phase,
            point.name()
        )
        .unwrap();
    }
    text + "}\n"
}

/// The list of hook points and events for the attributes. Documents of attributes are compiled where they are defined.
fn attribute_names() -> String {
    let mut text = format!(
        "//! The names that attributes are for. {SOURCE}\n\n/// Gives the hook points to another macro.\nmacro_rules! points {{\n    ($then:ident) => {{\n        $then! {{\n"
    );
    for point in HookPoint::all() {
        let module = module_name(point.name());
        let lines = [
            about(point),
            String::new(),
            "```".to_owned(),
            format!("use aerocall_hooks::{{RequestContext, Result, {module}, log}};"),
            String::new(),
            format!("#[{module}]"),
            format!("fn note(context: &RequestContext, payload: {module}::Payload) -> Result<{module}::Reply> {{"),
            "    log::info!(\"{} for {:?}\", context.hook, payload.client.id);".to_owned(),
            format!("    Ok({module}::Reply::allow())"),
            "}".to_owned(),
            "```".to_owned(),
        ];
        for line in lines {
            writeln!(text, "            ///{}{line}", if line.is_empty() { "" } else { " " }).unwrap();
        }
        writeln!(text, "            {module} {:?};", point.name()).unwrap();
    }
    text.push_str("        }\n    };\n}\npub(crate) use points;\n\n/// The events that handlers get, and the types of their data.\npub(crate) const EVENTS: &[(&str, &str)] = &[\n");
    for kind in script_events() {
        writeln!(text, "    ({:?}, \"{kind:?}\"),", kind.as_str()).unwrap();
    }
    text + "];\n"
}

#[test]
fn documents_are_what_the_crate_for_rust_has() {
    let generated = |name: &str| format!("sdk-rust/src/generated/{name}.rs");
    is_committed(&generated("payloads"), &payload_types());
    is_committed(&generated("events"), &event_types());
    is_committed(&generated("words"), &word_types());
    is_committed(&generated("points"), &point_types());
    is_committed("sdk-rust/macros/src/names.rs", &attribute_names());
}
