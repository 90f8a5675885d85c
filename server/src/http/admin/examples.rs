//! What the admin API answers, by example, and what of it asks for more than a field's kind can say. The schemas of its
//! answers are made from these; `server/tests/openapi.rs` holds them against what the server answers.

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

/// A list of host patterns.
pub(crate) const HOSTS: &str = r#"{"type":"array","maxItems":200,"items":{"type":"string"}}"#;
