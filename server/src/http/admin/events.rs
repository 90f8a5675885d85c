//! The admin API of events: lists, one, and a stream (Server-Sent Events, WHATWG HTML, 9.2) that goes on where a client left
//! off (`Last-Event-ID`).

use std::{
    collections::{HashMap, VecDeque},
    sync::{LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Data, Path, Query},
};
use futures_util::stream;
use tokio::sync::watch;

use crate::{
    base::{
        error::{Refusal, Result},
        event,
        ids::Scope,
    },
    domain::events::{self, Follower},
    flows::admin::events as flow,
    http::wire::{
        answer::{self, Flows},
        client,
        frame::{Asked, Environment, Member},
        query::QueryString,
    },
    storage::store::{EventFilter, EventRow},
};

type Pairs = Query<Vec<(String, String)>>;

/// A line that keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A client comes back after that and goes on where it was: no stream outlives a token that was taken back by more.
const LONGEST: Duration = Duration::from_secs(900);
/// Streams of one project at the same time.
const MAX_STREAMS: usize = 20;

pub(crate) async fn list(asked: Asked<Environment>, query: Pairs) -> HttpResponse {
    let show = asked.show(async |app, scope, _| {
        let mut query = QueryString::new(&query);
        let most = query.limit();
        let filter = EventFilter {
            kind: query.text("type"),
            subject: query.text("subject"),
            before: query.text("before"),
        };
        query.finish()?;
        flow::list(app, &scope, filter, most).await
    });
    show.await
}

pub(crate) async fn one(asked: Asked<Member>) -> HttpResponse {
    let show = asked.show(async |app, scope, (_, _, id)| flow::one(app, &scope, id).await);
    show.await
}

pub(crate) async fn follow(
    request: HttpRequest,
    path: Path<(String, String)>,
    query: Pairs,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || -> Result<Stream> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let mut query = QueryString::new(&query);
        let (after, kind) = (query.text("after"), query.text("type"));
        query.finish()?;
        let last = client::text_header(&request, "last-event-id")
            .map(str::to_owned)
            .or(after);
        Stream::open(&flows, scope, last, kind).await
    };
    match run().await {
        Ok(opened) => HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header(("cache-control", "no-store"))
            // nginx would hold events back until its buffer is full.
            .insert_header(("x-accel-buffering", "no"))
            .streaming(stream::unfold(opened, Stream::next)),
        Err(error) => answer::of::<()>(&request, StatusCode::OK, Err(error)),
    }
}

/// What is in each event, for programs.
pub(crate) async fn schema() -> HttpResponse {
    HttpResponse::Ok().json(event::schema())
}

/// A stream of one client.
struct Stream {
    follower: Follower,
    kind: Option<String>,
    ready: VecDeque<Bytes>,
    opened: Instant,
    heard: Instant,
    closing: watch::Receiver<bool>,
    _place: Place,
}

impl Stream {
    async fn open(flows: &Flows, scope: Scope, last: Option<String>, kind: Option<String>) -> Result<Self> {
        let place = Place::of(scope.project.as_str())?;
        let follower = flows.run(async move |app| app.feeds.follow(scope, last).await).await?;
        let now = Instant::now();
        Ok(Self {
            follower,
            closing: flows.closing(),
            kind,
            // The client knows at once that it is heard.
            ready: VecDeque::from([Bytes::from_static(b"retry: 1000\n\n")]),
            opened: now,
            heard: now,
            _place: place,
        })
    }

    /// The next piece; `None` ends the stream, and the client comes back.
    async fn next(mut self) -> Option<(std::result::Result<Bytes, std::convert::Infallible>, Self)> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                self.heard = Instant::now();
                return Some((Ok(piece), self));
            }
            let rows = tokio::select! {
                // An error means that the server is gone.
                _ = self.closing.wait_for(|closing| *closing) => return None,
                () = tokio::time::sleep_until((self.opened + LONGEST).into()) => return None,
                () = tokio::time::sleep_until((self.heard + HEARTBEAT).into()) => {
                    self.ready.push_back(Bytes::from_static(b": still here\n\n"));
                    continue;
                }
                rows = self.follower.next() => rows,
            };
            match rows {
                Ok(rows) => self.take(&rows),
                Err(error) => {
                    tracing::warn!(?error, "a stream of events ends early");
                    return None;
                }
            }
        }
    }

    fn take(&mut self, rows: &[EventRow]) {
        for row in rows {
            if self.kind.as_ref().is_some_and(|kind| *kind != row.kind) {
                continue;
            }
            match events::document(row) {
                // JSON has no line break that is not escaped.
                Ok(event) => self
                    .ready
                    .push_back(format!("id: {}\nevent: {}\ndata: {event}\n\n", row.id, row.kind).into()),
                Err(error) => tracing::error!(event = row.id, ?error, "an event cannot be shown"),
            }
        }
    }
}

/// One of the streams that a project may have in this process.
struct Place(String);

static PLACES: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);

impl Place {
    fn of(project: &str) -> Result<Self> {
        let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = places.entry(project.to_owned()).or_default();
        if *taken >= MAX_STREAMS {
            let message = format!("A project can have at most {MAX_STREAMS} event streams open at the same time");
            return Err(Refusal::new(429, "too_many_streams", message).into());
        }
        *taken += 1;
        Ok(Self(project.to_owned()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = places.get_mut(&self.0) {
            *taken -= 1;
            if *taken == 0 {
                places.remove(&self.0);
            }
        }
    }
}
