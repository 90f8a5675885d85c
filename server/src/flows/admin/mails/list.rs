//! `GET …/mails`

use aerocall_api_types::{MailList, Permission};

use super::mail;
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
        page::{Page, readable},
    },
};

/// Lists the mails of an environment.
pub(crate) struct ListMails;

impl Flow for ListMails {
    type Who = EnvironmentAdmin;
    type Input = Page;
    type Output = MailList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/mails"), "List mails")
        .about("Mails that are waiting, sent, captured or failed, newest first.")
        .fields(&[Page::LIMIT, Page::BEFORE])
        .answers(
            200,
            "The mails without their bodies.",
            r#"{"mails": [{"id": "mail_…", "to": "ada@example.com", "template": null, "subject": "Welcome", "state": "sent", "attempts": 1, "error": null, "createdAt": "2026-01-31T12:00:00.000Z", "nextAttemptAt": null, "finishedAt": "2026-01-31T12:00:01.000Z"}], "next": null}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Page> {
        Some(Page::read(fields))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, page: Page) -> Result<MailList> {
        let (scope, before, rows) = (caller.scope.clone(), page.before.clone(), page.rows());
        let rows = app
            .store
            .read(move |tx| tx.mails(&scope, before.as_deref(), rows))
            .await?;
        let (rows, next) = page.cut(rows, |row| &row.id);
        let mails = readable(rows, |row| row.id.clone(), mail);
        Ok(MailList { mails, next })
    }
}
