//! Which path is which handler. Every path answers methods it does not have with 405 and the ones it has.

use actix_web::{
    HttpRequest, HttpResponse, Resource,
    error::InternalError,
    http::header::{ALLOW, HeaderValue},
    web,
};

use super::{admin, answer, auth, health};
use crate::error::Refusal;

/// Every route of the server.
pub(super) fn all(site: &mut web::ServiceConfig) {
    site.app_data(web::PathConfig::default().error_handler(|error, request| {
        // A part of the path that is no UTF-8 names nothing.
        InternalError::from_response(error, answer::refused(request, &Refusal::not_found())).into()
    }))
    .service(only("/auth/register", "POST").route(web::post().to(auth::register)))
    .service(only("/auth/login", "POST").route(web::post().to(auth::login)))
    .service(only("/auth/me", "GET").route(web::get().to(auth::me)))
    .service(only("/.well-known/jwks.json", "GET").route(web::get().to(auth::jwks)))
    .service(only("/healthz", "GET").route(web::get().to(health::alive)))
    .service(only("/readyz", "GET").route(web::get().to(health::ready)))
    .service(
        web::scope("/admin/api/v1")
            .configure(admin_api)
            .default_service(web::to(not_found)),
    );
}

fn admin_api(site: &mut web::ServiceConfig) {
    const HOOK: &str = "/projects/{project}/hooks/{hook}/versions";
    const DEPLOYMENTS: &str = "/projects/{project}/environments/{environment}/deployments";
    const MIGRATIONS: &str = "/projects/{project}/environments/{environment}/migrations";
    const LIVE: &str = "/projects/{project}/environments/{environment}/hooks";
    site.service(
        only("/projects", "GET, POST")
            .route(web::get().to(admin::projects))
            .route(web::post().to(admin::create_project)),
    )
    .service(
        only(HOOK, "GET, POST")
            .route(web::get().to(admin::versions))
            .route(web::post().to(admin::upload)),
    )
    .service(
        only(DEPLOYMENTS, "GET, POST")
            .route(web::get().to(admin::deployments))
            .route(web::post().to(admin::deploy)),
    )
    .service(only(MIGRATIONS, "GET").route(web::get().to(admin::migrations)))
    .service(only(LIVE, "GET").route(web::get().to(admin::live)));
}

/// A path with the methods it has, for `Allow`.
fn only(path: &str, methods: &'static str) -> Resource {
    let refuse = move |request: HttpRequest| async move {
        let refusal = Refusal::new(
            405,
            "method_not_allowed",
            "This path has other methods; see the Allow header",
        );
        let mut answer = answer::refused(&request, &refusal);
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
        answer
    };
    web::resource(path.to_owned()).default_service(web::to(refuse))
}

/// Every path that is none.
pub(super) async fn not_found(request: HttpRequest) -> HttpResponse {
    answer::refused(&request, &Refusal::not_found())
}
