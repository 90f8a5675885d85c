//! Which path is which handler. Every path answers methods it does not have with 405 and the ones it has.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse, Resource,
    error::InternalError,
    http::header::{ALLOW, HeaderValue},
    web,
};

use super::{admin, answer, auth, health, mails, operations, secrets, users};
use crate::error::Refusal;

/// Every route of the server.
pub(super) fn all(site: &mut web::ServiceConfig) {
    site.app_data(web::PathConfig::default().error_handler(|error, request| {
        // A part of the path that is no UTF-8 names nothing.
        InternalError::from_response(error, answer::refused(request, &Refusal::not_found())).into()
    }))
    .configure(auth_api)
    .service(only("/.well-known/jwks.json", "GET").route(web::get().to(auth::jwks)))
    .service(only("/healthz", "GET").route(web::get().to(health::alive)))
    .service(only("/readyz", "GET").route(web::get().to(health::ready)))
    .service(
        web::scope("/admin/api/v1")
            .configure(admin_api)
            .default_service(web::to(not_found)),
    );
}

/// One resource for each path of the auth API, with the methods it has.
fn auth_api(site: &mut web::ServiceConfig) {
    let mut paths: BTreeMap<&str, Vec<auth::Served>> = BTreeMap::new();
    for served in auth::flows() {
        paths.entry(served.endpoint.path).or_default().push(served);
    }
    for (path, served) in paths {
        let methods: Vec<&str> = served.iter().map(|served| served.endpoint.method.as_str()).collect();
        let resource = only(path, methods.join(", "));
        let routes = served.iter().map(|served| (served.route)());
        site.service(routes.fold(resource, Resource::route));
    }
}

fn admin_api(site: &mut web::ServiceConfig) {
    const ENVIRONMENTS: &str = "/projects/{project}/environments";
    const HOOK: &str = "/projects/{project}/hooks/{hook}/versions";
    const DEPLOYMENTS: &str = "/projects/{project}/environments/{environment}/deployments";
    const MIGRATIONS: &str = "/projects/{project}/environments/{environment}/migrations";
    const LIVE: &str = "/projects/{project}/environments/{environment}/hooks";
    site.service(
        only("/projects", "GET, POST")
            .route(web::get().to(admin::projects))
            .route(web::post().to(admin::create_project)),
    )
    .service(only(ENVIRONMENTS, "POST").route(web::post().to(admin::create_environment)))
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
    .service(only(LIVE, "GET").route(web::get().to(admin::live)))
    .configure(secrets_and_settings)
    .configure(all_mails)
    .configure(left_behind)
    .configure(all_users);
}

fn secrets_and_settings(site: &mut web::ServiceConfig) {
    const SECRETS: &str = "/projects/{project}/environments/{environment}/secrets";
    const SECRET: &str = "/projects/{project}/environments/{environment}/secrets/{name}";
    const HTTP: &str = "/projects/{project}/environments/{environment}/settings/http";
    const MAIL: &str = "/projects/{project}/environments/{environment}/settings/mail";
    const LIMITS: &str = "/projects/{project}/environments/{environment}/settings/limits";
    site.service(only(SECRETS, "GET").route(web::get().to(secrets::list)))
        .service(
            only(SECRET, "PUT, DELETE")
                .route(web::put().to(secrets::put))
                .route(web::delete().to(secrets::delete)),
        )
        .service(
            only(HTTP, "GET, PUT")
                .route(web::get().to(secrets::http))
                .route(web::put().to(secrets::put_http)),
        )
        .service(
            only(MAIL, "GET, PUT")
                .route(web::get().to(secrets::mail))
                .route(web::put().to(secrets::put_mail)),
        )
        .service(
            only(LIMITS, "GET, PUT")
                .route(web::get().to(secrets::limits))
                .route(web::put().to(secrets::put_limits)),
        );
}

fn all_mails(site: &mut web::ServiceConfig) {
    const MAILS: &str = "/projects/{project}/environments/{environment}/mails";
    const MAIL: &str = "/projects/{project}/environments/{environment}/mails/{id}";
    const TEMPLATES: &str = "/projects/{project}/environments/{environment}/mail-templates";
    const TEMPLATE: &str = "/projects/{project}/environments/{environment}/mail-templates/{name}";
    site.service(only(MAILS, "GET").route(web::get().to(mails::list)))
        .service(only(MAIL, "GET").route(web::get().to(mails::one)))
        .service(only(TEMPLATES, "GET").route(web::get().to(mails::templates)))
        .service(
            only(TEMPLATE, "GET, PUT, DELETE")
                .route(web::get().to(mails::template))
                .route(web::put().to(mails::put_template))
                .route(web::delete().to(mails::delete_template)),
        );
}

fn all_users(site: &mut web::ServiceConfig) {
    const USERS: &str = "/projects/{project}/environments/{environment}/users";
    const USER: &str = "/projects/{project}/environments/{environment}/users/{user}";
    let of_user = |path: &str| format!("{USER}{path}");
    site.service(
        only(USERS, "GET, POST")
            .route(web::get().to(users::list))
            .route(web::post().to(users::create)),
    )
    .service(
        only(USER, "GET, PATCH, DELETE")
            .route(web::get().to(users::one))
            .route(web::patch().to(users::patch))
            .route(web::delete().to(users::delete)),
    )
    .service(only(&of_user("/ban"), "POST").route(web::post().to(users::ban)))
    .service(only(&of_user("/unban"), "POST").route(web::post().to(users::unban)))
    .service(only(&of_user("/logout"), "POST").route(web::post().to(users::logout)))
    .service(only(&of_user("/export"), "GET").route(web::get().to(users::export)));
}

/// What hooks leave behind.
fn left_behind(site: &mut web::ServiceConfig) {
    let of_environment = |path: &str| format!("/projects/{{project}}/environments/{{environment}}{path}");
    let list = |path: &str| only(&of_environment(path), "GET");
    site.service(list("/jobs").route(web::get().to(operations::jobs)))
        .service(list("/jobs/{job}").route(web::get().to(operations::job)))
        .service(only(&of_environment("/jobs/{job}/requeue"), "POST").route(web::post().to(operations::requeue)))
        .service(list("/queues").route(web::get().to(operations::queues)))
        .service(list("/invocations").route(web::get().to(operations::invocations)))
        .service(list("/invocations/{invocation}").route(web::get().to(operations::invocation)));
}

/// A path with the methods it has, for `Allow`.
fn only(path: &str, methods: impl Into<String>) -> Resource {
    let methods = methods.into();
    let refuse = move |request: HttpRequest| {
        let methods = methods.clone();
        async move {
            let refusal = Refusal::new(
                405,
                "method_not_allowed",
                "This path has other methods; see the Allow header",
            );
            let mut answer = answer::refused(&request, &refusal);
            if let Ok(methods) = HeaderValue::from_str(&methods) {
                answer.headers_mut().insert(ALLOW, methods);
            }
            answer
        }
    };
    web::resource(path.to_owned()).default_service(web::to(refuse))
}

/// Every path that is none.
pub(super) async fn not_found(request: HttpRequest) -> HttpResponse {
    answer::refused(&request, &Refusal::not_found())
}
