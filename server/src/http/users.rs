//! The admin API of users: bearer → environment → body or query → flow → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path, Payload, Query},
};

use super::{
    answer::{self, Flows},
    body, client,
    query::QueryString,
};
use crate::{
    flows::{bans, export, users},
    input::sought,
    store::UserFilter,
};

type Environment = Path<(String, String)>;
type Member = Path<(String, String, String)>;

pub(super) async fn list(
    request: HttpRequest,
    path: Environment,
    query: Query<Vec<(String, String)>>,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let mut query = QueryString::new(&query);
        let most = query.limit();
        let filter = UserFilter {
            begins: query.text("q").map(|text| sought(&text)),
            before: query.text("before"),
        };
        query.finish()?;
        users::list(&flows.app, &scope, filter, most).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn one(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        users::one(&flows.app, &scope, &path.2).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn create(
    request: HttpRequest,
    path: Environment,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let acting = client::acting(&request, &flows.app, &path.0, &path.1).await?;
        let body = body::json(&request, payload, flows.app.config.http.json_body_bytes).await?;
        let settings = flows.app.settings.auth(&acting.scope).await?;
        let input = users::NewInput::read(body, &settings)?;
        flows
            .run(async move |app| Box::pin(users::create(&app, &acting, input)).await)
            .await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

pub(super) async fn patch(request: HttpRequest, path: Member, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let acting = client::acting(&request, &flows.app, &path.0, &path.1).await?;
        let body = body::json(&request, payload, flows.app.config.http.json_body_bytes).await?;
        let (patch, id) = (users::Patch::read(body)?, path.2.clone());
        flows
            .run(async move |app| Box::pin(users::patch(&app, &acting, &id, patch)).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn delete(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let acting = client::acting(&request, &flows.app, &path.0, &path.1).await?;
        let id = path.2.clone();
        flows
            .run(async move |app| Box::pin(users::delete(&app, &acting, &id)).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

/// Ends the user's sessions and keeps them out.
pub(super) async fn ban(request: HttpRequest, path: Member, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let acting = client::acting(&request, &flows.app, &path.0, &path.1).await?;
        let body = body::json(&request, payload, flows.app.config.http.json_body_bytes).await?;
        let (ban, id) = (bans::Ban::read(body, flows.app.clock.now_ms())?, path.2.clone());
        flows.run(async move |app| bans::ban(&app, acting, id, ban).await).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn unban(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let acting = client::acting(&request, &flows.app, &path.0, &path.1).await?;
        let id = path.2.clone();
        flows.run(async move |app| bans::unban(&app, acting, id).await).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn logout(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let acting = client::acting(&request, &flows.app, &path.0, &path.1).await?;
        let id = path.2.clone();
        flows.run(async move |app| bans::logout(&app, acting, id).await).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn export(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let acting = client::acting(&request, &flows.app, &path.0, &path.1).await?;
        let id = path.2.clone();
        flows.run(async move |app| export::run(&app, acting, id).await).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}
