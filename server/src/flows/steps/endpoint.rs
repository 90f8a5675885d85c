//! What an endpoint of the auth API is: the trait that each flow implements, and the description from which routes, the
//! OpenAPI document and the reference are made. Knows no HTTP library.

use std::{collections::BTreeMap, future::Future};

use serde::Serialize;

use super::session::{self, SignedIn};
use crate::domain::audit::Actor;
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        ids::Scope,
        input::Fields,
        request::RequestMeta,
    },
    domain::project::AuthSettings,
    hooks::Moment,
};

/// A request of the auth API, from its fields to its answer. One file each; `run` reads as the list of its steps.
pub(crate) trait Flow: 'static {
    /// Who may send it.
    type Who: Who;
    /// What was sent, legal by construction.
    type Input: Send + 'static;
    type Output: Serialize + Send + 'static;

    const ENDPOINT: Endpoint;

    /// Reads the body, or the query of a GET. `None` only where a required field was a problem; the caller refuses what
    /// is left over.
    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Self::Input>;

    /// The status of an answer, where it is not always the same.
    fn status(_: &Self::Output) -> u16 {
        Self::ENDPOINT.answer.status
    }

    fn run(
        app: &App,
        caller: &Caller<Self::Who>,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output>> + Send;
}

/// Who sent a request, and where.
pub(crate) struct Caller<W> {
    pub(crate) scope: Scope,
    pub(crate) request: RequestMeta,
    pub(crate) settings: std::sync::Arc<AuthSettings>,
    pub(crate) who: W,
    /// The variable parts of the path, by name.
    pub(crate) path: BTreeMap<String, String>,
}

/// Who may send a request besides showing the key of the project.
pub(crate) trait Who: Sized + Send + Sync + 'static {
    const ACCESS: Access;

    fn of(app: &App, scope: &Scope, bearer: Option<&str>) -> impl Future<Output = Result<Self>> + Send;
}

/// Everybody with a key of the project.
pub(crate) struct Anybody;

impl Who for Anybody {
    const ACCESS: Access = Access::Key;

    async fn of(_: &App, _: &Scope, _: Option<&str>) -> Result<Self> {
        Ok(Self)
    }
}

impl Who for SignedIn {
    const ACCESS: Access = Access::User;

    async fn of(app: &App, scope: &Scope, bearer: Option<&str>) -> Result<Self> {
        let token = bearer.ok_or_else(Refusal::invalid_token)?;
        session::signed_in(app, scope, token).await
    }
}

/// Everybody with a key of the project; who shows a token must show a good one.
pub(crate) struct Somebody(pub(crate) Option<SignedIn>);

impl Who for Somebody {
    const ACCESS: Access = Access::Key;

    async fn of(app: &App, scope: &Scope, bearer: Option<&str>) -> Result<Self> {
        match bearer {
            Some(token) => Ok(Self(Some(session::signed_in(app, scope, token).await?))),
            None => Ok(Self(None)),
        }
    }
}

impl<W> Caller<W> {
    /// A part of the path; the route has it, or the handler would not run.
    pub(crate) fn part(&self, name: &str) -> Result<&str> {
        Ok(self.path.get(name).map(String::as_str).ok_or_else(Refusal::not_found)?)
    }
}

/// Who asks, and where.
pub(crate) struct Admins {
    pub(crate) scope: Scope,
    pub(crate) by: Actor,
    pub(crate) request: RequestMeta,
}

/// Whether there was something of the name before.
#[derive(Debug)]
pub(crate) enum Put<T> {
    New(T),
    Replaced(T),
}

/// What opens an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing is needed.
    Open,
    /// A key of the project.
    Key,
    /// A key of the project, and the access token of a user.
    User,
    /// An admin token, or the project's secret key.
    Admin,
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
    pub(crate) moments: &'static [Moment],
    pub(crate) events: &'static [EventKind],
    /// Codes beyond those that every endpoint has.
    pub(crate) errors: &'static [&'static str],
    /// How often it may be asked.
    pub(crate) rate: Rate,
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
