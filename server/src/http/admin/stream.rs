//! A stream of events as Server-Sent Events (WHATWG HTML, 9.2) that goes on where a client left off (`Last-Event-ID`).

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Data},
};
use aerocall_api_types::Event;
use futures_util::stream;
use tokio::sync::watch;

use super::handler;
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    flows::{
        admin::events::{EventStream, StreamEvents},
        steps::endpoint,
    },
    http::wire::{
        answer::{self, Flows},
        client::{self, Credential},
    },
    security::access,
};

/// For so long a client that had a right has it.
const CONFIRMED_FOR: Duration = Duration::from_secs(1);
/// A client comes back after that and goes on where it was.
const MAX_AGE: Duration = Duration::from_secs(900);

/// The handler.
pub(crate) async fn follow(request: HttpRequest, flows: Data<Flows>) -> HttpResponse {
    match handler::run_with::<StreamEvents>(&request, &flows, async || Ok(fields(&request))).await {
        Ok(events) => HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header(("cache-control", "no-store"))
            // nginx would hold events back until its buffer is full.
            .insert_header(("x-accel-buffering", "no"))
            .streaming(stream::unfold(
                Stream::new(events, Right::of(&request, &flows), flows.closing()),
                Stream::next,
            )),
        Err(error) => answer::of::<()>(&request, StatusCode::OK, Err(error)),
    }
}

/// The query. `Last-Event-ID`, which browsers send by themselves, goes before `after`.
fn fields(request: &HttpRequest) -> Fields {
    let last = client::text_header(request, "last-event-id").filter(|id| !id.is_empty());
    let query = client::query_pairs(request).filter(|(name, _)| last.is_none() || name != "after");
    Fields::of_query(query.chain(last.map(|id| ("after".to_owned(), id.to_owned()))))
}

/// The right of a client to what it follows: keys and tokens are revoked, and environments deleted, while a stream is open.
struct Right {
    app: Arc<App>,
    credential: Option<Credential>,
    path: BTreeMap<String, String>,
    confirmed: Instant,
}

impl Right {
    fn of(request: &HttpRequest, flows: &Flows) -> Self {
        let parts = request.match_info().iter();
        Self {
            app: Arc::clone(&flows.app),
            credential: Credential::of(request).ok(),
            path: parts.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            confirmed: Instant::now(),
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
            endpoint::identify::<StreamEvents>(&self.app, admin, &self.path).await
        };
        let holds = asked.await.is_ok();
        self.confirmed = Instant::now();
        holds
    }
}

/// A stream of one client.
struct Stream {
    events: EventStream,
    right: Right,
    ready: VecDeque<Bytes>,
    opened: Instant,
    /// When the client was last sent something.
    sent: Instant,
    /// After so long without an event it is sent a comment.
    heartbeat: Duration,
    closing: watch::Receiver<bool>,
}

impl Stream {
    fn new(events: EventStream, right: Right, closing: watch::Receiver<bool>) -> Self {
        let now = Instant::now();
        Self {
            heartbeat: right.app.config.http.stream_heartbeat,
            events,
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
            let events = tokio::select! {
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
                events = self.events.next() => events,
            };
            if !self.right.holds().await {
                return None;
            }
            match events.and_then(|events| events.iter().map(piece).collect::<Result<Vec<_>>>()) {
                Ok(pieces) => self.ready.extend(pieces),
                Err(error) => {
                    tracing::warn!(?error, "a stream of events ends early");
                    return None;
                }
            }
        }
    }
}

fn piece(event: &Event) -> Result<Bytes> {
    // JSON has no line break that is not escaped.
    let data = serde_json::to_string(event)
        .map_err(|error| crate::base::error::Error::unexpected("writing an event", error))?;
    Ok(format!("id: {}\nevent: {}\ndata: {data}\n\n", event.id, event.kind).into())
}
