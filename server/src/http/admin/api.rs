//! Every endpoint of the admin API. What is in this list is served, is in the OpenAPI document and in the reference.

use aerocall_api_types::Document;

use super::handler;
use crate::{
    flows::{
        admin::secrets::{DeleteSecret, ListSecrets, PutSecret},
        steps::endpoint::{AdminWho, AnswerType, Flow, Method, Who},
    },
    http::wire::served::{self, Body, Served},
};

/// The whole list.
pub(crate) fn endpoints() -> Vec<Served> {
    vec![served::<ListSecrets>(), served::<PutSecret>(), served::<DeleteSecret>()]
}

fn served<F>() -> Served
where
    F: Flow,
    F::Who: AdminWho,
    F::Output: Document,
{
    Served {
        endpoint: &F::ENDPOINT,
        access: F::Who::ACCESS,
        body: match (F::ENDPOINT.method, F::ENDPOINT.answer.status) {
            (Method::Put, 201) => Body::JsonMaybeNew,
            _ => Body::Json,
        },
        answer: Some(AnswerType::of::<F::Output>()),
        route: || served::method(F::ENDPOINT.method).to(handler::answer::<F>),
    }
}
