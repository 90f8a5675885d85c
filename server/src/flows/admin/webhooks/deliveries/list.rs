//! `GET …/webhooks/{webhook}/deliveries`

use aerocall_api_types::{DeliveryList, Permission};

use super::{super::endpoint, EVENT, EXAMPLE, FROM, STATE, TO, TYPE, list, read};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
        page::Page,
    },
    storage::store::DeliveryFilter,
};

/// Lists the deliveries of a webhook endpoint.
pub(crate) struct ListDeliveries;

impl Flow for ListDeliveries {
    type Who = EnvironmentAdmin;
    type Input = (DeliveryFilter, Page);
    type Output = DeliveryList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/webhooks/{webhook}/deliveries"), "List deliveries")
        .fields(&[Page::LIMIT, STATE, EVENT, TYPE, FROM, TO, Page::BEFORE])
        .answers(200, "The deliveries, newest first.", EXAMPLE);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Self::Input> {
        Some(read(fields))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (filter, page): Self::Input) -> Result<DeliveryList> {
        let endpoint = endpoint(app, &caller.scope, caller.part("webhook")?).await?;
        list(app, vec![endpoint], filter, &page).await
    }
}
