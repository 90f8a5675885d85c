//! How endpoints of the admin API are described.

use actix_web::Route;

use crate::{
    flows::steps::endpoint::{Access, Endpoint, Method},
    http::wire::served::{Body, Served},
};

/// A path below an environment.
macro_rules! environment {
    ($path:literal) => {
        concat!("/admin/api/v1/projects/{project}/environments/{environment}", $path)
    };
}

pub(crate) use environment;

pub(crate) fn served(endpoint: &'static Endpoint, route: fn() -> Route) -> Served {
    let body = match (endpoint.method, endpoint.answer.status) {
        (Method::Put, 201) => Body::JsonMaybeNew,
        _ => Body::Json,
    };
    Served {
        endpoint,
        access: Access::Admin,
        body,
        route,
    }
}
