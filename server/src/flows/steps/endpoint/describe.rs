//! The description of an endpoint, from which routes, the OpenAPI document and the reference are made.

use aerocall_contract::errors::Code;

use crate::{base::event::EventKind, hooks::Step};

/// A path below an environment.
macro_rules! environment {
    ($path:literal) => {
        concat!("/admin/api/v1/projects/{project}/environments/{environment}", $path)
    };
}

pub(crate) use environment;

/// What opens an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing is needed.
    Open,
    /// A key of the project.
    Key,
    /// A key of the project, and the access token of a user.
    User,
    /// The session of an account, a personal token, an admin token, or the project's secret key.
    Admin,
    /// The session of an account, or a personal token.
    Person,
    /// The session of an account.
    Session,
}

impl Access {
    /// Whether it is one of the admin API.
    pub(crate) const fn is_admin(self) -> bool {
        matches!(self, Self::Admin | Self::Person | Self::Session)
    }
}

/// Whether a session has to have proved lately who uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Its sign-in is enough.
    Any,
    /// For what is dangerous: whoever finds an open browser must not be able to do it.
    Fresh,
}

/// A description of an endpoint: for routes, the OpenAPI document and the reference.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// With variable parts in braces.
    pub(crate) path: &'static str,
    /// One line.
    pub(crate) summary: &'static str,
    /// For who reads on.
    pub(crate) about: &'static str,
    /// Of the body, or of the query of a GET.
    pub(crate) fields: &'static [Field],
    /// A body that works, as JSON; empty if there is none.
    pub(crate) example: &'static str,
    pub(crate) answer: Answer,
    /// Hooks stand before and after these.
    pub(crate) steps: &'static [Step],
    pub(crate) events: &'static [EventKind],
    /// Codes beyond those that every endpoint has.
    pub(crate) errors: &'static [Code],
    /// How often it may be asked.
    pub(crate) rate: Rate,
}

/// Revisions of what an endpoint is about, in headers (RFC 9110, 8.8.3 and 13.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revisions {
    /// It has none.
    None,
    /// The answer has it in `ETag`.
    Answered,
    /// The request names it in `If-Match`, and the answer has the new one in `ETag`.
    Required,
    /// The request names it in `If-Match`.
    Expected,
}

impl Revisions {
    /// Whether the request names one.
    pub(crate) fn is_sent(self) -> bool {
        matches!(self, Self::Required | Self::Expected)
    }

    /// Whether the answer has one.
    pub(crate) fn is_answered(self) -> bool {
        matches!(self, Self::Answered | Self::Required)
    }
}

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// A field of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: FieldKind,
    pub(crate) presence: Presence,
    pub(crate) about: &'static str,
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// Optional; `null` takes away what is there.
    Nullable,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FieldKind {
    Email,
    /// A password that is chosen, or given.
    Password,
    Phone,
    /// One line of at most so many characters.
    Text(u32),
    /// What a mail, an answer or an app has handed out: opaque.
    Token,
    /// Digits of a code.
    Code,
    /// An address on the project's list.
    Redirect,
    Flag,
    /// A whole number between two others.
    Number(i64, i64),
    OneOf(&'static [&'static str]),
    /// Any object.
    Object,
    /// What the client says about itself: `{ id?, version?, data? }`.
    Client,
    /// What a JSON Schema says.
    Json(&'static str),
    /// The body itself, which is a WebAssembly component.
    Component,
    /// The body itself, which is a form with these.
    Form(&'static [Field]),
}

/// What is answered when all goes well.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) about: &'static str,
    /// A body as JSON; empty if there is none.
    pub(crate) example: &'static str,
}

/// What an endpoint costs, and so how often one address may ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rate {
    /// Reads and changes of who is signed in already.
    Plain,
    /// Checks or makes a secret.
    Secret,
}

impl FieldKind {
    /// A point in time (RFC 3339).
    pub(crate) const TIME: Self = Self::Json(r#"{"type":"string","format":"date-time"}"#);
}

impl Field {
    pub(crate) const fn required(name: &'static str, kind: FieldKind, about: &'static str) -> Self {
        Self {
            name,
            kind,
            presence: Presence::Required,
            about,
        }
    }

    pub(crate) const fn optional(name: &'static str, kind: FieldKind, about: &'static str) -> Self {
        Self {
            name,
            kind,
            presence: Presence::Optional,
            about,
        }
    }

    /// Optional; `null` takes away what is there. Of a kind that has one type.
    pub(crate) const fn nullable(name: &'static str, kind: FieldKind, about: &'static str) -> Self {
        Self {
            name,
            kind,
            presence: Presence::Nullable,
            about,
        }
    }

    /// Of every endpoint whose hooks get to know it.
    pub(crate) const CLIENT: Self = Self::optional(
        "client",
        FieldKind::Client,
        "Information about the client, given by itself; passed to hooks.",
    );
}

impl Method {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl Endpoint {
    /// The path without what all of an environment begin with.
    pub(crate) fn short_path(&self) -> &'static str {
        match self.path.strip_prefix(environment!("")) {
            Some("") | None => self.path,
            Some(rest) => rest,
        }
    }
}

/// Descriptions, member by member: what is not said is as in [`Endpoint::plain`].
impl Endpoint {
    pub(crate) const fn plain(method: Method, path: &'static str, summary: &'static str) -> Self {
        const EVENTS: &[EventKind] = &[];
        Self {
            method,
            path,
            summary,
            about: "",
            fields: &[],
            example: "",
            answer: Answer {
                status: 200,
                about: "Done.",
                example: "",
            },
            steps: &[],
            events: EVENTS,
            errors: &[],
            rate: Rate::Plain,
        }
    }

    pub(crate) const fn get(path: &'static str, summary: &'static str) -> Self {
        Self::plain(Method::Get, path, summary)
    }

    pub(crate) const fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    pub(crate) const fn fields(self, fields: &'static [Field]) -> Self {
        Self { fields, ..self }
    }

    /// A request that works.
    pub(crate) const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    pub(crate) const fn answers(self, status: u16, about: &'static str, example: &'static str) -> Self {
        let answer = Answer { status, about, example };
        Self { answer, ..self }
    }

    /// Hooks run before and after these.
    pub(crate) const fn steps(self, steps: &'static [Step]) -> Self {
        Self { steps, ..self }
    }

    pub(crate) const fn events(self, events: &'static [EventKind]) -> Self {
        Self { events, ..self }
    }

    pub(crate) const fn errors(self, errors: &'static [Code]) -> Self {
        Self { errors, ..self }
    }
}

/// How large the body of a request may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyLimit {
    /// There is none: what a client sends as one is not read.
    Nothing,
    /// JSON, `http.json_body_bytes` of the settings.
    Usual,
    /// The same, or no body at all.
    UsualOrNothing,
    /// JSON of so many bytes.
    Bytes(usize),
    /// JSON as large as a bundle: `http.component_body_bytes` of the settings.
    Bundle,
    /// A WebAssembly component, `http.component_body_bytes` of the settings; or JSON as usual, by its content type.
    ComponentOrJson,
}

impl BodyLimit {
    /// Of a request whose flow does not say. Without fields it has no body; in the auth API whatever can have one has, if an
    /// empty object.
    pub(crate) const fn of(endpoint: &Endpoint, access: Access) -> Self {
        match (endpoint.fields.is_empty(), endpoint.method, access) {
            (true, Method::Delete, _) | (true, _, Access::Admin | Access::Person | Access::Session) => Self::Nothing,
            _ => Self::Usual,
        }
    }
}
