//! Mail templates of an environment.

mod delete;
mod get;
mod list;
mod list_own;
mod preview;
mod put;

use aerocall_api_types::MailTemplate;

use crate::{
    base::{
        clock,
        error::{Refusal, Result},
    },
    outbound::mail::TemplateName,
    storage::store::MailTemplateRow,
};

pub(crate) use delete::DeleteMailTemplate;
pub(crate) use get::GetMailTemplate;
pub(crate) use list::ListMailTemplates;
pub(crate) use list_own::ListOwnMailTemplates;
pub(crate) use preview::PreviewMailTemplate;
pub(crate) use put::PutMailTemplate;

/// For the reference.
const EXAMPLE: &str = r#"{"name": "welcome", "subject": "Welcome, {{ name }}", "text": "Hello {{ name }}", "html": null, "updatedAt": "2026-01-31T12:00:00.000Z"}"#;

/// The name in the path.
fn name(text: &str) -> Result<TemplateName> {
    Ok(TemplateName::parse(text).map_err(|problem| Refusal::invalid_field("name", problem))?)
}

fn template(row: MailTemplateRow) -> MailTemplate {
    MailTemplate {
        name: row.name,
        subject: row.subject,
        text: row.body_text,
        html: row.body_html,
        updated_at: clock::iso(row.updated_ms).into(),
    }
}
