//! `POST …/webhooks`

use aerocall_api_types::{NewWebhookEndpoint, Permission};
use aerocall_contract::errors;

use super::{
    ABOUT_CODES, ABOUT_CONDITIONS, ABOUT_DESCRIPTION, ABOUT_ORDER, ABOUT_OWNER, ABOUT_TYPES, ABOUT_URL, BODY, CODES,
    CONDITIONS, ORDER, TYPES, checked, document, url,
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{Kind, new_id},
        input::Fields,
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
    outbound::webhooks::{Definition, Draft, EndpointSecret, sealed_name},
};

const MAX_ENDPOINTS: i64 = 50;

/// Creates a webhook endpoint; answers it with its secret.
pub(crate) struct CreateWebhook;

impl Flow for CreateWebhook {
    type Who = EnvironmentAdmin;
    type Input = Definition;
    type Output = NewWebhookEndpoint;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/webhooks"), "Create a webhook endpoint")
        .about("Messages are signed as in Standard Webhooks 1.0. The secret is returned only here. An environment has at most 50 endpoints.")
        .fields(&[
            Field::required("url", FieldKind::Text(2_000), ABOUT_URL),
            Field::required("events", TYPES, ABOUT_TYPES),
            Field::optional("filter", CONDITIONS, ABOUT_CONDITIONS),
            Field::optional("description", FieldKind::Text(500), ABOUT_DESCRIPTION),
            Field::optional("order", FieldKind::OneOf(ORDER), ABOUT_ORDER),
            Field::optional("codes", FieldKind::OneOf(CODES), ABOUT_CODES),
            Field::optional("ownerEmail", FieldKind::Email, ABOUT_OWNER),
        ])
        .example(r#"{"url":"https://example.com/webhooks","events":["auth.signup","auth.mfa.*"]}"#)
        .answers(
            201,
            "The webhook endpoint, with its secret.",
            r#"{"id": "whk_…", "url": "https://example.com/webhooks", "description": "", "events": ["auth.signup"], "filter": [], "state": "enabled", "disabledBy": null, "order": "none", "codes": "withheld", "ownerEmail": null, "failingSince": null, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "secret": "whsec_…"}"#,
        )
        .errors(&[errors::LIMIT_REACHED]);

    const BODY: BodyLimit = BODY;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Definition> {
        Draft::read_new(fields, url)
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, mut new: Definition) -> Result<NewWebhookEndpoint> {
        new.url = checked(app, &new.url)?;
        let (scope, id, secret) = (caller.scope.clone(), new_id(Kind::Webhook), EndpointSecret::random()?);
        let sealed = app.master.seal(secret.bytes(), &sealed_name(&id))?;
        let kept = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(&format!("webhooks/{scope}"))?;
            if tx.count_endpoints(&scope)? >= MAX_ENDPOINTS {
                return Ok(Audited::Unchanged(None));
            }
            tx.insert_endpoint(&scope, &id, &new.fields(now_ms))?;
            tx.insert_webhook_secret(&new_id(Kind::WebhookSecret), &id, &sealed, now_ms)?;
            let row = tx.endpoint(&scope, &id)?;
            Ok(Audited::Changed(row, AuditEntry::new(Action::WebhookCreated, id)))
        });
        let row = kept.await?.ok_or_else(|| {
            Refusal::limit_reached(format!(
                "An environment can have at most {MAX_ENDPOINTS} webhook endpoints"
            ))
        })?;
        Ok(NewWebhookEndpoint {
            endpoint: document(row)?,
            secret: secret.shown().to_string(),
        })
    }
}
