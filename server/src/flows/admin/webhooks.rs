//! `/admin/api/v1/projects/{project}/environments/{env}/webhooks`: endpoints, their secrets, what was delivered, and sending
//! it again.

mod deliveries;
mod endpoints;
mod replay;

pub(crate) use deliveries::{list as deliveries, one as delivery};
pub(crate) use endpoints::{change, create, delete, list, one, rotate};
pub(crate) use replay::{ReplayInput, again, replay, test};

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::Scope,
    },
    storage::store::EndpointRow,
};

/// The endpoint of the path.
async fn endpoint(app: &App, scope: &Scope, id: &str) -> Result<EndpointRow> {
    let (scope, id) = (scope.clone(), id.to_owned());
    let row = app.store.read(move |tx| tx.endpoint(&scope, &id)).await?;
    Ok(row.ok_or_else(Refusal::not_found)?)
}
