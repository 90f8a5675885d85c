//! `GET …/deliveries`

use aerocall_api_types::{DeliveryList, Permission};

use super::{EVENT, EXAMPLE, FROM, STATE, TO, TYPE, list, read};
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, query},
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
        page::Page,
    },
    storage::store::DeliveryFilter,
};

/// Lists the deliveries of all webhook endpoints of an environment.
pub(crate) struct ListAllDeliveries;

/// What the client sends.
pub(crate) struct Input {
    webhook: Option<String>,
    filter: DeliveryFilter,
    page: Page,
}

impl Flow for ListAllDeliveries {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = DeliveryList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(
        environment!("/deliveries"),
        "List the deliveries of all webhook endpoints",
    )
    .fields(&[
        Page::LIMIT,
        Field::optional(
            "webhook",
            FieldKind::Text(200),
            "Only deliveries of this webhook endpoint.",
        ),
        STATE,
        EVENT,
        TYPE,
        FROM,
        TO,
        Page::BEFORE,
    ])
    .answers(200, "The deliveries, newest first.", EXAMPLE);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let webhook = fields.optional("webhook", query::text);
        let (filter, page) = read(fields);
        Some(Input { webhook, filter, page })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<DeliveryList> {
        let Input { webhook, filter, page } = input;
        let scope = caller.scope.clone();
        let mut endpoints = app.store.read(move |tx| tx.endpoints(&scope)).await?;
        endpoints.retain(|endpoint| webhook.as_ref().is_none_or(|id| endpoint.id == *id));
        list(app, endpoints, filter, &page).await
    }
}
