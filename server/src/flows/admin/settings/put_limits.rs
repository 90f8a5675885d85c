//! `PUT …/settings/limits`

use aerocall_api_types::{LimitSettings, Permission};
use aerocall_runtime::RequestedLimits;

use super::{BODY, LIMITS, keep};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        input::Fields,
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
        invocation_limits,
    },
    storage::store::{Setting, SettingName},
};

/// Replaces the most that an invocation may use, from the next one on.
pub(crate) struct PutInvocationLimits;

impl Flow for PutInvocationLimits {
    type Who = EnvironmentAdmin;
    type Input = RequestedLimits;
    type Output = LimitSettings;

    const NEEDS: Option<Permission> = Some(Permission::SettingsWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Put,
        environment!("/settings/limits"),
        "Replace invocation limits",
    )
    .fields(invocation_limits::FIELDS)
    .example(r#"{"deadlineMs":2000}"#)
    .answers(200, "The stored settings.", LIMITS);

    const BODY: BodyLimit = BODY;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<RequestedLimits> {
        Some(invocation_limits::read(fields))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, limits: RequestedLimits) -> Result<LimitSettings> {
        let text =
            serde_json::to_string(&limits).map_err(|error| Error::unexpected("writing a project's limits", error))?;
        keep(app, caller, "limits", SettingName::Limits, Setting::Open(text)).await?;
        app.hooks.registry.restore_scope(&caller.scope).await?;
        Ok(invocation_limits::settings(&limits))
    }
}
