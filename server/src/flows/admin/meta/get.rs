//! `GET /admin/api/v1/meta`

use aerocall_api_types::{Permission, ServerEngine, ServerFeatures, ServerLimits, ServerMeta};

use crate::{
    app::App,
    base::{clock, error::Result},
    domain::audit::Action,
    flows::steps::{
        endpoint::{AnyAdmin, Caller, Endpoint, Flow},
        invocation_limits,
    },
};

/// Says what this server is and can do.
pub(crate) struct GetMeta;

impl Flow for GetMeta {
    type Who = AnyAdmin;
    type Input = ();
    type Output = ServerMeta;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/meta", "Get what the server is and can do").answers(
        200,
        "Version, features and limits.",
        r#"{"version": "0.1.0", "now": "2026-01-31T12:00:00.000Z", "engines": [{"name": "quickjs", "digest": "sha256:…"}], "features": {"types": false, "mailCapture": true, "assistant": false}, "limits": {"jsonBodyBytes": 65536, "bundleBytes": 16777216, "recordsKeepSeconds": 604800, "recordsMostPerProject": 20000, "eventsKeepSeconds": 604800, "invocation": {"fuel": 1, "memoryBytes": 1, "deadlineMs": 1, "payloadBytes": 1, "replyBytes": 1, "logLines": 1, "logBytes": 1, "hostCalls": 1, "hostBytes": 1, "recordBytes": 1, "dbRows": 1, "dbStatementMs": 1, "httpRequests": 1, "httpResponseBytes": 1, "emails": 1, "queueMessages": 1}}, "permissions": ["project:read"], "auditActions": ["project.created"]}"#,
    );

    async fn run(app: &App, _: &Caller<AnyAdmin>, (): ()) -> Result<ServerMeta> {
        let config = &app.config;
        let bytes = |most: usize| u64::try_from(most).unwrap_or(u64::MAX);
        let engines = app.hooks.registry.engines().into_iter();
        Ok(ServerMeta {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            now: clock::iso(app.clock.now_ms()).into(),
            engines: engines.map(|(name, digest)| ServerEngine { name, digest }).collect(),
            features: ServerFeatures {
                types: app.hooks.registry.type_checker().is_some(),
                mail_capture: config.mail.smtp.is_none(),
                assistant: config.assistant.model.is_some(),
            },
            limits: ServerLimits {
                json_body_bytes: bytes(config.http.json_body_bytes),
                bundle_bytes: bytes(config.http.component_body_bytes),
                records_keep_seconds: config.records.keep.as_secs(),
                records_most_per_project: u64::try_from(config.records.most_per_project).unwrap_or_default(),
                events_keep_seconds: config.events.keep.as_secs(),
                invocation: invocation_limits::effective(&config.hooks.max),
            },
            permissions: Permission::ALL.to_vec(),
            audit_actions: Action::ALL.iter().map(|action| action.as_str().to_owned()).collect(),
        })
    }
}
