//! The admin API of mails and their templates: bearer → environment → body or query → flow → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path, Payload},
};
use serde_json::{Value, json};

use super::{
    answer::{self, Flows},
    body, client,
};
use crate::{
    error::Result,
    flows::{mail_templates as templates, mails},
};

/// Two bodies of a template and a subject, escapes included.
const MOST_BYTES: usize = 512 << 10;

pub(super) async fn list(request: HttpRequest, path: Path<(String, String)>, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let page = mails::Page::read(client::query(&request))?;
        mails::list(&flows.app, &scope, page).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn one(
    request: HttpRequest,
    path: Path<(String, String, String)>,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        mails::one(&flows.app, &scope, &path.2).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn templates(request: HttpRequest, path: Path<(String, String)>, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        Ok(json!({ "templates": templates::list(&flows.app, &scope).await? }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn template(
    request: HttpRequest,
    path: Path<(String, String, String)>,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        templates::one(&flows.app, &scope, templates::name(&path.2)?).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn put_template(
    request: HttpRequest,
    path: Path<(String, String, String)>,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let name = templates::name(&path.2)?;
        let parts = templates::read(body::json(&request, payload, MOST_BYTES).await?)?;
        flows
            .run(async move |app| templates::put(&app, &scope, by, name, parts).await)
            .await
    };
    answer::of_put(&request, run().await)
}

pub(super) async fn delete_template(
    request: HttpRequest,
    path: Path<(String, String, String)>,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || -> Result<Value> {
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let name = templates::name(&path.2)?;
        let deleted = name.as_str().to_owned();
        flows
            .run(async move |app| templates::delete(&app, &scope, by, name).await)
            .await?;
        Ok(json!({ "deleted": deleted }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}
