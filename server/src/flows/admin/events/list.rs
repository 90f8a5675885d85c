//! `GET …/events`

use aerocall_api_types::{EventList, Permission};

use crate::{
    app::App,
    base::{
        error::Result,
        ids::Kind,
        input::{Fields, query},
    },
    domain::{events, project::AuthSettings},
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
        page::{Page, readable},
    },
    storage::store::EventFilter,
};

/// Lists the events of an environment.
pub(crate) struct ListEvents;

/// What the client sends.
pub(crate) struct Input {
    kind: Option<String>,
    subject: Option<String>,
    page: Page,
}

impl Flow for ListEvents {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = EventList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/events"), "List events")
        .about("Newest first. Events are kept for the time set in the server's settings (`events.keep_seconds`).")
        .fields(&[
            Page::LIMIT,
            Field::optional(
                "type",
                FieldKind::Text(200),
                "Only events of this type, such as `auth.signup`.",
            ),
            Field::optional(
                "subject",
                FieldKind::Text(200),
                "Only events about this user (user id).",
            ),
            Page::BEFORE,
        ])
        .answers(
            200,
            "The events.",
            r#"{"events": [{"id": "evt_…", "type": "auth.signup", "version": 1, "time": "2026-01-31T12:00:00.000Z", "project": "shop", "environment": "production", "actor": "anonymous", "subject": null, "data": {}}], "next": null}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            kind: fields.optional("type", query::event),
            subject: fields.optional("subject", query::text),
            page: Page::read(fields, Kind::Event),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<EventList> {
        let Input { kind, subject, page } = input;
        let (scope, before, rows) = (caller.scope.clone(), page.before.clone(), page.rows());
        let filter = EventFilter { kind, subject, before };
        let rows = app.store.read(move |tx| tx.events(&scope, &filter, rows)).await?;
        let (rows, next) = page.cut(rows, |row| &row.id);
        let events = readable(rows, |row| row.id.clone(), |row| events::event(&row));
        Ok(EventList { events, next })
    }
}
