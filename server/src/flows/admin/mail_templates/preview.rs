//! `POST …/mail-templates/{name}/preview`

use aerocall_api_types::{MailPreview, Object, Permission};
use serde_json::Value;

use super::{name, put::source};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::Scope,
        input::Fields,
    },
    domain::project::AuthSettings,
    flows::steps::{
        account_mail::AccountMail,
        endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
    outbound::mail::Parts,
};

/// As of a mail that a hook sends.
const MAX_DATA_BYTES: usize = 32 << 10;

/// Shows a template with data in its places; sends and keeps nothing.
pub(crate) struct PreviewMailTemplate;

/// What the client sends; what is left out is as stored.
pub(crate) struct Input {
    subject: Option<String>,
    text: Option<Option<String>>,
    html: Option<Option<String>>,
    data: Option<Object>,
}

impl Flow for PreviewMailTemplate {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = MailPreview;

    const NEEDS: Option<Permission> = Some(Permission::SettingsRead);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/mail-templates/{name}/preview"),
        "Preview a mail template",
    )
    .about("Renders the parts that are sent, and in their places those of the stored template or of the server's own mail with this name. Nothing is sent or stored. The HTML is untrusted: show it in a sandboxed frame.")
    .fields(&[
        Field::optional("subject", FieldKind::Text(100_000), "Template of the subject."),
        Field::nullable("text", FieldKind::Text(500_000), "Template of the plain-text body; `null` for none."),
        Field::nullable("html", FieldKind::Text(500_000), "Template of the HTML body; `null` for none."),
        Field::optional("data", FieldKind::Object, "Data; the sample of the server's own mail with this name if omitted. At most 32 KiB."),
    ])
    .example(r#"{"subject":"Welcome, {{ name }}","text":"Hello {{ name }}","html":null,"data":{"name":"Ada"}}"#)
    .answers(200, "The mail as it would be.", r#"{"subject": "Welcome, Ada", "text": "Hello Ada", "html": null}"#);

    const BODY: BodyLimit = BodyLimit::Bytes(512 << 10);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            subject: fields.optional("subject", source),
            text: fields.nullable("text", source),
            html: fields.nullable("html", source),
            data: fields.optional("data", |value| match value {
                Value::Object(data) if Value::Object(data.clone()).to_string().len() <= MAX_DATA_BYTES => Ok(data),
                Value::Object(_) => Err(format!("must have at most {MAX_DATA_BYTES} bytes as JSON")),
                _ => Err("must be an object".to_owned()),
            }),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<MailPreview> {
        let name = name(caller.part("name")?)?.as_str().to_owned();
        let own = AccountMail::named(&name);
        let kept = match stored(app, &caller.scope, name).await? {
            Some(parts) => Some(parts),
            None => own.map(AccountMail::own),
        };
        let data = input.data.map_or_else(
            || own.map(AccountMail::sample).unwrap_or_else(|| Object::new().into()),
            Value::Object,
        );
        let (subject, text, html) = match kept {
            Some(parts) => (Some(parts.subject), parts.text, parts.html),
            None => (None, None, None),
        };
        let parts = Parts {
            // Neither stored nor sent: there is no such template.
            subject: input.subject.or(subject).ok_or_else(Refusal::not_found)?,
            text: input.text.unwrap_or(text),
            html: input.html.unwrap_or(html),
        };
        let rendered = parts
            .render(&data)
            .map_err(|problem| Refusal::invalid_field(problem.part, problem.problem))?;
        Ok(MailPreview {
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
        })
    }
}

async fn stored(app: &App, scope: &Scope, name: String) -> Result<Option<Parts>> {
    let scope = scope.clone();
    let kept = app.store.read(move |tx| tx.mail_template(&scope, &name)).await?;
    Ok(kept.map(|kept| Parts {
        subject: kept.subject,
        text: kept.body_text,
        html: kept.body_html,
    }))
}
