//! A stream of what happens as Server-Sent Events (WHATWG HTML, 9.2) that goes on where a client left off (`Last-Event-ID`).

use std::{
    collections::{BTreeMap, VecDeque},
    marker::PhantomData,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Data, Payload},
};
use futures_util::stream;
use tokio::sync::watch;

use super::handler;
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    flows::steps::{
        endpoint::{self, AdminWho, Flow, Requirements},
        stream::{Piece, Source},
    },
    http::wire::{
        answer::{self, Flows},
        client::{self, Credential},
        sent,
    },
    security::access,
};

/// For so long a client that had a right has it.
const CONFIRMED_FOR: Duration = Duration::from_secs(1);
/// A client that has hung up is found out when something is written. Work that was asked for costs somebody, and ends soon after.
const MAX_QUIET: Duration = Duration::from_secs(2);
/// A client comes back after that and goes on where it was.
const MAX_AGE: Duration = Duration::from_secs(900);

/// The handler of what a client follows.
pub(crate) async fn follow<F>(request: HttpRequest, flows: Data<Flows>) -> HttpResponse
where
    F: Flow,
    F::Who: AdminWho,
    F::Output: Source,
{
    let source = handler::run_with::<F>(&request, &flows, async || Ok(fields(&request))).await;
    streamed::<F>(&request, &flows, source, flows.app.config.http.stream_heartbeat)
}

/// The handler of what a client has asked for with a body. It has an end, and is not gone on with.
pub(crate) async fn ask<F>(request: HttpRequest, payload: Payload, flows: Data<Flows>) -> HttpResponse
where
    F: Flow,
    F::Who: AdminWho,
    F::Output: Source,
{
    let source = handler::run_with::<F>(&request, &flows, async || {
        sent::fields::<F>(&request, payload, &flows.app).await
    });
    let source = source.await;
    let heartbeat = flows.app.config.http.stream_heartbeat.min(MAX_QUIET);
    streamed::<F>(&request, &flows, source, heartbeat)
}

fn streamed<F>(request: &HttpRequest, flows: &Flows, source: Result<F::Output>, heartbeat: Duration) -> HttpResponse
where
    F: Flow,
    F::Who: AdminWho,
    F::Output: Source,
{
    match source {
        Ok(source) => HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header(("cache-control", "no-store"))
            // nginx would hold events back until its buffer is full.
            .insert_header(("x-accel-buffering", "no"))
            .streaming(stream::unfold(
                Stream::<F>::new(source, Right::of(request, flows), flows.closing(), heartbeat),
                Stream::next,
            )),
        Err(error) => answer::of::<()>(request, StatusCode::OK, Err(error)),
    }
}

/// The query. `Last-Event-ID`, which browsers send by themselves, goes before `after`.
fn fields(request: &HttpRequest) -> Fields {
    let last = client::text_header(request, "last-event-id").filter(|id| !id.is_empty());
    let query = client::query_pairs(request).filter(|(name, _)| last.is_none() || name != "after");
    Fields::of_query(query.chain(last.map(|id| ("after".to_owned(), id.to_owned()))))
}

/// The right of a client to what it follows: keys and tokens are revoked, and environments deleted, while a stream is open.
struct Right<F> {
    app: Arc<App>,
    credential: Option<Credential>,
    path: BTreeMap<String, String>,
    confirmed: Instant,
    flow: PhantomData<fn() -> F>,
}

impl<F> Right<F>
where
    F: Flow,
    F::Who: AdminWho,
{
    fn of(request: &HttpRequest, flows: &Flows) -> Self {
        let parts = request.match_info().iter();
        Self {
            app: Arc::clone(&flows.app),
            credential: Credential::of(request).ok(),
            path: parts.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            confirmed: Instant::now(),
            flow: PhantomData,
        }
    }

    /// Whether it still has it, as of a second ago.
    async fn holds(&mut self) -> bool {
        if self.confirmed.elapsed() < CONFIRMED_FOR {
            return true;
        }
        let asked = async {
            let credential = self.credential.as_ref().ok_or_else(access::unauthorized)?;
            let admin = credential.admin(&self.app).await?;
            endpoint::identify::<F::Who>(&self.app, admin, &self.path, Requirements::of::<F>()).await
        };
        let holds = asked.await.is_ok();
        self.confirmed = Instant::now();
        holds
    }
}

/// A stream of one client.
struct Stream<F: Flow> {
    source: F::Output,
    right: Right<F>,
    ready: VecDeque<Bytes>,
    opened: Instant,
    /// When the client was last sent something.
    sent: Instant,
    /// After so long without a piece it is sent a comment.
    heartbeat: Duration,
    closing: watch::Receiver<bool>,
}

impl<F> Stream<F>
where
    F: Flow,
    F::Who: AdminWho,
    F::Output: Source,
{
    fn new(source: F::Output, right: Right<F>, closing: watch::Receiver<bool>, heartbeat: Duration) -> Self {
        let now = Instant::now();
        Self {
            heartbeat,
            source,
            right,
            // The client knows at once that it is connected.
            ready: VecDeque::from([Bytes::from_static(b"retry: 1000\n\n")]),
            opened: now,
            sent: now,
            closing,
        }
    }

    /// The next piece; `None` ends the stream, and the client comes back.
    async fn next(mut self) -> Option<(std::result::Result<Bytes, std::convert::Infallible>, Self)> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                self.sent = Instant::now();
                return Some((Ok(piece), self));
            }
            let pieces = tokio::select! {
                // An error means that the server is gone.
                _ = self.closing.wait_for(|closing| *closing) => return None,
                () = tokio::time::sleep_until((self.opened + MAX_AGE).into()) => return None,
                () = tokio::time::sleep_until((self.sent + self.heartbeat).into()) => {
                    if !self.right.holds().await {
                        return None;
                    }
                    self.ready.push_back(Bytes::from_static(b": still here\n\n"));
                    continue;
                }
                pieces = self.source.next() => pieces,
            };
            if !self.right.holds().await {
                return None;
            }
            match pieces {
                Ok(Some(pieces)) => self.ready.extend(pieces.iter().map(written)),
                Ok(None) => return None,
                Err(error) => {
                    tracing::warn!(?error, "a stream ends early");
                    return None;
                }
            }
        }
    }
}

fn written(piece: &Piece) -> Bytes {
    format!("id: {}\nevent: {}\ndata: {}\n\n", piece.id, piece.kind, piece.data).into()
}
