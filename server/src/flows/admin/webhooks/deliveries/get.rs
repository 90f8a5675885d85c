//! `GET …/webhooks/{webhook}/deliveries/{delivery}`

use aerocall_api_types::{Attempt, AttemptHeader, DeliveryDetail, DeliveryRequest, Permission};

use super::{super::endpoint, delivery};
use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        stored,
    },
    domain::events,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    outbound::webhooks::{USER_AGENT, body},
    storage::store::AttemptRow,
};

/// Tries of one delivery that are shown; a replay adds some.
const MAX_ATTEMPTS: i64 = 100;

/// Shows one delivery with the request as it was sent, signatures and codes excepted, and every attempt.
pub(crate) struct GetDelivery;

impl Flow for GetDelivery {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = DeliveryDetail;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(
        environment!("/webhooks/{webhook}/deliveries/{delivery}"),
        "Get a delivery",
    )
    .about("The request without its signatures and time, and the attempts (at most 100) with headers and the beginning of the body of each response.")
    .answers(
        200,
        "The delivery.",
        r#"{"id": "dlv_…", "event": "evt_…", "type": "auth.signup", "state": "delivered", "attempts": 1, "nextAttemptAt": null, "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": "2026-01-31T12:00:01.000Z", "request": {"method": "POST", "url": "https://example.com/webhooks", "headers": {"content-type": "application/json", "user-agent": "Aerocall-Webhooks/0.1.0", "webhook-id": "evt_…"}, "body": null}, "log": [{"at": "2026-01-31T12:00:00.000Z", "durationMs": 42, "status": 204, "error": null, "responseHeaders": [{"name": "server", "value": "nginx"}], "response": null}]}"#,
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<DeliveryDetail> {
        let endpoint = endpoint(app, &caller.scope, caller.part("webhook")?).await?;
        let (scope, id) = (caller.scope.clone(), caller.part("delivery")?.to_owned());
        let found = app.store.read(move |tx| {
            let Some(row) = tx.delivery(&endpoint.id, &id)? else {
                return Ok(None);
            };
            let event = tx.event(&scope, &row.event_id)?;
            let attempts = tx.attempts(&row.id, MAX_ATTEMPTS)?;
            Ok(Some((row, endpoint, event, attempts)))
        });
        let (row, endpoint, event, attempts) = found.await?.ok_or_else(Refusal::not_found)?;
        let headers = [
            ("content-type", "application/json"),
            ("user-agent", USER_AGENT),
            ("webhook-id", &row.event_id),
        ];
        let request = DeliveryRequest {
            method: "POST".to_owned(),
            url: endpoint.url,
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            body: event.as_ref().map(events::document).transpose()?.map(body),
        };
        Ok(DeliveryDetail {
            delivery: delivery(row)?,
            request,
            log: attempts.into_iter().map(attempt).collect::<Result<_>>()?,
        })
    }
}

fn attempt(row: AttemptRow) -> Result<Attempt> {
    let headers: Vec<(String, String)> = row
        .headers
        .as_deref()
        .map(stored::json)
        .transpose()?
        .unwrap_or_default();
    Ok(Attempt {
        at: clock::iso(row.time_ms).into(),
        duration_ms: row.duration_ms,
        status: row.status,
        error: row.error,
        response_headers: headers
            .into_iter()
            .map(|(name, value)| AttemptHeader { name, value })
            .collect(),
        response: row.response,
    })
}
