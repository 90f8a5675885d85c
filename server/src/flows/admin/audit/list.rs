//! `GET …/audit`

use aerocall_api_types::{AuditLog, Permission};

use super::{FIELDS, Input, log};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    domain::project::AuthSettings,
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Lists the audit log of an environment.
pub(crate) struct ListAudit;

impl Flow for ListAudit {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = AuditLog;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/audit"), "List audit log entries of an environment")
        .fields(FIELDS)
        .answers(
            200,
            "The entries, newest first.",
            r#"{"audit": [{"id": "aud_…", "project": "shop", "environment": "production", "time": "2026-01-31T12:00:00.000Z", "actor": "admin:adm_…", "actorEmail": null, "via": null, "action": "user.banned", "target": "usr_…", "ip": "203.0.113.9", "requestId": "req_…", "data": {"until": null, "reason": "spam"}}], "next": null}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input::read(fields))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<AuditLog> {
        log(app, Some(caller.scope.clone()), input).await
    }
}
