//! Mails of an environment: what was sent, is waiting, was captured or failed.

mod get;
mod get_html;
mod list;
mod resend;

use aerocall_api_types::{Mail, MailState};

use crate::{
    base::{clock, error::Result, stored},
    storage::store::MailRow,
};

pub(crate) use get::GetMail;
pub(crate) use get_html::GetMailHtml;
pub(crate) use list::ListMails;
pub(crate) use resend::ResendMail;

pub(in crate::flows::admin) fn mail(row: MailRow) -> Result<Mail> {
    let state = stored::word(&row.state)?;
    Ok(Mail {
        state,
        id: row.id,
        to: row.recipient,
        template: row.template,
        subject: row.subject,
        attempts: row.attempts,
        error: row.error,
        created_at: clock::iso(row.created_ms).into(),
        next_attempt_at: (state == MailState::Waiting).then(|| clock::iso(row.run_at_ms).into()),
        finished_at: row.finished_ms.map(|at_ms| clock::iso(at_ms).into()),
    })
}
