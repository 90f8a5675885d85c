//! One attempt of one delivery, outside of any transaction.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::{
    app::App,
    base::{
        clock::millis,
        error::{Error, Result},
        fail_point::FailPoint,
        ids::{Kind, new_id},
    },
    domain::events,
    flows::auth::otp::code_for_webhook,
    hooks::sdk::Redactor,
    observability::metrics::Retried,
    outbound::webhooks::{EndpointSecret, Message, Reply, body, next_wait, post, sealed_name},
    storage::store::{AttemptRow, DeliveryFate, DeliveryRow, EndpointRow, EventRow, WebhookSecretRow},
};

/// A delivery with all that is needed to send it.
pub(super) struct ClaimedDelivery {
    pub(super) delivery: DeliveryRow,
    pub(super) endpoint: EndpointRow,
    /// Gone, if it was forgotten in the meantime.
    pub(super) event: Option<EventRow>,
    pub(super) secrets: Vec<WebhookSecretRow>,
}

/// An attempt that is over.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    pub(super) endpoint: EndpointRow,
    pub(super) attempt: AttemptRow,
    pub(super) fate: DeliveryFate,
    /// Whether the endpoint wants no more.
    pub(super) is_gone: bool,
}

/// Sends it, and says what becomes of it.
pub(super) async fn run(app: &App, claimed: ClaimedDelivery) -> Ended {
    FailPoint::DeliveryClaimed.reached();
    app.metrics.attempted(Retried::Webhook, claimed.delivery.attempts);
    let time_ms = app.clock.now_ms();
    let reply = match send(app, &claimed, time_ms).await {
        Ok(reply) => reply,
        Err(error) => {
            tracing::error!(
                delivery = claimed.delivery.id,
                ?error,
                "a webhook message could not be created"
            );
            not_sent("the message could not be created; see the server's log")
        }
    };
    app.metrics
        .delivered(reply.is_success(), reply.status.is_some(), reply.took);
    FailPoint::DeliverySent.reached();
    let ended_ms = time_ms + millis(reply.took);
    Ended {
        fate: fate(&claimed, &reply, ended_ms),
        is_gone: reply.is_gone(),
        attempt: AttemptRow {
            id: new_id(Kind::Attempt),
            delivery_id: claimed.delivery.id,
            time_ms,
            duration_ms: millis(reply.took),
            status: reply.status.map(i32::from),
            error: reply.error,
            headers: headers(&reply.headers),
            response: reply.text,
        },
        endpoint: claimed.endpoint,
    }
}

async fn send(app: &App, claimed: &ClaimedDelivery, time_ms: i64) -> Result<Reply> {
    let Some(event) = &claimed.event else {
        return Ok(not_sent("the event is no longer stored"));
    };
    let mut document = events::document(event)?;
    let scope = claimed.endpoint.scope()?;
    let code = code_for_webhook(app, &scope, &claimed.endpoint.id, &document).await?;
    if let Some(code) = &code {
        document["data"]["code"] = code.as_str().into();
    }
    let body = Zeroizing::new(body(document));
    let message = Message {
        url: &claimed.endpoint.url,
        id: &event.id,
        body: &body,
        time_ms,
        timeout: app.config.webhooks.timeout,
    };
    let reply = post(&app.hooks.platform.egress, &message, &secrets(app, claimed)?).await?;
    Ok(match code {
        // A receiver may answer with what it was sent.
        Some(code) => {
            let redactor = Redactor::of_code(code.as_str());
            let headers = reply.headers.into_iter();
            Reply {
                headers: headers.map(|(name, value)| (name, redactor.text(value))).collect(),
                text: reply.text.map(|text| redactor.text(text)),
                ..reply
            }
        }
        None => reply,
    })
}

fn secrets(app: &App, claimed: &ClaimedDelivery) -> Result<Vec<EndpointSecret>> {
    let name = sealed_name(&claimed.endpoint.id);
    let opened = |row: &WebhookSecretRow| Ok(EndpointSecret::opened(app.master.open(&row.sealed, &name)?));
    let secrets: Vec<EndpointSecret> = claimed.secrets.iter().map(opened).collect::<Result<_>>()?;
    match secrets.is_empty() {
        false => Ok(secrets),
        true => Err(Error::unexpected("signing a webhook", "its endpoint has no secret")),
    }
}

/// As they are kept: JSON.
fn headers(headers: &[(String, String)]) -> Option<String> {
    (!headers.is_empty()).then(|| serde_json::json!(headers).to_string())
}

fn not_sent(problem: &str) -> Reply {
    Reply {
        took: Duration::ZERO,
        status: None,
        headers: Vec::new(),
        error: Some(problem.to_owned()),
        text: None,
        retry_after: None,
    }
}

fn fate(claimed: &ClaimedDelivery, reply: &Reply, ended_ms: i64) -> DeliveryFate {
    if reply.is_success() {
        return DeliveryFate::Delivered;
    }
    let is_final = reply.is_gone() || claimed.event.is_none();
    let done = usize::try_from(claimed.delivery.attempts)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    let wait = (!is_final)
        .then(|| next_wait(done, reply.retry_after, super::super::fraction()))
        .flatten();
    wait.map_or(DeliveryFate::Failed, |wait| DeliveryFate::Retry {
        run_at_ms: ended_ms + millis(wait),
    })
}
