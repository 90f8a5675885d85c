//! `GET /admin/api/v1/projects/{project}/environments/{env}/mails`: what was sent, is waiting, was captured or failed.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        ids::Scope,
        input::{Fields, short_text},
    },
    storage::store::MailRow,
};

const MAX: i64 = 100;
const USUAL: i64 = 50;

/// A page of the list: `limit`, and `before`, the id of the last mail of the page before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    limit: i64,
    before: Option<String>,
}

/// A mail as the admin API shows it in a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MailDocument {
    id: String,
    to: String,
    template: Option<String>,
    subject: String,
    state: String,
    attempts: i32,
    error: Option<String>,
    created_at: String,
    /// When it is tried again.
    next_attempt_at: Option<String>,
    finished_at: Option<String>,
}

impl Page {
    /// Reads the query, whose values are texts.
    pub(crate) fn read(query: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(query);
        let limit = fields.optional("limit", |value| {
            let number = value.as_str().and_then(|text| text.parse().ok());
            number
                .filter(|number| (1..=MAX).contains(number))
                .ok_or_else(|| format!("must be a number from 1 to {MAX}"))
        });
        let before = fields.optional("before", short_text(100));
        fields.finish(Some(Self {
            limit: limit.unwrap_or(USUAL),
            before,
        }))
    }
}

/// Newest first.
pub(crate) async fn list(app: &App, scope: &Scope, page: Page) -> Result<Value> {
    let scope = scope.clone();
    let rows = app
        .store
        .read(move |tx| tx.mails(&scope, page.before.as_deref(), page.limit))
        .await?;
    let mails: Vec<MailDocument> = rows.into_iter().map(MailDocument::of).collect();
    Ok(json!({ "mails": mails }))
}

/// One mail with its bodies.
pub(crate) async fn one(app: &App, scope: &Scope, id: &str) -> Result<Value> {
    let (scope, id) = (scope.clone(), id.to_owned());
    let row = app.store.read(move |tx| tx.mail(&scope, &id)).await?;
    let mut row = row.ok_or_else(Refusal::not_found)?;
    let (text, html) = (row.body_text.take(), row.body_html.take());
    let mut document = json!(MailDocument::of(row));
    document["text"] = text.into();
    document["html"] = html.into();
    Ok(document)
}

impl MailDocument {
    fn of(row: MailRow) -> Self {
        let waits = row.state == "waiting";
        Self {
            id: row.id,
            to: row.recipient,
            template: row.template,
            subject: row.subject,
            state: row.state,
            attempts: row.attempts,
            error: row.error,
            created_at: clock::iso(row.created_ms),
            next_attempt_at: waits.then(|| clock::iso(row.run_at_ms)),
            finished_at: row.finished_ms.map(clock::iso),
        }
    }
}
