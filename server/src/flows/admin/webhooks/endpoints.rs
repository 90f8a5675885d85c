//! Endpoints: made, listed, changed, deleted, and their secrets rotated. A secret is shown when it is made and never again.

use serde_json::{Map, Value, json};

use super::endpoint;
use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        ids::{Kind, Scope, new_id},
        input::{Fields, Parsed},
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    outbound::webhooks::{Draft, EndpointSecret, Wanted, document, sealed_name},
    storage::store::DisabledBy,
};

const MAX_ENDPOINTS: i64 = 50;
const MAX_URL_BYTES: usize = 2_000;
/// How long an old secret signs beside the new one, unless the admin says otherwise.
const USUAL_OVERLAP_S: i64 = 86_400;
const MAX_OVERLAP_S: i64 = 30 * 86_400;

/// Keeps a new endpoint; answers it with its secret.
pub(crate) async fn create(app: &App, scope: &Scope, by: Actor, body: Map<String, Value>) -> Result<Value> {
    let definition = Draft::read_new(body, url(app))?;
    let (id, secret) = (new_id(Kind::Webhook), EndpointSecret::random()?);
    let sealed = app.master.seal(secret.bytes(), &sealed_name(&id))?;
    let (owned, now_ms, wanted) = (scope.clone(), app.clock.now_ms(), id.clone());
    let kept = app.store.write(move |tx| {
        tx.advisory_lock(&format!("webhooks/{owned}"))?;
        if tx.count_endpoints(&owned)? >= MAX_ENDPOINTS {
            return Ok(None);
        }
        tx.insert_endpoint(&owned, &wanted, &definition.fields(now_ms))?;
        tx.insert_webhook_secret(&new_id(Kind::WebhookSecret), &wanted, &sealed, now_ms)?;
        let entry = AuditEntry::new(Action::WebhookCreated, &wanted);
        audit::record(tx, Some(&owned), &by, entry, now_ms)?;
        tx.endpoint(&owned, &wanted)
    });
    let row = kept.await?.ok_or_else(|| {
        Refusal::limit_reached(format!(
            "An environment can have at most {MAX_ENDPOINTS} webhook endpoints"
        ))
    })?;
    let mut shown = document(&row)?;
    shown["secret"] = secret.shown().as_str().into();
    Ok(shown)
}

pub(crate) async fn list(app: &App, scope: &Scope) -> Result<Value> {
    let scope = scope.clone();
    let rows = app.store.read(move |tx| tx.endpoints(&scope)).await?;
    let endpoints = rows.iter().map(document).collect::<Result<Vec<_>>>()?;
    Ok(json!({ "webhooks": endpoints }))
}

pub(crate) async fn one(app: &App, scope: &Scope, id: &str) -> Result<Value> {
    document(&endpoint(app, scope, id).await?)
}

/// Changes what was sent, and enables or disables it.
pub(crate) async fn change(app: &App, scope: &Scope, by: Actor, id: &str, body: Map<String, Value>) -> Result<Value> {
    let draft = Draft::read_change(body, url(app))?;
    let (scope, id, now_ms) = (scope.clone(), id.to_owned(), app.clock.now_ms());
    let changed = app.store.write(move |tx| {
        let Some(row) = tx.endpoint(&scope, &id)? else {
            return Ok(None);
        };
        tx.update_endpoint(&scope, &id, &draft.over(&row).fields(now_ms))?;
        match draft.state {
            Some(Wanted::Enabled) if !row.is_enabled() => tx.enable_endpoint(&scope, &id, now_ms)?,
            Some(Wanted::Disabled) => {
                tx.disable_endpoint(&id, DisabledBy::Admin, now_ms)?;
            }
            _ => {}
        }
        audit::record(
            tx,
            Some(&scope),
            &by,
            AuditEntry::new(Action::WebhookUpdated, &id),
            now_ms,
        )?;
        tx.endpoint(&scope, &id)
    });
    document(&changed.await?.ok_or_else(Refusal::not_found)?)
}

/// Takes it away with its secrets and deliveries.
pub(crate) async fn delete(app: &App, scope: &Scope, by: Actor, id: &str) -> Result<Value> {
    let (scope, owned, now_ms) = (scope.clone(), id.to_owned(), app.clock.now_ms());
    let there = app.store.write(move |tx| {
        let there = tx.delete_endpoint(&scope, &owned)?;
        if there {
            audit::record(
                tx,
                Some(&scope),
                &by,
                AuditEntry::new(Action::WebhookDeleted, &owned),
                now_ms,
            )?;
        }
        Ok(there)
    });
    match there.await? {
        true => Ok(json!({ "deleted": id })),
        false => Err(Refusal::not_found().into()),
    }
}

/// A new secret; those before it sign beside it for a while (Standard Webhooks 1.0, "Secret rotation").
pub(crate) async fn rotate(app: &App, scope: &Scope, by: Actor, id: &str, body: Map<String, Value>) -> Result<Value> {
    let mut fields = Fields::new(body);
    let overlap_s = fields.optional("overlapSeconds", overlap);
    let overlap_s = fields.finish(Some(overlap_s))?.unwrap_or(USUAL_OVERLAP_S);
    let secret = EndpointSecret::random()?;
    let sealed = app.master.seal(secret.bytes(), &sealed_name(id))?;
    let (scope, owned, now_ms) = (scope.clone(), id.to_owned(), app.clock.now_ms());
    let ends_ms = now_ms + overlap_s * 1_000;
    let rotated = app.store.write(move |tx| {
        if tx.endpoint(&scope, &owned)?.is_none() {
            return Ok(false);
        }
        tx.expire_webhook_secrets(&owned, ends_ms)?;
        tx.insert_webhook_secret(&new_id(Kind::WebhookSecret), &owned, &sealed, now_ms)?;
        audit::record(
            tx,
            Some(&scope),
            &by,
            AuditEntry::new(Action::WebhookSecretRotated, &owned),
            now_ms,
        )?;
        Ok(true)
    });
    match rotated.await? {
        true => Ok(json!({ "id": id, "secret": secret.shown().as_str(), "olderUntil": clock::iso(ends_ms) })),
        false => Err(Refusal::not_found().into()),
    }
}

fn overlap(value: Value) -> Parsed<i64> {
    value
        .as_i64()
        .filter(|seconds| (0..=MAX_OVERLAP_S).contains(seconds))
        .ok_or_else(|| format!("must be a whole number of seconds from 0 to {MAX_OVERLAP_S}"))
}

/// An address that a message could leave for. Plain http only where private networks are open, which is development.
fn url(app: &App) -> impl Fn(Value) -> Parsed<String> + '_ {
    move |value| {
        let text = match value {
            Value::String(text) if text.len() <= MAX_URL_BYTES => text,
            Value::String(_) => return Err(format!("must have at most {MAX_URL_BYTES} bytes")),
            _ => return Err("must be a string".to_owned()),
        };
        let url = app
            .hooks
            .platform
            .egress
            .check(&text)
            .map_err(|error| error.to_string())?;
        if url.scheme() != "https" && app.config.egress.private_networks.is_empty() {
            return Err("must begin with https://".to_owned());
        }
        if url.fragment().is_some() {
            return Err("must have no fragment (#…)".to_owned());
        }
        Ok(url.into())
    }
}
