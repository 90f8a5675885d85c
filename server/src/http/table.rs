//! Every endpoint of the server with what serves it. Routes, the OpenAPI document and the reference are made from this
//! list, so nothing is served that is not described.

use actix_web::{Route, web};

use super::{account_api, admin_api, auth, site};
use crate::{
    events::EventKind,
    flows::endpoint::{Access, Answer, Endpoint, Field, Method, Rate},
};

/// An endpoint and what serves it.
pub(super) struct Served {
    pub(super) endpoint: &'static Endpoint,
    pub(super) access: Access,
    pub(super) body: Body,
    pub(super) route: fn() -> Route,
}

/// What is answered when all goes well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// A document.
    Json,
    /// A document; 201 if what was put is new, and 200 if it was there.
    JsonMaybeNew,
    /// A document; 503 if what it says is that something is missing.
    JsonMaybeMissing,
    /// A text for programs or people, of this type.
    Text(&'static str),
}

/// The whole list.
pub(super) fn all() -> Vec<Served> {
    auth::flows()
        .into_iter()
        .chain(admin_api::endpoints())
        .chain(account_api::endpoints())
        .chain(site::endpoints())
        .collect()
}

pub(super) fn method(method: Method) -> Route {
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
    pub(super) const fn plain(method: Method, path: &'static str, summary: &'static str) -> Self {
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

    pub(super) const fn get(path: &'static str, summary: &'static str) -> Self {
        Self::plain(Method::Get, path, summary)
    }

    pub(super) const fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    pub(super) const fn fields(self, fields: &'static [Field]) -> Self {
        Self { fields, ..self }
    }

    /// A request that works.
    pub(super) const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    pub(super) const fn answers(self, status: u16, about: &'static str, example: &'static str) -> Self {
        let answer = Answer { status, about, example };
        Self { answer, ..self }
    }

    pub(super) const fn errors(self, errors: &'static [&'static str]) -> Self {
        Self { errors, ..self }
    }
}
