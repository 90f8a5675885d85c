//! The deployment that a request expects to be live: its precondition.

use aerocall_contract::errors;
use serde_json::json;

use super::deployment;
use crate::{
    base::{error::Refusal, ids::Scope},
    storage::store::{DeploymentRow, StoreError, Tx},
};

/// The live deployment, or the refusal if it is another one than was expected. Until the transaction ends, none is made.
pub(in crate::flows::admin) fn live(
    tx: &mut Tx<'_>,
    scope: &Scope,
    expect: Option<i32>,
) -> Result<Result<Option<DeploymentRow>, Refusal>, StoreError> {
    tx.lock_deployments(scope)?;
    let live = tx.deployments(scope, 1)?.pop();
    let number = live.as_ref().map_or(0, |live| live.number);
    Ok(match expect {
        Some(expect) if expect != number => Err(conflict(expect, live)),
        _ => Ok(live),
    })
}

fn conflict(expect: i32, live: Option<DeploymentRow>) -> Refusal {
    let message = match &live {
        Some(live) => format!(
            "Deployment {} is live, made by {}; you expected {}",
            live.number,
            live.created_by,
            match expect {
                0 => "none".to_owned(),
                expect => format!("deployment {expect}"),
            }
        ),
        None => format!("No deployment is live; you expected deployment {expect}"),
    };
    let theirs = live.and_then(|live| serde_json::to_value(deployment(live)).ok());
    Refusal {
        conflict: Some(Box::new(json!({ "yours": { "number": expect }, "theirs": theirs }))),
        ..Refusal::new(errors::DEPLOYMENT_CONFLICT, message)
    }
}
