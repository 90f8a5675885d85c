//! The auth API: key → body → flow → answer.

use actix_web::{
    HttpRequest, HttpResponse, Route,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, HeaderValue},
    },
    web::{self, Data, Payload, Query},
};
use serde_json::{Map, Value};

use super::{
    answer::{self, Flows},
    body, client,
};
use crate::{
    access,
    error::{Refusal, Result},
    flows::{
        delete_me::DeleteMe,
        endpoint::{Access, Caller, Endpoint, Flow, Method, Who},
        login::Login,
        logout::Logout,
        me::GetMe,
        refresh::Refresh,
        register::Register,
        sessions::{ListSessions, RevokeSession},
        update_me::UpdateMe,
    },
    ids::{Scope, Slug},
    input::Fields,
};

/// Every flow of the auth API. What is in this list is served, is in the OpenAPI document and in the reference.
pub(super) fn flows() -> Vec<Served> {
    vec![
        served::<Register>(),
        served::<Login>(),
        served::<Refresh>(),
        served::<Logout>(),
        served::<GetMe>(),
        served::<UpdateMe>(),
        served::<DeleteMe>(),
        served::<ListSessions>(),
        served::<RevokeSession>(),
    ]
}

/// An endpoint and what serves it.
pub(super) struct Served {
    pub(super) endpoint: &'static Endpoint,
    pub(super) access: Access,
    pub(super) route: fn() -> Route,
}

fn served<F: Flow>() -> Served {
    Served {
        endpoint: &F::ENDPOINT,
        access: F::Who::ACCESS,
        route: || method(F::ENDPOINT.method).to(answer::<F>),
    }
}

pub(super) fn method(method: Method) -> Route {
    match method {
        Method::Get => web::get(),
        Method::Post => web::post(),
        Method::Put => web::put(),
        Method::Patch => web::patch(),
        Method::Delete => web::delete(),
    }
}

/// Key → settings → token → fields → flow → answer.
async fn answer<F: Flow>(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let status = StatusCode::from_u16(F::ENDPOINT.answer.status).unwrap_or(StatusCode::OK);
    let run = async || -> Result<F::Output> {
        let caller = caller::<F::Who>(&request, &flows).await?;
        let body = match F::ENDPOINT.method {
            Method::Get => client::query(&request),
            Method::Delete if F::ENDPOINT.fields.is_empty() => Map::new(),
            _ => body::json(&request, payload, flows.app.config.http.json_body_bytes).await?,
        };
        let mut fields = Fields::new(body);
        let read = F::read(&mut fields, &caller.settings);
        let input = fields.finish(read)?;
        flows
            .run(async move |app| Box::pin(F::run(&app, &caller, input)).await)
            .await
    };
    answer::of(&request, status, run().await)
}

async fn caller<W: Who>(request: &HttpRequest, flows: &Flows) -> Result<Caller<W>> {
    let app = &flows.app;
    let scope = client::scope(request, app).await?;
    let settings = app.settings.auth(&scope).await?;
    let who = W::of(app, &scope, client::bearer(request)).await?;
    let parts = request.match_info().iter();
    Ok(Caller {
        request: client::meta(request, app),
        path: parts.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        scope,
        settings,
        who,
    })
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
