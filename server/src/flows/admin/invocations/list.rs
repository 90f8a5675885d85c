//! `GET …/invocations`

use aerocall_api_types::{InvocationList, Permission};

use super::{
    error_example, example,
    filter::{self, Sought},
};
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
    hooks::records,
    storage::store,
};

/// Lists invocations.
pub(crate) struct ListInvocations;

/// What is asked for.
pub(crate) struct Input {
    page: Page,
    part: store::Page,
    sought: Sought,
}

impl Flow for ListInvocations {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = InvocationList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/invocations"), "List invocations")
        .about("Records are kept for the time and the number that the server's settings say (`records`).")
        .fields(&[
            Page::LIMIT,
            filter::HOOK,
            filter::POINT,
            filter::VERSION,
            filter::OUTCOME,
            filter::MODE,
            filter::REQUEST,
            filter::USER,
            filter::FROM,
            filter::TO,
            filter::MIN_DURATION,
            Page::BEFORE,
            Field::optional(
                "after",
                FieldKind::Text(200),
                "Cursor for polling: only invocations newer than this id. Cannot be combined with `before`.",
            ),
        ])
        .answers(
            200,
            "The invocations, newest first.",
            concat!(
                r#"{"invocations": [{"#,
                example!(),
                r#", "denial": null, "error": "#,
                error_example!(),
                r#"}], "next": null}"#
            ),
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let page = Page::read(fields, Kind::Invocation);
        let after = fields.optional("after", query::id(Kind::Invocation));
        let part = match (page.before.clone(), after) {
            (Some(_), Some(_)) => {
                fields.problem("after", "cannot be combined with before");
                store::Page::Newest
            }
            (Some(id), None) => store::Page::Before(id),
            (None, Some(id)) => store::Page::After(id),
            (None, None) => store::Page::Newest,
        };
        let sought = Sought::read(fields);
        Some(Input { page, part, sought })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<InvocationList> {
        let Input { page, part, sought } = input;
        let is_poll = matches!(part, store::Page::After(_));
        let filter = sought.resolved(app, &caller.scope).await?;
        let (scope, rows) = (caller.scope.clone(), page.rows());
        let rows = app
            .store
            .read(move |tx| tx.invocations(&scope, &filter, &part, rows))
            .await?;
        let (rows, next) = page.cut(rows, |row| &row.id);
        Ok(InvocationList {
            invocations: readable(rows, |row| row.id.clone(), |row| records::in_list(&row)),
            // What comes after what was polled for is no page before it.
            next: next.filter(|_| !is_poll),
        })
    }
}
