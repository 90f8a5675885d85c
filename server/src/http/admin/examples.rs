//! What the admin API answers, by example, and what of it asks for more than a field's kind can say. The schemas of its
//! answers are made from these; `server/tests/openapi.rs` holds them against what the server answers.

pub(crate) const PROJECTS: &str = r#"{"projects": [{"id": "shop", "name": "Shop", "environments": ["production"], "createdAt": "2026-01-31T12:00:00.000Z"}]}"#;

pub(crate) const KEYS: &str =
    r#"{"project_id": "shop", "environment": "production", "publishable_key": "pk_…", "secret_key": "sk_…"}"#;

pub(crate) const VERSION: &str = r#"{"name": "signup", "number": 1, "digest": "sha256:…", "sizeBytes": 24576, "createdAt": "2026-01-31T12:00:00.000Z", "manifest": {}}"#;

pub(crate) const VERSIONS: &str = r#"{"versions": [{"name": "signup", "number": 1, "digest": "sha256:…", "sizeBytes": 24576, "createdAt": "2026-01-31T12:00:00.000Z", "manifest": {}}]}"#;

pub(crate) const DEPLOYMENTS: &str = r#"{"deployments": [{"id": "dep_…", "number": 1, "createdAt": "2026-01-31T12:00:00.000Z", "createdBy": "admin:…"}]}"#;

pub(crate) const LIVE: &str = r#"{"number": null, "points": {"beforeSignup": [{"name": "signup", "number": 1, "digest": "sha256:…", "failurePolicy": "closed"}]}, "hooks": [{"name": "signup", "number": 1, "digest": "sha256:…", "state": "enabled", "hooks": ["beforeSignup"], "events": ["auth.signup"], "schedules": {"cleanup": "0 3 * * *"}, "capabilities": ["cache"], "limits": {"deadlineMs": 2000}, "notRun": ["x"]}]}"#;

pub(crate) const MIGRATIONS: &str =
    r#"{"migrations": [{"name": "0001_orders.sql", "digest": "sha256:…", "appliedAt": "2026-01-31T12:00:00.000Z"}]}"#;

pub(crate) const ENDPOINTS: &str = r#"{"endpoints": [{"method": "POST", "path": "/auth/register", "summary": "Sign up with a password", "hooks": [{"point": "beforeSignup", "status": "enabled", "hooks": [{"name": "signup", "version": 1, "status": "enabled", "failurePolicy": "closed"}]}], "events": [{"name": "auth.signup", "status": "disabled", "hooks": [{"name": "welcome", "version": 1, "status": "disabled"}]}]}]}"#;

pub(crate) const SECRET: &str = r#"{"name": "crm_token", "hosts": ["api.example.com"], "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z"}"#;

pub(crate) const SECRETS: &str = r#"{"secrets": [{"name": "crm_token", "hosts": ["api.example.com"], "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z"}]}"#;

pub(crate) const DELETED: &str = r#"{"deleted": "crm_token"}"#;

pub(crate) const HTTP_SETTING: &str = r#"{"hosts": ["api.example.com"]}"#;

pub(crate) const MAIL_SETTING: &str = r#"{"smtpUrl": null, "from": null, "replyTo": null}"#;

pub(crate) const LIMITS_SETTING: &str = r#"{"deadlineMs": 2000}"#;

pub(crate) const AUTH_SETTING: &str = r#"{"appName": null, "signUp": true, "confirmEmail": true, "otpEmail": true, "otpSms": false, "magicLink": true, "mfa": "optional", "password": {"minChars": 8, "refuseCommon": true, "refuseBreached": false}, "sessions": {"accessSeconds": 900, "sessionSeconds": 2592000, "idleSeconds": 2592000, "refreshGraceSeconds": 10, "recentSeconds": 3600}, "limits": {"perIpMinute": 120, "failuresPerAccount": 10, "sendsPerRecipientHour": 10, "perProjectSecond": 2000}, "redirectUrls": ["https://app.example.com/welcome"]}"#;

pub(crate) const PROVIDERS_SETTING: &str = r#"{"providers": []}"#;

pub(crate) const MAILS: &str = r#"{"mails": [{"id": "mail_…", "to": "ada@example.com", "template": null, "subject": "Welcome", "state": "sent", "attempts": 1, "error": null, "createdAt": "2026-01-31T12:00:00.000Z", "nextAttemptAt": null, "finishedAt": null}]}"#;

pub(crate) const MAIL: &str = r#"{"id": "mail_…", "to": "ada@example.com", "template": null, "subject": "Welcome", "state": "sent", "attempts": 1, "error": null, "createdAt": "2026-01-31T12:00:00.000Z", "nextAttemptAt": null, "finishedAt": null, "text": null, "html": null}"#;

pub(crate) const TEMPLATE: &str = r#"{"name": "welcome", "subject": "Welcome, {{ name }}", "text": null, "html": null, "updatedAt": "2026-01-31T12:00:00.000Z"}"#;

pub(crate) const TEMPLATES: &str = r#"{"templates": [{"name": "welcome", "subject": "Welcome, {{ name }}", "text": null, "html": null, "updatedAt": "2026-01-31T12:00:00.000Z"}]}"#;

pub(crate) const JOB: &str = r#"{"id": "job_…", "queue": "welcome", "state": "dead", "attempts": 8, "hops": 0, "idempotencyKey": null, "orderKey": null, "priority": "normal", "runAt": "2026-01-31T12:00:00.000Z", "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": null, "error": null, "message": null}"#;

pub(crate) const JOBS: &str = r#"{"jobs": [{"id": "job_…", "queue": "welcome", "state": "dead", "attempts": 8, "hops": 0, "idempotencyKey": null, "orderKey": null, "priority": "normal", "runAt": "2026-01-31T12:00:00.000Z", "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": null, "error": null}]}"#;

pub(crate) const QUEUES: &str =
    r#"{"queues": [{"name": "welcome", "waiting": 0, "running": 0, "done": 12, "dead": 0}]}"#;

pub(crate) const INVOCATIONS: &str = r#"{"invocations": [{"id": "inv_…", "requestId": "req_…", "hook": "signup", "point": "beforeSignup", "version": 1, "digest": "sha256:…", "outcome": "allow", "durationUs": 850, "fuel": 120000, "memoryPeakBytes": 1310720, "createdAt": "2026-01-31T12:00:00.000Z", "logs": null, "logsDropped": null}]}"#;

pub(crate) const INVOCATION: &str = r#"{"id": "inv_…", "requestId": "req_…", "hook": "signup", "point": "beforeSignup", "version": 1, "digest": "sha256:…", "outcome": "allow", "durationUs": 850, "fuel": 120000, "memoryPeakBytes": 1310720, "createdAt": "2026-01-31T12:00:00.000Z", "logs": null, "logsDropped": null, "context": null, "payload": null, "reply": null, "hostCalls": null, "completeness": null}"#;

/// A list of host patterns.
pub(crate) const HOSTS: &str = r#"{"type":"array","maxItems":200,"items":{"type":"string"}}"#;

/// The hooks of a deployment.
pub(crate) const HOOK_LINES: &str = r##"{"type":"array","maxItems":32,"items":{"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"},"digest":{"type":"string"},"number":{"type":"integer","format":"int32"},"order":{"type":"integer","format":"int32"},"failurePolicy":{"type":"string","enum":["open","closed"]},"enabled":{"type":"boolean"},"limits":{"$ref":"#/components/schemas/Limits"}}}}"##;

/// The migrations of a deployment.
pub(crate) const MIGRATION_LINES: &str = r#"{"type":"array","items":{"type":"object","additionalProperties":false,"required":["name","sql"],"properties":{"name":{"type":"string"},"sql":{"type":"string"}}}}"#;
