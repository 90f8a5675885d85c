//! `GET /metrics`: who may see the figures, and the figures.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::scrape;
use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Refusal, Result},
    },
    http::wire::{
        answer::{self, Flows},
        client,
    },
    observability::metrics,
};

pub(crate) use metrics::TYPE;

pub(crate) async fn serve(request: HttpRequest, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<String> {
        if !may_see(&request, &flows.app) {
            return Err(Refusal::not_found().into());
        }
        flows.run(async |app| scrape::text(&app).await).await
    };
    match run().await {
        Ok(text) => HttpResponse::Ok().content_type(TYPE).body(text),
        Err(error) => answer::of::<()>(&request, actix_web::http::StatusCode::OK, Err(error)),
    }
}

/// With a token, whoever shows it; without one, whoever asks from the right network. Behind a proxy that is not trusted
/// everybody seems to ask from there, so what has passed one has no network.
fn may_see(request: &HttpRequest, app: &App) -> bool {
    let settings = &app.config.metrics;
    if let Some(token) = &settings.token {
        let shown = client::bearer(request).unwrap_or_default();
        // Of fingerprints, so that the time tells nothing of the token.
        return secret::fingerprint(shown) == secret::fingerprint(token.reveal());
    }
    let address = match client::peer(request, &app.config.http.trusted_proxies) {
        client::Peer::Direct(address) | client::Peer::Vouched(address) => address,
        client::Peer::Unknown => return false,
    };
    settings.networks.iter().any(|network| network.contains(address))
}
