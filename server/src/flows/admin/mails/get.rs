//! `GET …/mails/{id}`

use aerocall_api_types::{MailDetail, Permission};

use super::mail;
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Shows one mail with its bodies.
pub(crate) struct GetMail;

impl Flow for GetMail {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = MailDetail;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/mails/{id}"), "Get a mail").answers(
        200,
        "The mail. Its bodies are included while it is waiting, and afterwards only if it was captured; the bodies of sent mails are deleted.",
        r#"{"id": "mail_…", "to": "ada@example.com", "template": null, "subject": "Welcome", "state": "captured", "attempts": 1, "error": null, "createdAt": "2026-01-31T12:00:00.000Z", "nextAttemptAt": null, "finishedAt": "2026-01-31T12:00:01.000Z", "text": "Hello Ada", "html": null}"#,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<MailDetail> {
        let (scope, id) = (caller.scope.clone(), caller.part("id")?.to_owned());
        let row = app.store.read(move |tx| tx.mail(&scope, &id)).await?;
        let mut row = row.ok_or_else(Refusal::not_found)?;
        let (text, html) = (row.body_text.take(), row.body_html.take());
        let mail = mail(row)?;
        Ok(MailDetail { mail, text, html })
    }
}
