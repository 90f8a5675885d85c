//! `GET …/webhooks/{webhook}/deliveries`

use aerocall_api_types::{DeliveryList, Permission};

use super::{super::endpoint, delivery};
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
    storage::store::{DeliveryFilter, DeliveryState},
};

/// Lists the deliveries of a webhook endpoint.
pub(crate) struct ListDeliveries;

/// What the client sends.
pub(crate) struct Input {
    state: Option<DeliveryState>,
    event: Option<String>,
    page: Page,
}

impl Flow for ListDeliveries {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = DeliveryList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/webhooks/{webhook}/deliveries"), "List deliveries")
        .fields(&[
            Page::LIMIT,
            Field::optional(
                "state",
                FieldKind::OneOf(&["waiting", "running", "delivered", "failed", "canceled"]),
                "Only deliveries in this state.",
            ),
            Field::optional("event", FieldKind::Text(200), "Only deliveries of this event."),
            Page::BEFORE,
        ])
        .answers(
            200,
            "The deliveries, newest first.",
            r#"{"deliveries": [{"id": "dlv_…", "event": "evt_…", "type": "auth.signup", "state": "delivered", "attempts": 1, "nextAttemptAt": null, "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": "2026-01-31T12:00:01.000Z"}], "next": null}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let states = DeliveryState::ALL.map(|state| (state.as_str(), state));
        Some(Input {
            state: fields.optional("state", query::one_of(&states)),
            event: fields.optional("event", query::text),
            page: Page::read(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<DeliveryList> {
        let Input { state, event, page } = input;
        let endpoint = endpoint(app, &caller.scope, caller.part("webhook")?).await?;
        let (before, rows) = (page.before.clone(), page.rows());
        let filter = DeliveryFilter { state, event, before };
        let rows = app
            .store
            .read(move |tx| tx.deliveries(&endpoint.id, &filter, rows))
            .await?;
        let (rows, next) = page.cut(rows, |row| &row.id);
        let deliveries = readable(rows, |row| row.id.clone(), delivery);
        Ok(DeliveryList { deliveries, next })
    }
}
