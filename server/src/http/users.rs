//! The admin API of users: bearer → environment → body or query → flow → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path, Payload, Query},
};
use serde_json::{Map, Value};

use super::{
    answer::{self, Flows},
    body, client,
    query::QueryString,
};
use crate::{
    error::Result,
    flows::{
        user_access::{self, Ban},
        users::{self, Admins, New, Patch},
    },
    input::sought,
    store::UserFilter,
};

type Environment = Path<(String, String)>;
type Member = Path<(String, String, String)>;

async fn admins(request: &HttpRequest, flows: &Flows, project: &str, environment: &str) -> Result<Admins> {
    let (scope, by) = client::admin_by(request, &flows.app, project, environment).await?;
    Ok(Admins {
        scope,
        by,
        request: client::meta(request, &flows.app),
    })
}

async fn object(request: &HttpRequest, payload: Payload, flows: &Flows) -> Result<Map<String, Value>> {
    body::json(request, payload, flows.app.config.http.json_body_bytes).await
}

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
        users::list(&flows.app, scope, filter, most).await
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
        let admins = admins(&request, &flows, &path.0, &path.1).await?;
        let settings = flows.app.settings.auth(&admins.scope).await?;
        let new = New::read(object(&request, payload, &flows).await?, &settings)?;
        flows
            .run(async move |app| Box::pin(users::create(&app, &admins, new)).await)
            .await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

pub(super) async fn get(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        users::get(&flows.app, &scope, &path.2).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn patch(request: HttpRequest, path: Member, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let admins = admins(&request, &flows, &path.0, &path.1).await?;
        let patch = Patch::read(object(&request, payload, &flows).await?)?;
        let id = path.2.clone();
        flows
            .run(async move |app| Box::pin(users::patch(&app, &admins, &id, patch)).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn delete(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let admins = admins(&request, &flows, &path.0, &path.1).await?;
        let id = path.2.clone();
        flows
            .run(async move |app| Box::pin(users::delete(&app, &admins, &id)).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn ban(request: HttpRequest, path: Member, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let admins = admins(&request, &flows, &path.0, &path.1).await?;
        let ban = Ban::read(object(&request, payload, &flows).await?, flows.app.clock.now_ms())?;
        let id = path.2.clone();
        flows
            .run(async move |app| user_access::ban(&app, &admins, &id, ban).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn unban(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let admins = admins(&request, &flows, &path.0, &path.1).await?;
        let id = path.2.clone();
        flows
            .run(async move |app| user_access::unban(&app, &admins, &id).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn log_out(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let admins = admins(&request, &flows, &path.0, &path.1).await?;
        let id = path.2.clone();
        flows
            .run(async move |app| user_access::log_out(&app, &admins, &id).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn export(request: HttpRequest, path: Member, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let admins = admins(&request, &flows, &path.0, &path.1).await?;
        let id = path.2.clone();
        flows
            .run(async move |app| user_access::export(&app, &admins, &id).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}
