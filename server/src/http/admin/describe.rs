//! How endpoints of the admin API are described.

use actix_web::Route;

use crate::{
    flows::steps::endpoint::{Access, Endpoint, Method},
    http::wire::served::{Body, Served},
};

pub(crate) use crate::flows::steps::endpoint::environment;

pub(crate) fn served(endpoint: &'static Endpoint, route: fn() -> Route) -> Served {
    let body = match (endpoint.method, endpoint.answer.status) {
        (Method::Put, 201) => Body::JsonMaybeNew,
        _ => Body::Json,
    };
    Served {
        endpoint,
        access: Access::Admin,
        body,
        answer: None,
        route,
    }
}
