//! The fields of payloads and of events' data, described once: as JSON Schema, as TypeScript, as a sample, and to hold
//! real documents against.

use serde_json::{Map, Value, json};

/// A field of a document.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As in the document.
    pub name: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether it is always there.
    pub presence: Presence,
    /// One sentence about it.
    pub about: &'static str,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A user with an id.
    User,
    /// A user who is not kept yet and has no id.
    NewUser,
    /// What was asked to change of a user.
    UserPatch,
    /// `{ id }`
    Session,
    /// `{ id, type }`
    Factor,
    /// A handle: the password can be checked, never read.
    Password,
    /// What the client says about itself.
    Client,
    /// Any JSON object.
    Object,
    /// A text, and a sample of it.
    Text(&'static str),
    /// A number from 0.
    Count,
    /// One of these texts.
    OneOf(&'static [&'static str]),
}

/// Whether a field is always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In every document.
    Always,
    /// It may be absent.
    Sometimes,
}

/// A field that is always there.
pub(crate) const fn always(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field {
        name,
        shape,
        presence: Presence::Always,
        about,
    }
}

/// A field that may be absent.
pub(crate) const fn sometimes(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field {
        name,
        shape,
        presence: Presence::Sometimes,
        about,
    }
}

/// What in a document is not as its fields are described, if anything.
pub(crate) fn fault(fields: &[Field], document: &Value) -> Option<String> {
    let Some(members) = document.as_object() else {
        return Some("it is not an object".to_owned());
    };
    let unknown = members
        .keys()
        .find(|name| fields.iter().all(|field| field.name != *name));
    let unlike = fields.iter().find(|field| match members.get(field.name) {
        None => field.presence == Presence::Always,
        Some(value) => !field.shape.fits(value),
    });
    unknown
        .map(|name| format!("`{name}` is not described"))
        .or_else(|| unlike.map(|field| format!("`{}` is not as described", field.name)))
}

/// Everything in a document that is not as its fields are described: the path of the member, and what is wrong with it.
pub(crate) fn problems(fields: &[Field], document: &Value) -> Vec<(String, String)> {
    let Some(members) = document.as_object() else {
        return vec![(String::new(), "must be an object".to_owned())];
    };
    let unknown = members
        .keys()
        .filter(|name| fields.iter().all(|field| field.name != *name));
    let unknown = unknown.map(|name| (name.clone(), "is not a member of this input".to_owned()));
    let of_field = |field: &Field| match members.get(field.name) {
        None if field.presence == Presence::Always => Some((field.name.to_owned(), "is missing".to_owned())),
        None => None,
        Some(value) => field.shape.problem(value).map(|(inner, problem)| match inner {
            "" => (field.name.to_owned(), problem),
            inner => (format!("{}.{inner}", field.name), problem),
        }),
    };
    unknown.chain(fields.iter().filter_map(of_field)).collect()
}

/// The named shapes that a schema of these fields refers to.
pub(crate) fn definitions_of(fields: &[Field]) -> Value {
    let names: Vec<&str> = fields.iter().filter_map(|field| field.shape.definition()).collect();
    definitions(&names)
}

/// A document with every field.
pub(crate) fn sample(fields: &[Field]) -> Value {
    let member = |field: &Field| (field.name.to_owned(), field.shape.sample());
    fields.iter().map(member).collect::<Map<String, Value>>().into()
}

/// JSON Schema of a document.
pub(crate) fn schema(fields: &[Field]) -> Value {
    let property = |field: &Field| {
        let mut schema = field.shape.schema();
        schema["description"] = field.about.into();
        (field.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = fields.iter().map(property).collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.presence == Presence::Always)
        .map(|field| field.name)
        .collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

impl Shape {
    /// Whether a value looks like this.
    fn fits(self, value: &Value) -> bool {
        let text = |name: &str| value[name].is_string();
        let user = || text("email") && value["metadata"].is_object() && value["publicMetadata"].is_object();
        match self {
            Self::User => text("id") && user(),
            Self::NewUser => value.get("id").is_none() && user(),
            Self::Session => text("id"),
            Self::Factor => text("id") && text("type"),
            Self::Password => value["handle"].is_u64(),
            Self::UserPatch | Self::Client | Self::Object => value.is_object(),
            Self::Text(_) => value.is_string(),
            Self::Count => value.is_u64(),
            Self::OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        }
    }

    /// What is wrong with a value, and in which of its members.
    fn problem(self, value: &Value) -> Option<(&'static str, String)> {
        let must_be = |name: &'static str, what: &str| Some((name, format!("must be {what}")));
        let members: &[(&'static str, &str)] = match self {
            Self::User => &[
                ("id", "a string"),
                ("email", "a string"),
                ("metadata", "an object"),
                ("publicMetadata", "an object"),
            ],
            Self::NewUser => &[
                ("email", "a string"),
                ("metadata", "an object"),
                ("publicMetadata", "an object"),
            ],
            Self::Session => &[("id", "a string")],
            Self::Factor => &[("id", "a string"), ("type", "a string")],
            Self::Password => &[("handle", "a whole number")],
            Self::UserPatch | Self::Client | Self::Object => &[],
            Self::Text(_) => return (!self.fits(value)).then(|| ("", "must be a string".to_owned())),
            Self::Count => return (!self.fits(value)).then(|| ("", "must be a whole number from 0".to_owned())),
            Self::OneOf(words) => {
                return (!self.fits(value)).then(|| ("", format!("must be one of {}", words.join(", "))));
            }
        };
        if !value.is_object() {
            return must_be("", "an object");
        }
        let is = |name: &str, what: &str| match what {
            "a string" => value[name].is_string(),
            "an object" => value[name].is_object(),
            _ => value[name].is_u64(),
        };
        let wrong = members.iter().find(|(name, what)| !is(name, what));
        match wrong {
            Some((name, what)) => must_be(name, what),
            None if self.fits(value) => None,
            None => Some(("id", "must not be there: the user is not kept yet".to_owned())),
        }
    }

    /// The name that a schema refers to it by, if it does.
    fn definition(self) -> Option<&'static str> {
        match self {
            Self::User => Some("user"),
            Self::NewUser => Some("newUser"),
            Self::UserPatch => Some("userPatch"),
            Self::Session => Some("session"),
            Self::Factor => Some("factor"),
            Self::Password => Some("password"),
            Self::Client => Some("client"),
            Self::Object | Self::Text(_) | Self::Count | Self::OneOf(_) => None,
        }
    }

    /// JSON Schema; names refer to [`definitions`].
    fn schema(self) -> Value {
        if let Some(name) = self.definition() {
            return json!({ "$ref": format!("#/$defs/{name}") });
        }
        match self {
            Self::Object => json!({ "type": "object" }),
            Self::Text(_) => json!({ "type": "string" }),
            Self::Count => json!({ "type": "integer", "minimum": 0 }),
            Self::OneOf(words) => json!({ "enum": words }),
            _ => json!(true),
        }
    }

    fn sample(self) -> Value {
        let mut user = json!({
            "id": "usr_01kx4m5n6p7q8r9s0t1v2w3x4y", "email": "ada@example.com", "name": "Ada",
            "metadata": {}, "publicMetadata": {},
        });
        match self {
            Self::User => user,
            Self::NewUser => {
                if let Some(user) = user.as_object_mut() {
                    user.retain(|name, _| name != "id");
                }
                user
            }
            Self::UserPatch => json!({ "name": "Ada Lovelace" }),
            Self::Session => json!({ "id": "ses_01kx4m5n6p7q8r9s0t1v2w3x4y" }),
            Self::Factor => json!({ "id": "mfa_01kx4m5n6p7q8r9s0t1v2w3x4y", "type": "totp" }),
            Self::Password => json!({ "handle": 1 }),
            Self::Client => json!({ "id": "web", "version": "1.4.0" }),
            Self::Object => json!({}),
            Self::Text(sample) => sample.into(),
            Self::Count => 1.into(),
            Self::OneOf(words) => words.first().copied().into(),
        }
    }
}

/// `$defs` of the named shapes that a schema refers to.
pub(crate) fn definitions(names: &[&str]) -> Value {
    let mut all = json!({
        "user": user(&["id", "email", "metadata", "publicMetadata"]),
        "newUser": user(&["email", "metadata", "publicMetadata"]),
        "userPatch": {
            "type": "object",
            "properties": {
                "email": { "type": "string" },
                "phone": { "type": ["string", "null"] },
                "name": { "type": ["string", "null"] },
                "metadata": { "type": "object" },
                "publicMetadata": { "type": "object" },
            },
        },
        "session": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } },
        "factor": {
            "type": "object",
            "required": ["id", "type"],
            "properties": { "id": { "type": "string" }, "type": { "const": "totp" } },
        },
        "password": {
            "type": "object",
            "required": ["handle"],
            "properties": { "handle": { "type": "integer", "minimum": 1 } },
        },
        "client": {
            "type": "object",
            "properties": {
                "id": { "type": "string" },
                "version": { "type": "string" },
                "data": { "type": "object" },
            },
        },
    });
    if let Some(all) = all.as_object_mut() {
        all.retain(|name, _| names.contains(&name.as_str()));
        if let Some(properties) = all
            .get_mut("newUser")
            .and_then(|user| user["properties"].as_object_mut())
        {
            properties.retain(|name, _| name != "id");
        }
    }
    all
}

fn user(required: &[&str]) -> Value {
    json!({
        "type": "object",
        "required": required,
        "properties": {
            "id": { "type": "string" },
            "email": { "type": "string" },
            "emailVerified": { "type": "boolean" },
            "phone": { "type": "string" },
            "phoneVerified": { "type": "boolean" },
            "name": { "type": "string" },
            "metadata": { "type": "object" },
            "publicMetadata": { "type": "object" },
            "createdAt": { "type": "string", "format": "date-time" },
            "updatedAt": { "type": "string", "format": "date-time" },
        },
    })
}
