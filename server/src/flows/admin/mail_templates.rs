//! `PUT|GET|DELETE /admin/api/v1/projects/{project}/environments/{env}/mail-templates/{name}`, and their list.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    app::App,
    base::{
        clock,
        error::{Problem, Refusal, Result},
        ids::Scope,
        input::{Fields, Parsed},
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    flows::steps::endpoint::Put,
    outbound::mail::{Parts, TemplateName},
    storage::store::MailTemplateRow,
};

const MAX_TEMPLATES: usize = 100;

/// A template as the admin API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TemplateDocument {
    name: String,
    subject: String,
    text: Option<String>,
    html: Option<String>,
    updated_at: String,
}

/// What the client sends: `{ subject, text?, html? }`, each of them a template that compiles.
pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Parts, Refusal> {
    let mut fields = Fields::new(body);
    let subject = fields.required("subject", source);
    let text = fields.optional("text", source);
    let html = fields.optional("html", source);
    if text.is_none() && html.is_none() {
        fields.problem("text", "is missing: at least one of text and html is required");
    }
    let parts = subject.map(|subject| Parts { subject, text, html });
    for problem in parts.iter().flat_map(Parts::check) {
        fields.problem(problem.part, problem.problem);
    }
    fields.finish(parts)
}

fn source(value: Value) -> Parsed<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => Err("must not be empty".to_owned()),
        Value::String(text) if text.contains('\0') => Err("must not contain the control character NUL".to_owned()),
        Value::String(text) => Ok(text),
        _ => Err("must be a string".to_owned()),
    }
}

/// The name in the path.
pub(crate) fn name(text: &str) -> Result<TemplateName> {
    Ok(TemplateName::parse(text).map_err(|problem| {
        Refusal::invalid_input(vec![Problem {
            field: "name".to_owned(),
            problem,
        }])
    })?)
}

/// Keeps the template instead of the one before.
pub(crate) async fn put(
    app: &App,
    scope: &Scope,
    by: Actor,
    name: TemplateName,
    parts: Parts,
) -> Result<Put<TemplateDocument>> {
    let row = MailTemplateRow {
        name: name.as_str().to_owned(),
        subject: parts.subject,
        body_text: parts.text,
        body_html: parts.html,
        updated_ms: app.clock.now_ms(),
    };
    let scope = scope.clone();
    let kept = app.store.write(move |tx| {
        let entry = AuditEntry::new(Action::MailTemplatePut, &row.name);
        if tx.update_mail_template(&scope, &row)? {
            audit::record(tx, Some(&scope), &by, entry, row.updated_ms)?;
            return Ok(Ok(Put::Replaced(TemplateDocument::of(row))));
        }
        if tx.mail_templates(&scope)?.len() >= MAX_TEMPLATES {
            return Ok(Err(Refusal::limit_reached(format!(
                "An environment can have at most {MAX_TEMPLATES} templates"
            ))));
        }
        tx.insert_mail_template(&scope, &row)?;
        audit::record(tx, Some(&scope), &by, entry, row.updated_ms)?;
        Ok(Ok(Put::New(TemplateDocument::of(row))))
    });
    Ok(kept.await??)
}

pub(crate) async fn list(app: &App, scope: &Scope) -> Result<Vec<TemplateDocument>> {
    let scope = scope.clone();
    let rows = app.store.read(move |tx| tx.mail_templates(&scope)).await?;
    Ok(rows.into_iter().map(TemplateDocument::of).collect())
}

pub(crate) async fn one(app: &App, scope: &Scope, name: TemplateName) -> Result<TemplateDocument> {
    let scope = scope.clone();
    let row = app
        .store
        .read(move |tx| tx.mail_template(&scope, name.as_str()))
        .await?;
    Ok(row.map(TemplateDocument::of).ok_or_else(Refusal::not_found)?)
}

pub(crate) async fn delete(app: &App, scope: &Scope, by: Actor, name: TemplateName) -> Result<()> {
    let (scope, now_ms) = (scope.clone(), app.clock.now_ms());
    let deleted = app.store.write(move |tx| {
        let deleted = tx.delete_mail_template(&scope, name.as_str())?;
        if deleted {
            let entry = AuditEntry::new(Action::MailTemplateDeleted, name.as_str());
            audit::record(tx, Some(&scope), &by, entry, now_ms)?;
        }
        Ok(deleted)
    });
    Ok(deleted.await?.then_some(()).ok_or_else(Refusal::not_found)?)
}

impl TemplateDocument {
    fn of(row: MailTemplateRow) -> Self {
        Self {
            name: row.name,
            subject: row.subject,
            text: row.body_text,
            html: row.body_html,
            updated_at: clock::iso(row.updated_ms),
        }
    }
}
