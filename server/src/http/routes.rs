//! The table of endpoints as routes. Every path answers methods it does not have with 405 and the ones it has.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse, Resource,
    error::InternalError,
    guard,
    http::header::{ALLOW, HeaderValue},
    web,
};
use aerocall_contract::errors;

use super::table;
use crate::{
    base::error::Refusal,
    http::{
        site::{admin, api as site},
        wire::{answer, cors, served::Served},
    },
};

/// Every route of the server.
pub(super) fn all(site: &mut web::ServiceConfig) {
    of(table::all(), site);
    // No endpoints, but files for browsers: what is in the table comes first.
    let pages = web::resource(admin::PATHS)
        .guard(guard::fn_guard(|request| !admin::is_api(request.head().uri.path())))
        .route(web::get().to(admin::serve))
        .default_service(web::to(|request| refuse_method(request, "GET".to_owned())));
    site.service(pages);
}

/// The routes of a worker: none but those for whoever watches it.
pub(super) fn watched(site: &mut web::ServiceConfig) {
    of(site::watched(), site);
}

/// One resource for each path of a table, with the methods it has.
fn of(table: Vec<Served>, site: &mut web::ServiceConfig) {
    site.app_data(web::PathConfig::default().error_handler(|error, request| {
        // A part of the path that is no UTF-8 names nothing.
        InternalError::from_response(error, answer::refused(request, &Refusal::not_found())).into()
    }));
    // In this order a part that is written out comes before one that is variable: `{` is after every letter.
    let mut paths: BTreeMap<&str, Vec<Served>> = BTreeMap::new();
    for served in table {
        paths.entry(served.endpoint.path).or_default().push(served);
    }
    for (path, served) in paths {
        let methods: Vec<&str> = served.iter().map(|served| served.endpoint.method.as_str()).collect();
        let resource = only(path, methods.join(", "));
        let routes = served.iter().map(|served| (served.route)());
        let resource = routes.fold(resource, Resource::route);
        match cors::is_for_apps(path) {
            true => site.service(resource.wrap(cors::for_apps())),
            false => site.service(resource),
        };
    }
}

/// A path with the methods it has, for `Allow`.
fn only(path: &str, methods: impl Into<String>) -> Resource {
    let methods = methods.into();
    web::resource(path.to_owned()).default_service(web::to(move |request| refuse_method(request, methods.clone())))
}

/// The answer to a method that a path does not have.
async fn refuse_method(request: HttpRequest, methods: String) -> HttpResponse {
    let refusal = Refusal::new(
        errors::METHOD_NOT_ALLOWED,
        "This path has other methods; see the Allow header",
    );
    let mut answer = answer::refused(&request, &refusal);
    if let Ok(methods) = HeaderValue::from_str(&methods) {
        answer.headers_mut().insert(ALLOW, methods);
    }
    answer
}

/// Every path that is none.
pub(super) async fn not_found(request: HttpRequest) -> HttpResponse {
    answer::refused(&request, &Refusal::not_found())
}
