//! `GET /admin/api/v1/audit`

use aerocall_api_types::{AuditLog, Permission};

use super::{FIELDS, Input, log};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    flows::steps::endpoint::{Caller, Endpoint, Flow, ServerAdmin},
};

/// Lists the audit log of the whole server.
pub(crate) struct ListAllAudit;

impl Flow for ListAllAudit {
    type Who = ServerAdmin;
    type Input = Input;
    type Output = AuditLog;

    const NEEDS: Option<Permission> = Some(Permission::ServerManage);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/audit", "List audit log entries of all projects")
        .about("The audit log of the whole server. Requires an admin token.")
        .fields(FIELDS)
        .answers(
            200,
            "The entries, newest first.",
            r#"{"audit": [{"id": "aud_…", "project": null, "environment": null, "time": "2026-01-31T12:00:00.000Z", "actor": "server", "actorEmail": null, "via": null, "action": "admin_token.created", "target": "adm_…", "ip": "", "requestId": "", "data": {"name": "ops"}}], "next": "aud_…"}"#,
        );

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        Some(Input::read(fields))
    }

    async fn run(app: &App, _: &Caller<ServerAdmin>, input: Input) -> Result<AuditLog> {
        log(app, None, input).await
    }
}
