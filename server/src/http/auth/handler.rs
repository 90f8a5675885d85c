//! The auth API: key → body → flow → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, HeaderValue},
    },
    web::{Data, Payload, Query},
};
use aerocall_api_types::JwkSet;
use aerocall_contract::errors;
use serde::Serialize;
use serde_json::Value;

use crate::{
    base::{
        error::{Refusal, Result},
        ids::{Scope, Slug},
    },
    flows::steps::endpoint::{Caller, Client, Flow, Rate},
    http::wire::{
        answer::{self, Flows},
        client, limits, run, sent,
    },
    security::access,
};

/// Key → settings → token → fields → flow → answer.
pub(crate) async fn answer<F>(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse
where
    F: Flow,
    F::Who: Client,
    F::Output: Serialize,
{
    let run = async || -> Result<F::Output> {
        let scope = client::scope(&request, &flows.app).await?;
        let caller = caller::<F::Who>(&request, &flows, scope, F::ENDPOINT.rate).await?;
        let fields = sent::fields::<F>(&request, payload, &flows.app).await?;
        run::flow::<F>(&flows, caller, fields).await
    };
    let mut answer = run::answer::<F>(&request, run().await);
    limits::set_headers(&request, &mut answer);
    answer
}

/// Who asks, once it is sure that they may ask now: nothing of the body has been read yet.
pub(crate) async fn caller<W: Client>(
    request: &HttpRequest,
    flows: &Flows,
    scope: Scope,
    rate: Rate,
) -> Result<Caller<W>> {
    let app = &flows.app;
    let settings = app.settings.auth(&scope).await?;
    let meta = client::meta(request, app);
    limits::check(request, app, &scope, &settings.limits, rate, &meta.ip).await?;
    let who = W::of(app, &scope, client::bearer(request)).await?;
    Ok(Caller {
        request: meta,
        path: run::path(request),
        scope,
        settings,
        who,
    })
}

/// Public keys, for whoever checks tokens: by key in the header, `?key=pk_…`, or `?project=…&environment=…`.
pub(crate) async fn jwks(
    request: HttpRequest,
    query: Query<Vec<(String, String)>>,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || -> Result<JwkSet> {
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
        return scope_of_query(flows, Some(key.into())).await;
    }
    let (Some(project), Some(environment)) = (named("project"), named("environment")) else {
        return client::scope(request, &flows.app).await;
    };
    let slug = |text| Slug::parse(text).map_err(|_| Refusal::not_found());
    let scope = Scope {
        project: slug(project)?,
        environment: slug(environment)?,
    };
    access::known(&flows.app.store, scope).await
}

/// The scope of `?key=`. A secret key does not belong into an address: addresses are logged.
pub(crate) async fn scope_of_query(flows: &Flows, key: Option<Value>) -> Result<Scope> {
    match key.as_ref().and_then(Value::as_str) {
        Some(key) if key.starts_with("pk_") && key.len() <= client::MAX_KEY_BYTES => {
            flows.app.access.scope_of_key(key).await
        }
        _ => Err(Refusal::new(errors::INVALID_API_KEY, "?key= takes a publishable key: pk_…").into()),
    }
}
