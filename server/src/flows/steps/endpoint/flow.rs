//! The trait that each request of both APIs implements. Knows no HTTP library.

use std::{any::Any, collections::BTreeMap, future::Future, sync::Arc};

use aerocall_api_types::{Document, Permission};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    describe::{BodyLimit, Endpoint, Proof, Revisions},
    who::Who,
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::Scope,
        input::Fields,
        request::RequestMeta,
    },
    domain::project::AuthSettings,
    security::limits::Claim,
};

/// A request, from its fields to its answer. One file each; `run` reads as the list of its steps.
pub(crate) trait Flow: 'static {
    /// Who may send it.
    type Who: Who;
    /// What was sent, legal by construction.
    type Input: Send + 'static;
    /// What is answered: a type of `aerocall_api_types`, unless a browser is redirected.
    type Output: Send + 'static;

    const ENDPOINT: Endpoint;

    /// What a caller of the admin API needs. `None`: everybody in `Who` may send it.
    const NEEDS: Option<Permission> = None;

    /// Whether a session has to have proved lately who uses it.
    const PROOF: Proof = Proof::Any;

    /// How large the body may be.
    const BODY: BodyLimit = BodyLimit::of(&Self::ENDPOINT, Self::Who::ACCESS);

    /// What request and answer say of the revision of what the path names.
    const REVISIONS: Revisions = Revisions::None;

    /// Reads the body, or the query of a GET. `None` only where a required field was a problem; the caller refuses what
    /// is left over. A flow with nothing to read, whose input is `()`, leaves this out; one with an input cannot.
    fn read(_: &mut Fields, _: &<Self::Who as Who>::Settings) -> Option<Self::Input> {
        const { assert!(size_of::<Self::Input>() == 0, "a flow with an input reads it") };
        let nothing: Box<dyn Any> = Box::new(());
        nothing.downcast().ok().map(|nothing| *nothing)
    }

    /// The status of an answer, where it is not always the same.
    fn status(_: &Self::Output) -> u16 {
        Self::ENDPOINT.answer.status
    }

    /// The revision of what is answered, as the header `ETag` has it.
    fn etag(_: &Self::Output) -> Option<String> {
        None
    }

    fn run(
        app: &App,
        caller: &Caller<Self::Who>,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output>> + Send;
}

/// Who sent a request, and what it is about.
pub(crate) struct Caller<W: Who> {
    pub(crate) scope: W::Scope,
    pub(crate) request: RequestMeta,
    pub(crate) settings: Arc<W::Settings>,
    pub(crate) who: W,
    /// The variable parts of the path, by name.
    pub(crate) path: BTreeMap<String, String>,
}

impl<W: Who> Caller<W> {
    /// A part of the path; the route has it, or the handler would not run.
    pub(crate) fn part(&self, name: &str) -> Result<&str> {
        part(&self.path, name)
    }
}

impl<W: Who<Scope = Scope, Settings = AuthSettings>> Caller<W> {
    /// What the limits know the sender of the request by, who claims this account or recipient.
    pub(crate) fn claim<'a>(&'a self, account: &'a str) -> Claim<'a> {
        Claim {
            scope: &self.scope,
            rules: &self.settings.limits,
            account,
            ip: &self.request.ip,
        }
    }
}

pub(super) fn part<'p>(path: &'p BTreeMap<String, String>, name: &str) -> Result<&'p str> {
    Ok(path.get(name).map(String::as_str).ok_or_else(Refusal::not_found)?)
}

/// The answer to a request that creates or replaces: 201 for what is new, 200 for what was there.
#[derive(Clone, Debug)]
pub(crate) enum Put<T> {
    New(T),
    Replaced(T),
}

impl<T> Put<T> {
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::New(_) => 201,
            Self::Replaced(_) => 200,
        }
    }

    pub(crate) fn try_map<U>(self, change: impl FnOnce(T) -> Result<U>) -> Result<Put<U>> {
        Ok(match self {
            Self::New(document) => Put::New(change(document)?),
            Self::Replaced(document) => Put::Replaced(change(document)?),
        })
    }
}

impl<T: Serialize> Serialize for Put<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let (Self::New(document) | Self::Replaced(document)) = self;
        document.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Put<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::New)
    }
}

impl<T: JsonSchema> JsonSchema for Put<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// What is known of the documents that a flow answers, for the OpenAPI document and its tests.
#[derive(Clone, Copy)]
pub(crate) struct AnswerType {
    pub(crate) schema: fn(&mut SchemaGenerator) -> Schema,
    /// Reads an example and writes it again: both are equal if the example is one of these documents.
    #[cfg_attr(not(test), expect(dead_code, reason = "examples are checked by tests"))]
    pub(crate) rewrite: fn(&str) -> serde_json::Result<serde_json::Value>,
}

impl AnswerType {
    pub(crate) const fn of<T: Document>() -> Self {
        Self {
            schema: |generator| generator.subschema_for::<T>(),
            rewrite: |example| serde_json::to_value(serde_json::from_str::<T>(example)?),
        }
    }
}
