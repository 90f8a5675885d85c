//! `PUT …/settings/providers`

use aerocall_api_types::{Permission, StoredIdentityProviders};

use super::{BODY, keep};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::Fields,
    },
    domain::project::AuthSettings,
    flows::steps::endpoint::{
        BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment,
    },
    outbound::oidc::{Providers, SentProviders},
    storage::store::SettingName,
};

const STORED: &str = r#"{"providers": [{"name": "google", "issuer": "https://accounts.google.com", "clientId": "1234.apps.example.com", "scopes": ["email", "profile"]}], "warnings": []}"#;

/// Replaces all identity providers; a secret that is left out stays.
pub(crate) struct PutIdentityProviders;

impl Flow for PutIdentityProviders {
    type Who = EnvironmentAdmin;
    type Input = SentProviders;
    type Output = StoredIdentityProviders;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/providers"),
        "Replace identity providers",
    )
    .about("Replaces the whole list; an omitted `clientSecret` stays unchanged. Each provider whose issuer is new is asked for its discovery document. If it calls itself something else, or cannot be used to log in, nothing is stored, and `details` says what to set; if it does not answer, it is stored, and `warnings` says why.")
    .fields(&[Field::required(
        "providers",
        FieldKind::Json(r#"{"type":"array","items":{"type":"object"},"maxItems":20}"#),
        "At most 20, each `{ name, preset?, issuer?, clientId, clientSecret?, scopes? }`; `preset` (`google`, `gitlab`, `apple` or `linkedin`) replaces `issuer`. For Apple, `clientSecret` is a JWT that you sign and replace at least every six months.",
    )])
    .example(r#"{"providers":[]}"#)
    .answers(
        200,
        "The stored providers, without their secrets.",
        STORED,
    );

    const BODY: BodyLimit = BODY;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<SentProviders> {
        SentProviders::read(fields)
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, sent: SentProviders) -> Result<StoredIdentityProviders> {
        let before = Providers::load(&app.store, &app.master, &caller.scope).await?;
        let providers = sent.after(&before)?;
        // An issuer that egress would refuse is reported now, not at the first login.
        let problems = app.oidc.problems(&providers);
        if !problems.is_empty() {
            return Err(Refusal::invalid_input(problems).into());
        }
        let inquiry = app.oidc.inquire(&providers, &before).await;
        if !inquiry.problems.is_empty() {
            return Err(Refusal::invalid_input(inquiry.problems).into());
        }
        let sealed = providers.sealed(&app.master, &caller.scope)?;
        keep(app, caller, "providers", SettingName::Providers, sealed).await?;
        Ok(StoredIdentityProviders {
            providers: providers.document().providers,
            warnings: inquiry.warnings,
        })
    }
}
