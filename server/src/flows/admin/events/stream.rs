//! `GET …/events/stream`

use aerocall_api_types::Permission;
use aerocall_contract::errors;

use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, query},
    },
    domain::{
        events::{self, Follower, StreamPermit},
        project::AuthSettings,
    },
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
        stream::{Piece, Source},
    },
};

/// Follows the events of an environment.
pub(crate) struct StreamEvents;

/// What the client sends.
pub(crate) struct Input {
    kind: Option<String>,
    /// The last event that it has.
    after: Option<String>,
}

/// The events as they happen, for one client, and its place among the streams of the project.
pub(crate) struct EventStream {
    follower: Follower,
    kind: Option<String>,
    _permit: StreamPermit,
}

impl Flow for StreamEvents {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = EventStream;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/events/stream"), "Stream events")
        .about(
            "Server-Sent Events as they happen, with `id`, `event` (the type) and `data` (the event). A stream ends after 15 minutes; a client that reconnects with `Last-Event-ID` continues where it stopped. A project has at most 20 streams at a time per server process.",
        )
        .fields(&[
            Field::optional("type", FieldKind::Text(200), "Only events of this type."),
            Field::optional("after", FieldKind::Text(200), "Id of the event to start after; for clients that cannot send `Last-Event-ID`."),
        ])
        .answers(200, "The stream.", "id: evt_…\nevent: auth.signup\ndata: {…}")
        .errors(&[errors::TOO_MANY_STREAMS]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            kind: fields.optional("type", query::event),
            after: fields.optional("after", query::text),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<EventStream> {
        let permit = app.streams.permit(&caller.scope.project)?;
        let follower = app.feeds.follow(caller.scope.clone(), input.after).await?;
        Ok(EventStream {
            follower,
            kind: input.kind,
            _permit: permit,
        })
    }
}

impl Source for EventStream {
    async fn next(&mut self) -> Result<Option<Vec<Piece>>> {
        let rows = self.follower.next().await?;
        let wanted = rows
            .iter()
            .filter(|row| self.kind.as_ref().is_none_or(|kind| *kind == row.kind));
        // One that cannot be read must not keep the others from those who follow them.
        let readable = wanted.filter_map(|row| match events::event(row) {
            Ok(event) => Some(event),
            Err(error) => {
                tracing::error!(event = row.id, ?error, "an event cannot be shown");
                None
            }
        });
        let pieces = readable.map(|event| Piece::new(&event.id, &event.kind, &event));
        pieces.collect::<Result<Vec<_>>>().map(Some)
    }
}
