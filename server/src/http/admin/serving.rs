//! How a flow of the admin API becomes an endpoint.

use actix_web::Route;
use aerocall_api_types::Document;

use super::handler;
use crate::{
    flows::steps::{
        endpoint::{AdminWho, AnswerType, Flow, Method, Revisions, Stranger, Who},
        session_cookie::WithCookie,
    },
    http::wire::served::{self, Body, Served},
};

/// An endpoint for admins.
pub(super) fn served<F>() -> Served
where
    F: Flow,
    F::Who: AdminWho,
    F::Output: Document,
{
    Served {
        endpoint: &F::ENDPOINT,
        access: F::Who::ACCESS,
        needs: const {
            assert!(
                F::NEEDS.is_some(),
                "an endpoint of the admin API says which permission it needs"
            );
            F::NEEDS
        },
        proof: F::PROOF,
        revisions: F::REVISIONS,
        body: match (F::ENDPOINT.method, F::ENDPOINT.answer.status) {
            (Method::Put, 201) => Body::JsonMaybeNew,
            _ => Body::Json,
        },
        answer: Some(AnswerType::of::<F::Output>()),
        route: || served::method(F::ENDPOINT.method).to(handler::answer::<F>),
    }
}

/// An endpoint with an answer that is no document.
pub(super) fn served_as_text<F>(content_type: &'static str, route: fn() -> Route) -> Served
where
    F: Flow,
    F::Who: AdminWho,
{
    Served {
        endpoint: &F::ENDPOINT,
        access: F::Who::ACCESS,
        needs: F::NEEDS,
        proof: F::PROOF,
        revisions: Revisions::None,
        body: Body::Text(content_type),
        answer: None,
        route,
    }
}

/// An endpoint for whoever has no key or token yet.
pub(super) fn served_to_strangers<F>() -> Served
where
    F: Flow<Who = Stranger>,
    F::Output: Document,
{
    Served {
        endpoint: &F::ENDPOINT,
        access: F::Who::ACCESS,
        needs: None,
        proof: F::PROOF,
        revisions: F::REVISIONS,
        body: Body::Json,
        answer: Some(AnswerType::of::<F::Output>()),
        route: || served::method(F::ENDPOINT.method).to(handler::answer_stranger::<F>),
    }
}

/// An endpoint for whoever signs in.
pub(super) fn served_with_cookie<F, T>() -> Served
where
    F: Flow<Who = Stranger, Output = WithCookie<T>>,
    T: Document + 'static,
{
    Served {
        route: || served::method(F::ENDPOINT.method).to(handler::begin_session::<F, T>),
        ..served_to_strangers::<F>()
    }
}
