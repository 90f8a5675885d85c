//! `POST …/mails/{id}/resend`

use aerocall_api_types::{Permission, QueuedMail};
use aerocall_contract::errors;
use serde_json::json;

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{Kind, new_id},
        input::Email,
    },
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    },
    storage::store::{MailRow, NewMail},
};

/// Sends a captured mail once more, as a mail of its own.
pub(crate) struct ResendMail;

impl Flow for ResendMail {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = QueuedMail;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/mails/{id}/resend"), "Resend a captured mail")
        .about("Sends the same content to the same recipient again, as a new mail, by the mail settings as they are now. Only of captured mails: the bodies of sent and failed ones are deleted, because links and codes in them are for their recipients alone (`mail_not_kept`). The limit of mails to one recipient applies.")
        .answers(202, "The new mail is about to be sent.", r#"{"mail": "mail_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"}"#)
        .errors(&[errors::MAIL_NOT_KEPT, errors::RATE_LIMITED]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<QueuedMail> {
        let (scope, id) = (caller.scope.clone(), caller.part("id")?.to_owned());
        let wanted = (scope.clone(), id.clone());
        let row = app.store.read(move |tx| tx.mail(&wanted.0, &wanted.1)).await?;
        let row = row.ok_or_else(Refusal::not_found)?;
        if row.state != "captured" {
            return Err(not_kept(&row.state).into());
        }
        app.limits
            .sends(caller.claim(Email::stored(&row.recipient).normal()))
            .await?;
        let new = again(row, app.clock.now_ms());
        let mail = new.id.clone();
        let kept = caller.change(app, move |tx, _| {
            tx.insert_mail(&scope, &new)?;
            let entry = AuditEntry::new(Action::MailResent, id).with(json!({ "mail": new.id }));
            Ok(Audited::Changed((), entry))
        });
        kept.await?;
        app.hooks.platform.wake();
        Ok(QueuedMail { mail })
    }
}

fn again(row: MailRow, now_ms: i64) -> NewMail {
    NewMail {
        id: new_id(Kind::Mail),
        recipient: row.recipient,
        template: row.template,
        subject: row.subject,
        text: row.body_text,
        html: row.body_html,
        created_ms: now_ms,
    }
}

fn not_kept(state: &str) -> Refusal {
    let message = match state {
        "waiting" => "The mail is waiting: it is sent without being asked for".to_owned(),
        state => format!("The mail is {state}, and its bodies are deleted; repeat what sent it"),
    };
    Refusal::new(errors::MAIL_NOT_KEPT, message)
}
