//! `GET …/invocations/stream`

use std::{collections::VecDeque, time::Duration};

use aerocall_api_types::Permission;
use aerocall_contract::errors;
use tokio::sync::watch;

use super::filter::{self, Sought};
use crate::{
    app::App,
    base::{
        error::Result,
        ids::Scope,
        input::{Fields, query},
    },
    domain::{events::StreamPermit, project::AuthSettings},
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
        page::readable,
        stream::{Piece, Source},
    },
    hooks::records,
    storage::store::{InvocationFilter, InvocationRow, Page, Store},
};

/// Follows the invocations of an environment.
pub(crate) struct StreamInvocations;

/// What the client sends.
pub(crate) struct Input {
    sought: Sought,
    /// The last invocation that it has.
    after: Option<String>,
}

/// The invocations as they are recorded, for one client, and its place among the streams of the project.
pub(crate) struct InvocationStream {
    store: Store,
    scope: Scope,
    filter: InvocationFilter,
    /// What was recorded before is not shown.
    floor_ms: i64,
    /// When the newest that was seen was recorded.
    seen_ms: i64,
    /// When and which were sent, as far as they may be found again.
    sent: VecDeque<(i64, String)>,
    /// Changes when this process has recorded something.
    kept: watch::Receiver<u64>,
    _permit: StreamPermit,
}

/// How often the store is asked when this process has recorded nothing: others record, too.
const INTERVAL: Duration = Duration::from_secs(2);
/// A record may be committed so much later than one that says it is newer: nodes differ, and so do their transactions.
const OVERLAP_MS: i64 = 10_000;
/// Invocations of one look; of more, the newest.
const MOST: i64 = 200;

impl Flow for StreamInvocations {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = InvocationStream;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/invocations/stream"), "Stream invocations")
        .about(
            "Server-Sent Events as invocations are recorded, with `id`, `event` (`invocation`) and `data` (the invocation as in the list). Of more than 200 at once, the newest are sent. A stream ends after 15 minutes; a client that reconnects with `Last-Event-ID` continues where it stopped, and may get an invocation twice. A project has at most 20 streams at a time per server process, those of events included.",
        )
        .fields(&[
            filter::HOOK,
            filter::POINT,
            filter::VERSION,
            filter::OUTCOME,
            filter::MODE,
            filter::REQUEST,
            filter::USER,
            filter::FROM,
            filter::TO,
            filter::MIN_DURATION,
            Field::optional("after", FieldKind::Text(200), "Id of the invocation to start after; for clients that cannot send `Last-Event-ID`."),
        ])
        .answers(200, "The stream.", "id: inv_…\nevent: invocation\ndata: {…}")
        .errors(&[errors::TOO_MANY_STREAMS]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            sought: Sought::read(fields),
            after: fields.optional("after", query::text),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<InvocationStream> {
        let permit = app.streams.permit(&caller.scope.project)?;
        // Before the store is read: what is recorded from here on is found.
        let kept = app.records.kept();
        let filter = input.sought.resolved(app, &caller.scope).await?;
        let (scope, now_ms) = (caller.scope.clone(), app.clock.now_ms());
        let last = match input.after {
            Some(id) => app.store.read(move |tx| tx.invocation(&scope, &id)).await?,
            None => None,
        };
        let floor_ms = last.as_ref().map_or(now_ms, |row| row.created_ms);
        Ok(InvocationStream {
            store: app.store.clone(),
            scope: caller.scope.clone(),
            floor_ms: floor_ms.max(filter.from_ms.unwrap_or(i64::MIN)),
            seen_ms: floor_ms,
            filter,
            sent: last.map(|row| (row.created_ms, row.id)).into_iter().collect(),
            kept,
            _permit: permit,
        })
    }
}

impl InvocationStream {
    /// What is new among what was found, oldest first, noted as sent.
    fn unsent(&mut self, found: Vec<InvocationRow>) -> Vec<InvocationRow> {
        let is_new = |row: &InvocationRow| !self.sent.iter().any(|(_, id)| *id == row.id);
        let new: Vec<InvocationRow> = found.into_iter().rev().filter(is_new).collect();
        for row in &new {
            self.sent.push_back((row.created_ms, row.id.clone()));
            self.seen_ms = self.seen_ms.max(row.created_ms);
        }
        let found_again_ms = self.seen_ms - OVERLAP_MS;
        self.sent.retain(|(at_ms, _)| *at_ms >= found_again_ms);
        new
    }
}

impl Source for InvocationStream {
    async fn next(&mut self) -> Result<Option<Vec<Piece>>> {
        loop {
            self.kept.borrow_and_update();
            let (scope, filter) = (self.scope.clone(), self.filter.clone());
            let filter = InvocationFilter {
                from_ms: Some(self.floor_ms.max(self.seen_ms - OVERLAP_MS)),
                ..filter
            };
            let found = self
                .store
                .read(move |tx| tx.invocations(&scope, &filter, &Page::Newest, MOST));
            let new = self.unsent(found.await?);
            if !new.is_empty() {
                let shown = readable(new, |row| row.id.clone(), |row| records::in_list(&row));
                let pieces = shown.iter().map(|one| Piece::new(&one.run.id, "invocation", one));
                return pieces.collect::<Result<Vec<_>>>().map(Some);
            }
            // The task that records is gone, or nothing was recorded here: others may have.
            tokio::time::timeout(INTERVAL, self.kept.changed()).await.ok();
        }
    }
}
