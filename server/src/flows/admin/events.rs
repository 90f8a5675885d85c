//! `/admin/api/v1/projects/{project}/environments/{env}/events`: what happened, newest first and one by one.

use serde_json::{Value, json};

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::Scope,
    },
    domain::events,
    storage::store::EventFilter,
};

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
