//! The admin API of secrets and of a project's settings: bearer → environment → body → flow → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path, Payload},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    answer::{self, Flows},
    body, client,
};
use crate::{
    app::App,
    error::Result,
    flows::{secrets, settings},
    ids::Scope,
    mail::MailSetting,
};

/// A value of 16 KiB, each byte of it as an escape of six.
const MOST_BYTES: usize = 128 << 10;

type Environment = Path<(String, String)>;

pub(super) async fn list(request: HttpRequest, path: Environment, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        Ok(json!({ "secrets": secrets::list(&flows.app, &scope).await? }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn put(
    request: HttpRequest,
    path: Path<(String, String, String)>,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let name = secrets::name(&path.2)?;
        let input = secrets::Input::read(body::json(&request, payload, MOST_BYTES).await?)?;
        flows
            .run(async move |app| secrets::put(&app, &scope, by, name, input).await)
            .await
    };
    answer::of_put(&request, run().await)
}

pub(super) async fn delete(
    request: HttpRequest,
    path: Path<(String, String, String)>,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || -> Result<Value> {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let name = secrets::name(&path.2)?;
        let deleted = name.to_string();
        flows
            .run(async move |app| secrets::delete(&app, &scope, by, name).await)
            .await?;
        Ok(json!({ "deleted": deleted }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

/// A setting as it is.
async fn shown<T: Serialize>(
    request: &HttpRequest,
    path: &Environment,
    flows: &Flows,
    read: impl AsyncFnOnce(&App, &Scope) -> Result<T>,
) -> HttpResponse {
    let shown = async {
        let scope = client::admin_scope(request, &flows.app, &path.0, &path.1).await?;
        read(&flows.app, &scope).await
    };
    answer::of(request, StatusCode::OK, shown.await)
}

pub(super) async fn http(request: HttpRequest, path: Environment, flows: Data<Flows>) -> HttpResponse {
    shown(&request, &path, &flows, settings::http).await
}

pub(super) async fn put_http(
    request: HttpRequest,
    path: Environment,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let hosts = settings::read_http(body::json(&request, payload, MOST_BYTES).await?)?;
        flows
            .run(async move |app| settings::put_http(&app, &scope, &by, hosts).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn mail(request: HttpRequest, path: Environment, flows: Data<Flows>) -> HttpResponse {
    shown(&request, &path, &flows, settings::mail).await
}

pub(super) async fn put_mail(
    request: HttpRequest,
    path: Environment,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let setting = MailSetting::read(body::json(&request, payload, MOST_BYTES).await?)?;
        flows
            .run(async move |app| settings::put_mail(&app, &scope, &by, setting).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn auth(request: HttpRequest, path: Environment, flows: Data<Flows>) -> HttpResponse {
    shown(&request, &path, &flows, settings::auth).await
}

pub(super) async fn put_auth(
    request: HttpRequest,
    path: Environment,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let body = body::json(&request, payload, MOST_BYTES).await?;
        flows
            .run(async move |app| settings::put_auth(&app, &scope, &by, body).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn limits(request: HttpRequest, path: Environment, flows: Data<Flows>) -> HttpResponse {
    shown(&request, &path, &flows, settings::limits).await
}

pub(super) async fn put_limits(
    request: HttpRequest,
    path: Environment,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let limits = settings::read_limits(body::json(&request, payload, MOST_BYTES).await?)?;
        flows
            .run(async move |app| settings::put_limits(&app, &scope, &by, limits).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn providers(request: HttpRequest, path: Environment, flows: Data<Flows>) -> HttpResponse {
    shown(&request, &path, &flows, settings::providers).await
}

pub(super) async fn put_providers(
    request: HttpRequest,
    path: Environment,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let body = body::json(&request, payload, MOST_BYTES).await?;
        flows
            .run(async move |app| settings::put_providers(&app, &scope, &by, body).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}
