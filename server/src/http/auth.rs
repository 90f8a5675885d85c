//! The auth API: key → body → flow → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, HeaderValue},
    },
    web::{Data, Payload, Query},
};
use serde_json::Value;

use super::{
    answer::{self, Flows},
    body, client,
};
use crate::{
    access,
    error::{Refusal, Result},
    flows::{Granted, login, me, register},
    ids::{Scope, Slug},
};

pub(super) async fn register(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Granted> {
        let scope = client::scope(&request, &flows.app).await?;
        let body = body::json(&request, payload, flows.app.config.http.json_body_bytes).await?;
        let input = register::Input::read(body)?;
        let meta = client::meta(&request, &flows.app);
        flows
            .run(async move |app| register::run(&app, &scope, &meta, input).await)
            .await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

pub(super) async fn login(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Granted> {
        let scope = client::scope(&request, &flows.app).await?;
        let body = body::json(&request, payload, flows.app.config.http.json_body_bytes).await?;
        let input = login::Input::read(body)?;
        let meta = client::meta(&request, &flows.app);
        flows
            .run(async move |app| login::run(&app, &scope, &meta, input).await)
            .await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

pub(super) async fn me(request: HttpRequest, flows: Data<Flows>) -> HttpResponse {
    let run = async || {
        let scope = client::scope(&request, &flows.app).await?;
        let token = client::bearer(&request).ok_or_else(Refusal::invalid_token)?.to_owned();
        flows.run(async move |app| me::run(&app, &scope, &token).await).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

/// Public keys, for whoever checks tokens: by key in the header, `?key=pk_…`, or `?project=…&environment=…`.
pub(super) async fn jwks(
    request: HttpRequest,
    query: Query<Vec<(String, String)>>,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = jwks_scope(&request, &query, &flows).await?;
        flows
            .run(async move |app| app.keyring.jwks(&scope, app.clock.now_ms()).await)
            .await
    };
    let mut answer = answer::of(&request, StatusCode::OK, run().await);
    if answer.status().is_success() {
        answer
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    }
    answer
}

async fn jwks_scope(request: &HttpRequest, query: &[(String, String)], flows: &Flows) -> Result<Scope> {
    let named = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    if let Some(key) = named("key") {
        // A secret key does not belong into an address: addresses are logged.
        return match key.starts_with("pk_") {
            true => access::scope_of_key(&flows.app, key).await,
            false => Err(Refusal::new(401, "invalid_api_key", "?key= takes a publishable key: pk_…").into()),
        };
    }
    let (Some(project), Some(environment)) = (named("project"), named("environment")) else {
        return client::scope(request, &flows.app).await;
    };
    let slug = |text| Slug::parse(text).map_err(|_| Refusal::not_found());
    let scope = Scope {
        project: slug(project)?,
        environment: slug(environment)?,
    };
    access::known(&flows.app, scope).await
}
