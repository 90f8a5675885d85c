//! `GET /metrics`: who may see the figures, and the figures.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Refusal, Result},
    },
    http::{
        connection::Admissions,
        wire::{
            answer::{self, Flows},
            client,
        },
    },
    observability::metrics::{self, ConnectionFigures, Reading},
};

pub(crate) use metrics::TYPE;

pub(crate) async fn serve(request: HttpRequest, flows: Data<Flows>, admissions: Data<Admissions>) -> HttpResponse {
    let run = async || -> Result<String> {
        if !may_see(&request, &flows.app) {
            return Err(Refusal::not_found().into());
        }
        let connections = admissions.figures();
        let read = flows.run(async move |app| Ok(reading(&app, connections).await)).await?;
        metrics::text(&flows.app.metrics, &read)
    };
    match run().await {
        Ok(text) => HttpResponse::Ok().content_type(TYPE).body(text),
        Err(error) => answer::of::<()>(&request, actix_web::http::StatusCode::OK, Err(error)),
    }
}

async fn reading(app: &App, connections: ConnectionFigures) -> Reading {
    let hashes = app.passwords.load();
    let (connections_in_use, connections_open) = app.store.connections();
    Reading {
        now_ms: app.clock.now_ms(),
        connections,
        compiling: app.hooks.registry.compiling(),
        hashes_running: hashes.running,
        hashes_waiting: hashes.waiting,
        hashes_places: hashes.places,
        connections_in_use,
        connections_open,
        records_dropped: app.records.dropped(),
        broker: app.broker.is_used().then(|| app.broker.figures()),
        services: app.readiness.report().await.services(),
        refusals: app.store.refusals(),
        stored: app.store.read(|tx| tx.figures()).await.ok(),
    }
}

/// With a token, whoever shows it; without one, whoever asks from the right network. Behind a proxy that is not trusted
/// everybody seems to ask from there, so what has passed one has no network.
fn may_see(request: &HttpRequest, app: &App) -> bool {
    let settings = &app.config.metrics;
    if let Some(token) = &settings.token {
        let shown = client::bearer(request).unwrap_or_default();
        // Of fingerprints, so that the time it takes reveals nothing about the token.
        return secret::fingerprint(shown) == secret::fingerprint(token.reveal());
    }
    let address = match client::peer(request, &app.config.http.trusted_proxies) {
        client::Peer::Direct(address) | client::Peer::Vouched(address) => address,
        client::Peer::Unknown => return false,
    };
    settings.networks.iter().any(|network| network.contains(address))
}
