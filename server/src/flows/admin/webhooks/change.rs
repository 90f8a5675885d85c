//! `PATCH …/webhooks/{webhook}`

use aerocall_api_types::{Permission, WebhookEndpoint};
use serde_json::Value;
use url::Url;

use super::{
    super::settings::difference::between, ABOUT_CODES, ABOUT_CONDITIONS, ABOUT_DESCRIPTION, ABOUT_ORDER, ABOUT_OWNER,
    ABOUT_TYPES, ABOUT_URL, BODY, CODES, CONDITIONS, EXAMPLE, ORDER, TYPES, checked, document, url,
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
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
    outbound::webhooks::{Draft, Wanted},
    storage::store::{DisabledBy, EndpointRow},
};

/// Changes what was sent, and enables or disables the endpoint.
pub(crate) struct ChangeWebhook;

impl Flow for ChangeWebhook {
    type Who = EnvironmentAdmin;
    type Input = Draft;
    type Output = WebhookEndpoint;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Patch,
        environment!("/webhooks/{webhook}"),
        "Update a webhook endpoint",
    )
    .about("Omitted fields stay unchanged. Disabling an endpoint cancels its waiting deliveries.")
    .fields(&[
        Field::optional("url", FieldKind::Text(2_000), ABOUT_URL),
        Field::optional("events", TYPES, ABOUT_TYPES),
        Field::optional("filter", CONDITIONS, ABOUT_CONDITIONS),
        Field::optional("description", FieldKind::Text(500), ABOUT_DESCRIPTION),
        Field::optional("order", FieldKind::OneOf(ORDER), ABOUT_ORDER),
        Field::optional("codes", FieldKind::OneOf(CODES), ABOUT_CODES),
        Field::optional("ownerEmail", FieldKind::Email, ABOUT_OWNER),
        Field::optional(
            "state",
            FieldKind::OneOf(&["enabled", "disabled"]),
            "Whether events are delivered to it.",
        ),
    ])
    .example(r#"{"state":"disabled"}"#)
    .answers(200, "The webhook endpoint.", EXAMPLE);

    const BODY: BodyLimit = BODY;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Draft> {
        Some(Draft::read_change(fields, url))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, mut draft: Draft) -> Result<WebhookEndpoint> {
        draft.url = draft.url.map(|url| checked(app, &url)).transpose()?;
        let (scope, id) = (caller.scope.clone(), caller.part("webhook")?.to_owned());
        let changed = caller.change(app, move |tx, now_ms| {
            let Some(row) = tx.endpoint(&scope, &id)? else {
                return Ok(Audited::Unchanged(None));
            };
            tx.update_endpoint(&scope, &id, &draft.over(&row).fields(now_ms))?;
            match draft.state {
                Some(Wanted::Enabled) if !row.is_enabled() => tx.enable_endpoint(&scope, &id, now_ms)?,
                Some(Wanted::Disabled) => {
                    tx.disable_endpoint(&id, DisabledBy::Admin, now_ms)?;
                }
                _ => {}
            }
            let Some(after) = tx.endpoint(&scope, &id)? else {
                return Ok(Audited::Unchanged(None));
            };
            let entry = AuditEntry::new(Action::WebhookUpdated, id).with(differences(&row, &after));
            Ok(Audited::Changed(Some(after), entry))
        });
        document(changed.await?.ok_or_else(Refusal::not_found)?)
    }
}

/// What changed, before and after. An address may have a token in its path or its query, so that of it only the host is told.
fn differences(before: &EndpointRow, after: &EndpointRow) -> Value {
    let shown = |row: &EndpointRow| {
        let mut shown = document(row.clone()).ok()?;
        let host = Url::parse(&row.url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        shown.url = host.unwrap_or_default();
        shown.updated_at = shown.created_at.clone();
        Some(shown)
    };
    let mut data = between(&shown(before), &shown(after));
    if before.url != after.url {
        data["urlChanged"] = true.into();
    }
    data
}
