//! What an endpoint is for HTTP: its description, its route, the kind of its answer.

use actix_web::{Route, web};
use aerocall_api_types::Permission;

use crate::flows::steps::endpoint::{Access, AnswerType, Endpoint, Method, Proof, Revisions};

/// An endpoint and what serves it.
pub(crate) struct Served {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) access: Access,
    /// Of callers of the admin API.
    pub(crate) needs: Option<Permission>,
    /// Of sessions of the admin API.
    pub(crate) proof: Proof,
    pub(crate) revisions: Revisions,
    pub(crate) body: Body,
    /// What its documents are.
    pub(crate) answer: Option<AnswerType>,
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
    /// A document; 202 if something must be confirmed before it is more than that.
    JsonMaybeLater,
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
