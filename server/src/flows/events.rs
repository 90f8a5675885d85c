//! `/admin/api/v1/projects/{project}/environments/{env}/events`: what happened, newest first, one by one, and as it happens.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{
    app::App,
    error::{Refusal, Result},
    events,
    ids::{Kind, Scope, first_id},
    store::{EventFilter, EventRow},
};

/// Transactions may end in another order than their events were made: an event that is so much older than the newest one
/// can still appear.
const LATE_MS: i64 = 10_000;
/// Events of one look.
const PAGE: i64 = 500;

/// Newest first.
pub(crate) async fn list(app: &App, scope: &Scope, filter: EventFilter, most: i64) -> Result<Value> {
    let scope = scope.clone();
    let rows = app.store.read(move |tx| tx.events(&scope, &filter, most)).await?;
    let documents = rows.iter().map(events::document).collect::<Result<Vec<_>>>()?;
    Ok(json!({ "events": documents }))
}

pub(crate) async fn one(app: &App, scope: &Scope, id: &str) -> Result<Value> {
    let (scope, id) = (scope.clone(), id.to_owned());
    let row = app.store.read(move |tx| tx.event(&scope, &id)).await?;
    events::document(&row.ok_or_else(Refusal::not_found)?)
}

/// Follows the events of a scope: each is shown once, those that come late as well.
pub(crate) struct Follow {
    scope: Scope,
    /// From there on the store is read.
    from: String,
    /// Shown already, of those after `from`.
    shown: HashSet<String>,
}

impl Follow {
    /// From now on, or after the event that was seen last.
    pub(crate) fn new(scope: Scope, last: Option<String>, now_ms: i64) -> Self {
        Self {
            scope,
            from: last.unwrap_or_else(|| first_id(Kind::Event, now_ms)),
            shown: HashSet::new(),
        }
    }

    /// What is new.
    pub(crate) async fn next(&mut self, app: &App) -> Result<Vec<EventRow>> {
        let (scope, mut from) = (self.scope.clone(), self.from.clone());
        let mut found = Vec::new();
        // Past what was shown, which may fill pages.
        for _ in 0..20 {
            let (scope, after) = (scope.clone(), from.clone());
            let page = app.store.read(move |tx| tx.events_after(&scope, &after, PAGE)).await?;
            let Some(last) = page.last() else { break };
            from.clone_from(&last.id);
            let is_full = page.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
            found.extend(page.into_iter().filter(|row| !self.shown.contains(&row.id)));
            if !is_full {
                break;
            }
        }
        self.shown.extend(found.iter().map(|row| row.id.clone()));
        let settled = first_id(Kind::Event, app.clock.now_ms() - LATE_MS);
        if settled > self.from {
            // What is behind a page that was not reached yet is read next time.
            self.from = settled.min(from);
            self.shown.retain(|id| *id > self.from);
        }
        Ok(found)
    }
}
