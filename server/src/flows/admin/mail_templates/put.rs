//! `PUT …/mail-templates/{name}`

use aerocall_api_types::{MailTemplate, Permission};
use aerocall_contract::errors;
use serde_json::Value;

use super::{EXAMPLE, name, template};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Fields, Parsed},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, Put, environment},
    },
    outbound::mail::Parts,
    storage::store::MailTemplateRow,
};

const MAX_TEMPLATES: usize = 100;

/// Creates a mail template, or replaces it.
pub(crate) struct PutMailTemplate;

impl Flow for PutMailTemplate {
    type Who = EnvironmentAdmin;
    /// Templates that compile.
    type Input = Parts;
    type Output = Put<MailTemplate>;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/mail-templates/{name}"),
        "Create or replace a mail template",
    )
    .about("At least one of `text` and `html` is required. An environment has at most 100 templates.")
    .fields(&[
        Field::required("subject", FieldKind::Text(100_000), "Template of the subject."),
        Field::optional("text", FieldKind::Text(500_000), "Template of the plain-text body."),
        Field::optional(
            "html",
            FieldKind::Text(500_000),
            "Template of the HTML body; inserted values are escaped.",
        ),
    ])
    .example(r#"{"subject":"Welcome, {{ name }}","text":"Hello {{ name }}"}"#)
    .answers(201, "The mail template.", EXAMPLE)
    .errors(&[errors::LIMIT_REACHED]);

    /// Two bodies of a template and a subject, escapes included.
    const BODY: BodyLimit = BodyLimit::Bytes(512 << 10);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Parts> {
        let subject = fields.required("subject", source);
        let text = fields.optional("text", source);
        let html = fields.optional("html", source);
        if text.is_none() && html.is_none() {
            fields.missing(&["text", "html"], "at least one of text and html is required");
        }
        let parts = subject.map(|subject| Parts { subject, text, html });
        for problem in parts.iter().flat_map(Parts::check) {
            fields.problem(problem.part, problem.problem);
        }
        parts
    }

    fn status(output: &Put<MailTemplate>) -> u16 {
        output.status()
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, parts: Parts) -> Result<Put<MailTemplate>> {
        let name = name(caller.part("name")?)?;
        let scope = caller.scope.clone();
        let kept = caller.change(app, move |tx, now_ms| {
            let row = MailTemplateRow {
                name: name.as_str().to_owned(),
                subject: parts.subject,
                body_text: parts.text,
                body_html: parts.html,
                updated_ms: now_ms,
            };
            let entry = AuditEntry::new(Action::MailTemplatePut, &row.name);
            if tx.update_mail_template(&scope, &row)? {
                return Ok(Audited::Changed(Ok(Put::Replaced(template(row))), entry));
            }
            if tx.mail_templates(&scope)?.len() >= MAX_TEMPLATES {
                let message = format!("An environment can have at most {MAX_TEMPLATES} templates");
                return Ok(Audited::Unchanged(Err(Refusal::limit_reached(message))));
            }
            tx.insert_mail_template(&scope, &row)?;
            Ok(Audited::Changed(Ok(Put::New(template(row))), entry))
        });
        Ok(kept.await??)
    }
}

pub(super) fn source(value: Value) -> Parsed<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => Err("must not be empty".to_owned()),
        Value::String(text) if text.contains('\0') => Err("must not contain the control character NUL".to_owned()),
        Value::String(text) => Ok(text),
        _ => Err("must be a string".to_owned()),
    }
}
