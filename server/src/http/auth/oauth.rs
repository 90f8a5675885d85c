//! Navigations of a browser to an identity provider and back. A browser sends no API key, so the project comes from the query
//! or the state, and a cookie binds the way back to the browser that began.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{COOKIE, LOCATION, SET_COOKIE},
    },
    web::{Data, Payload},
};
use serde_json::{Map, Value};

use crate::{
    base::{
        error::{Refusal, Result},
        ids::Scope,
        input::Fields,
    },
    flows::{
        auth::oauth::{self, Authorize, Callback, Leads},
        steps::endpoint::{Anybody, Flow},
    },
    http::{
        auth::handler as auth,
        wire::{
            answer::{self, Flows},
            body::{self, Most},
            client, limits, run,
        },
    },
    security::access,
};

/// Codes, and an ID token that nobody reads.
const MAX_FORM_BYTES: usize = 32 << 10;

/// `GET /auth/oauth/{provider}/authorize?key=pk_…`
pub(crate) async fn authorize(request: HttpRequest, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Leads> {
        let mut query = client::query(&request);
        let scope = auth::scope_of_query(&flows, query.remove("key")).await?;
        led::<Authorize>(&request, &flows, scope, query).await
    };
    redirected(&request, &flows, run().await)
}

/// `GET /auth/oauth/callback`. What else providers add to their answers is left out.
pub(crate) async fn callback(request: HttpRequest, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Leads> {
        let sent = client::query(&request);
        let mut query: Map<String, Value> = sent
            .into_iter()
            .filter(|(name, _)| oauth::KNOWN.contains(&name.as_str()))
            .collect();
        let state = query.get("state").and_then(Value::as_str).unwrap_or_default();
        let scope = oauth::scope_of_state(state).ok_or_else(Refusal::invalid_code)?;
        let scope = access::known(&flows.app.store, scope)
            .await
            .map_err(|_| Refusal::invalid_code())?;
        if let Some(browser) = kept(&request, &oauth::cookie_name(state)) {
            query.insert("browser".to_owned(), browser.into());
        }
        led::<Callback>(&request, &flows, scope, query).await
    };
    redirected(&request, &flows, run().await)
}

/// `POST /auth/oauth/callback`: the same as a form, from providers that send it so. A browser sends no cookie of ours with a
/// form of another site (SameSite=Lax), so this one sends it on to the address above, where it does; nothing is taken or
/// trusted here.
pub(crate) async fn callback_form(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<String> {
        let most = Most {
            bytes: MAX_FORM_BYTES,
            time: flows.app.config.http.body,
        };
        let mut sent = body::form(&request, payload, most).await?;
        sent.retain(|name, _| oauth::KNOWN.contains(&name.as_str()));
        let state = sent.get("state").and_then(Value::as_str).unwrap_or_default();
        oauth::scope_of_state(state).ok_or_else(Refusal::invalid_code)?;
        let texts = sent.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
        Ok(oauth::callback_with(&flows.app, texts))
    };
    match run().await {
        Err(error) => answer::of::<()>(&request, StatusCode::SEE_OTHER, Err(error)),
        Ok(location) => HttpResponse::SeeOther().insert_header((LOCATION, location)).finish(),
    }
}

async fn led<F>(request: &HttpRequest, flows: &Flows, scope: Scope, query: Map<String, Value>) -> Result<Leads>
where
    F: Flow<Who = Anybody, Output = Leads>,
{
    let caller = auth::caller::<F::Who>(request, flows, scope, F::ENDPOINT.rate).await?;
    run::flow::<F>(flows, caller, Fields::new(query)).await
}

fn redirected(request: &HttpRequest, flows: &Flows, result: Result<Leads>) -> HttpResponse {
    let mut answer = match result {
        Err(error) => answer::of::<()>(request, StatusCode::FOUND, Err(error)),
        Ok(leads) => HttpResponse::Found()
            .insert_header((LOCATION, leads.location))
            .insert_header((SET_COOKIE, leads.cookie.line(&flows.app.config.public_url)))
            .finish(),
    };
    limits::set_headers(request, &mut answer);
    answer
}

/// The value of a cookie that the browser sends.
fn kept(request: &HttpRequest, name: &str) -> Option<String> {
    let lines = request.headers().get_all(COOKIE).filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}
