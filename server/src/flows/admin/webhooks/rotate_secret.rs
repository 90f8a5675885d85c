//! `POST …/webhooks/{webhook}/rotate-secret`

use aerocall_api_types::{Permission, WebhookSecret};
use serde_json::Value;

use super::BODY;
use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        ids::{Kind, new_id},
        input::{Fields, Parsed},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
    outbound::webhooks::{EndpointSecret, sealed_name},
};

/// How long an old secret signs beside the new one, unless the admin says otherwise.
const DEFAULT_OVERLAP_S: i64 = 86_400;
const MAX_OVERLAP_S: i64 = 30 * 86_400;

/// Makes a new secret; those before it sign beside it for a while (Standard Webhooks 1.0, "Secret rotation").
pub(crate) struct RotateWebhookSecret;

impl Flow for RotateWebhookSecret {
    type Who = EnvironmentAdmin;
    /// Seconds for which the old secrets sign, too.
    type Input = i64;
    type Output = WebhookSecret;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/webhooks/{webhook}/rotate-secret"),
        "Rotate a webhook secret",
    )
    .about("Creates a new secret. Until the old secrets expire, messages carry one signature for each secret, so that the receiver can switch without losing messages.")
    .fields(&[Field::optional(
        "overlapSeconds",
        FieldKind::Number(0, MAX_OVERLAP_S),
        "How long the old secrets stay valid, in seconds; one day if omitted.",
    )])
    .example(r#"{"overlapSeconds":3600}"#)
    .answers(
        200,
        "The new secret, returned only here.",
        r#"{"id": "whk_…", "secret": "whsec_…", "olderUntil": "2026-01-31T12:00:00.000Z"}"#,
    );

    const BODY: BodyLimit = BODY;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<i64> {
        Some(fields.optional("overlapSeconds", overlap).unwrap_or(DEFAULT_OVERLAP_S))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, overlap_s: i64) -> Result<WebhookSecret> {
        let webhook = caller.part("webhook")?.to_owned();
        let secret = EndpointSecret::random()?;
        let sealed = app.master.seal(secret.bytes(), &sealed_name(&webhook))?;
        let (scope, id) = (caller.scope.clone(), webhook.clone());
        let ends_ms = caller.change(app, move |tx, now_ms| {
            if tx.endpoint(&scope, &id)?.is_none() {
                return Ok(Audited::Unchanged(None));
            }
            let ends_ms = now_ms + overlap_s * 1_000;
            tx.expire_webhook_secrets(&id, ends_ms)?;
            tx.insert_webhook_secret(&new_id(Kind::WebhookSecret), &id, &sealed, now_ms)?;
            let entry = AuditEntry::new(Action::WebhookSecretRotated, id);
            Ok(Audited::Changed(Some(ends_ms), entry))
        });
        let ends_ms = ends_ms.await?.ok_or_else(Refusal::not_found)?;
        Ok(WebhookSecret {
            id: webhook,
            secret: secret.shown().to_string(),
            older_until: clock::iso(ends_ms).into(),
        })
    }
}

fn overlap(value: Value) -> Parsed<i64> {
    value
        .as_i64()
        .filter(|seconds| (0..=MAX_OVERLAP_S).contains(seconds))
        .ok_or_else(|| format!("must be a whole number of seconds from 0 to {MAX_OVERLAP_S}"))
}
