//! What is noted of attempts that are over: the delivery, its attempt, and how the endpoint fares. An endpoint that says it
//! is gone, or that nothing has reached for days, is disabled, and its owner gets a mail.

use std::collections::{BTreeMap, BTreeSet};

use super::attempt::Ended;
use crate::{
    base::ids::{Kind, new_id},
    domain::audit::{self, Action, Actor, AuditEntry},
    storage::store::{DeliveryFate, DisabledBy, EndpointRow, NewMail, StoreError, Tx},
};

/// How an endpoint fares, as the last of its attempts says.
struct Health<'a> {
    endpoint: &'a EndpointRow,
    works: bool,
    is_gone: bool,
}

/// Notes them all.
pub(super) fn all(
    tx: &mut Tx<'_>,
    owner: &str,
    over: &[Ended],
    now_ms: i64,
    disable_after_ms: i64,
) -> Result<(), StoreError> {
    let noted = over.iter().filter(|ended| may_be_noted(ended));
    let noted: BTreeSet<&str> = noted.map(|ended| ended.endpoint.id.as_str()).collect();
    if !noted.is_empty() {
        // Before their deliveries, as whoever deletes an endpoint has them.
        tx.lock_endpoints(&noted.into_iter().collect::<Vec<_>>())?;
    }
    let mut health: BTreeMap<&str, Health<'_>> = BTreeMap::new();
    let mut sorted: Vec<&Ended> = over.iter().collect();
    sorted.sort_by(|one, other| one.attempt.delivery_id.cmp(&other.attempt.delivery_id));
    for ended in sorted {
        if !tx.settle_delivery(owner, &ended.attempt, ended.fate)? {
            tracing::warn!(
                delivery = ended.attempt.delivery_id,
                "a webhook attempt took longer than its lease"
            );
            continue;
        }
        let known = health.entry(&ended.endpoint.id).or_insert(Health {
            endpoint: &ended.endpoint,
            works: false,
            is_gone: false,
        });
        known.works |= ended.fate == DeliveryFate::Delivered;
        known.is_gone |= ended.is_gone;
    }
    health
        .values()
        .try_for_each(|health| note(tx, health, now_ms, disable_after_ms))
}

/// Whether the attempt can change its endpoint.
fn may_be_noted(ended: &Ended) -> bool {
    ended.is_gone || ended.fate != DeliveryFate::Delivered || ended.endpoint.failing_since_ms.is_some()
}

fn note(tx: &mut Tx<'_>, health: &Health<'_>, now_ms: i64, disable_after_ms: i64) -> Result<(), StoreError> {
    let endpoint = health.endpoint;
    if health.is_gone {
        return disable(tx, endpoint, DisabledBy::Gone, now_ms);
    }
    if health.works {
        return match endpoint.failing_since_ms {
            Some(_) => tx.endpoint_works(&endpoint.id),
            // It may have begun to fail since it was read: then the next success says so.
            None => Ok(()),
        };
    }
    match endpoint.failing_since_ms {
        Some(since_ms) if now_ms - since_ms >= disable_after_ms => disable(tx, endpoint, DisabledBy::Failing, now_ms),
        Some(_) => Ok(()),
        None => tx.endpoint_fails(&endpoint.id, now_ms),
    }
}

fn disable(tx: &mut Tx<'_>, endpoint: &EndpointRow, by: DisabledBy, now_ms: i64) -> Result<(), StoreError> {
    if !tx.disable_endpoint(&endpoint.id, by, now_ms)? {
        return Ok(());
    }
    let scope = endpoint.scope()?;
    tracing::warn!(%scope, endpoint = endpoint.id, by = by.as_str(), "a webhook endpoint was disabled");
    let entry = AuditEntry::new(Action::WebhookDisabled, &endpoint.id);
    audit::record(tx, Some(&scope), &Actor::server(), entry, now_ms)?;
    match &endpoint.owner_email {
        Some(to) => tx.insert_mail(&scope, &mail(to, endpoint, by, now_ms)),
        None => Ok(()),
    }
}

fn mail(to: &str, endpoint: &EndpointRow, by: DisabledBy, now_ms: i64) -> NewMail {
    let why = match by {
        DisabledBy::Gone => "it responded with 410 Gone",
        DisabledBy::Failing => "no delivery succeeded for days",
        DisabledBy::Admin => "disabled by an admin",
    };
    let text = format!(
        "The webhook endpoint {url} ({id}) was disabled and gets no more events. Reason: {why}.\n\n\
         Once it works again, enable it and resend the missed events:\n\
         PATCH …/webhooks/{id} with {{\"state\":\"enabled\"}}, then POST …/webhooks/{id}/replay.\n",
        url = endpoint.url,
        id = endpoint.id,
    );
    NewMail {
        id: new_id(Kind::Mail),
        recipient: to.to_owned(),
        template: None,
        subject: "A webhook endpoint was disabled".to_owned(),
        text: Some(text),
        html: None,
        created_ms: now_ms,
    }
}
