//! `GET …/invocations`

use aerocall_api_types::{InvocationList, Permission};

use super::{error_example, example};
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, query},
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
        page::{Page, readable},
    },
    hooks::records,
    storage::store::{self, InvocationFilter},
};

/// Lists invocations.
pub(crate) struct ListInvocations;

const MODES: &[(&str, &str)] = &[("live", "live"), ("canary", "canary"), ("shadow", "shadow")];

/// What is asked for.
pub(crate) struct Input {
    page: Page,
    filter: InvocationFilter,
}

impl Flow for ListInvocations {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = InvocationList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/invocations"), "List invocations")
        .fields(&[
            Page::LIMIT,
            Field::optional("hook", FieldKind::Text(200), "Only invocations of this hook."),
            Field::optional(
                "outcome",
                FieldKind::Text(200),
                "Only invocations with this outcome: `allow`, `deny`, `patch`, or the error code of a failure.",
            ),
            Field::optional(
                "mode",
                FieldKind::OneOf(&["live", "canary", "shadow"]),
                "Only invocations of the live version, of a canary, or of a shadow.",
            ),
            Field::optional("requestId", FieldKind::Text(200), "Only invocations of this request."),
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
                r#", "error": "#,
                error_example!(),
                r#"}], "next": null}"#
            ),
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let page = Page::read(fields);
        let after = fields.optional("after", query::text);
        let filter = InvocationFilter {
            hook: fields.optional("hook", query::text),
            outcome: fields.optional("outcome", query::text),
            request_id: fields.optional("requestId", query::text),
            mode: fields.optional("mode", query::one_of(MODES)).map(str::to_owned),
            page: match (page.before.clone(), after) {
                (Some(_), Some(_)) => {
                    fields.problem("after", "cannot be combined with before");
                    store::Page::Newest
                }
                (Some(id), None) => store::Page::Before(id),
                (None, Some(id)) => store::Page::After(id),
                (None, None) => store::Page::Newest,
            },
        };
        Some(Input { page, filter })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<InvocationList> {
        let Input { page, filter } = input;
        let is_poll = matches!(filter.page, store::Page::After(_));
        let (scope, rows) = (caller.scope.clone(), page.rows());
        let rows = app.store.read(move |tx| tx.invocations(&scope, &filter, rows)).await?;
        let (rows, next) = page.cut(rows, |row| &row.id);
        Ok(InvocationList {
            invocations: readable(rows, |row| row.id.clone(), |row| records::in_list(&row)),
            // What comes after what was polled for is no page before it.
            next: next.filter(|_| !is_poll),
        })
    }
}
