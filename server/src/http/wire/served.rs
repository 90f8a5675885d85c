//! What an endpoint is for HTTP: its description, its route, the kind of its answer.

use actix_web::{Route, web};

use crate::{
    base::event::EventKind,
    flows::steps::endpoint::{Access, Answer, Endpoint, Field, Method, Rate},
};

/// An endpoint and what serves it.
pub(crate) struct Served {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) access: Access,
    pub(crate) body: Body,
    pub(crate) route: fn() -> Route,
}

/// What is answered when all goes well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// A document.
    Json,
    /// A document; 201 if what was put is new, and 200 if it was there.
    JsonMaybeNew,
    /// A document; 503 if what it says is that something is missing.
    JsonMaybeMissing,
    /// A text for programs or people, of this type.
    Text(&'static str),
}

pub(crate) fn method(method: Method) -> Route {
    match method {
        Method::Get => web::get(),
        Method::Post => web::post(),
        Method::Put => web::put(),
        Method::Patch => web::patch(),
        Method::Delete => web::delete(),
    }
}

/// Descriptions of endpoints that are no flows: what is not said is as in the first line of each.
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
            moments: &[],
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

    pub(crate) const fn errors(self, errors: &'static [&'static str]) -> Self {
        Self { errors, ..self }
    }
}
