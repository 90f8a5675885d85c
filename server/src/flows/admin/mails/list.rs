//! `GET …/mails`

use aerocall_api_types::{MailList, Permission};

use super::mail;
use crate::{
    app::App,
    base::{
        error::Result,
        ids::Kind,
        input::{Fields, query},
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
        page::{Page, readable},
    },
    storage::store::MailFilter,
};

/// Lists the mails of an environment.
pub(crate) struct ListMails;

impl Flow for ListMails {
    type Who = EnvironmentAdmin;
    type Input = (MailFilter, Page);
    type Output = MailList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/mails"), "List mails")
        .about("Mails that are waiting, sent, captured or failed, newest first.")
        .fields(&[
            Page::LIMIT,
            Field::optional(
                "state",
                FieldKind::OneOf(&["waiting", "sent", "captured", "failed"]),
                "Only mails in this state.",
            ),
            Field::optional("to", FieldKind::Text(200), "Beginning of the recipient's address."),
            Field::optional(
                "template",
                FieldKind::Text(200),
                "Only mails of this template; the server's own begin with `aerocall-`.",
            ),
            Page::BEFORE,
        ])
        .answers(
            200,
            "The mails without their bodies.",
            r#"{"mails": [{"id": "mail_…", "to": "ada@example.com", "template": null, "subject": "Welcome", "state": "sent", "attempts": 1, "error": null, "createdAt": "2026-01-31T12:00:00.000Z", "nextAttemptAt": null, "finishedAt": "2026-01-31T12:00:01.000Z"}], "next": null}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Self::Input> {
        let states = ["waiting", "sent", "captured", "failed"].map(|state| (state, state));
        let page = Page::read(fields, Kind::Mail);
        let filter = MailFilter {
            state: fields.optional("state", query::one_of(&states)).map(str::to_owned),
            to: fields.optional("to", query::text),
            template: fields.optional("template", query::text),
            before: page.before.clone(),
        };
        Some((filter, page))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (filter, page): Self::Input) -> Result<MailList> {
        let (scope, rows) = (caller.scope.clone(), page.rows());
        let rows = app.store.read(move |tx| tx.mails(&scope, &filter, rows)).await?;
        let (rows, next) = page.cut(rows, |row| &row.id);
        let mails = readable(rows, |row| row.id.clone(), mail);
        Ok(MailList { mails, next })
    }
}
