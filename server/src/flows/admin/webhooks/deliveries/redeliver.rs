//! `POST …/webhooks/{webhook}/deliveries/{delivery}/replay`

use aerocall_api_types::{Delivery, Permission};
use aerocall_contract::errors;

use super::{
    super::{DELIVERY, enabled},
    delivery,
};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    },
};

/// Sends one delivery again that has ended.
pub(crate) struct Redeliver;

impl Flow for Redeliver {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Delivery;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/webhooks/{webhook}/deliveries/{delivery}/replay"),
        "Resend a delivery",
    )
    .about(
        "Sends a delivery that has ended once more. The message keeps its id, so that the receiver can recognise it.",
    )
    .answers(202, "The delivery, waiting to be sent again.", DELIVERY)
    .errors(&[errors::WEBHOOK_DISABLED, errors::DELIVERY_NOT_ENDED]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Delivery> {
        let endpoint = enabled(app, &caller.scope, caller.part("webhook")?).await?;
        let id = caller.part("delivery")?.to_owned();
        let replayed = caller.change(app, move |tx, now_ms| {
            let has_begun = tx.replay_delivery(&endpoint.id, &id, now_ms)?;
            let Some(row) = tx.delivery(&endpoint.id, &id)? else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            Ok(match has_begun {
                true => Audited::Changed(Ok(row), AuditEntry::new(Action::WebhookReplayed, id)),
                false => Audited::Unchanged(Err(not_ended(&row.state))),
            })
        });
        let row = replayed.await??;
        app.hooks.platform.deliveries.notify_one();
        delivery(row)
    }
}

fn not_ended(state: &str) -> Refusal {
    let message = format!("The delivery is {state}; only a delivery that has ended can be resent");
    Refusal::new(errors::DELIVERY_NOT_ENDED, message)
}
