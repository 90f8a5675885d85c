//! What the endpoints of events and webhooks answer, by example: as `examples` has the others.

pub(crate) const EVENT: &str = r#"{"id": "evt_…", "type": "auth.signup", "version": 1, "time": "2026-01-31T12:00:00.000Z", "project": "shop", "environment": "production", "actor": "anonymous", "subject": null, "data": {}}"#;

pub(crate) const EVENTS: &str = r#"{"events": [{"id": "evt_…", "type": "auth.signup", "version": 1, "time": "2026-01-31T12:00:00.000Z", "project": "shop", "environment": "production", "actor": "anonymous", "subject": null, "data": {}}]}"#;

pub(crate) const WEBHOOK: &str = r#"{"id": "whk_…", "url": "https://example.com/webhooks", "description": "", "events": ["auth.signup"], "filter": [], "state": "enabled", "disabledBy": null, "order": "none", "codes": "withheld", "ownerEmail": null, "failingSince": null, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z"}"#;

pub(crate) const WEBHOOKS: &str = r#"{"webhooks": [{"id": "whk_…", "url": "https://example.com/webhooks", "description": "", "events": ["auth.signup"], "filter": [], "state": "enabled", "disabledBy": null, "order": "none", "codes": "withheld", "ownerEmail": null, "failingSince": null, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z"}]}"#;

pub(crate) const NEW_WEBHOOK: &str = r#"{"id": "whk_…", "url": "https://example.com/webhooks", "description": "", "events": ["auth.signup"], "filter": [], "state": "enabled", "disabledBy": null, "order": "none", "codes": "withheld", "ownerEmail": null, "failingSince": null, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "secret": "whsec_…"}"#;

pub(crate) const DELETED: &str = r#"{"deleted": "whk_…"}"#;

pub(crate) const ROTATED: &str = r#"{"id": "whk_…", "secret": "whsec_…", "olderUntil": "2026-01-31T12:00:00.000Z"}"#;

pub(crate) const DELIVERY_LINE: &str = r#"{"id": "dlv_…", "event": "evt_…", "type": "auth.signup", "state": "delivered", "attempts": 1, "nextAttemptAt": null, "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": null}"#;

pub(crate) const DELIVERIES: &str = r#"{"deliveries": [{"id": "dlv_…", "event": "evt_…", "type": "auth.signup", "state": "delivered", "attempts": 1, "nextAttemptAt": null, "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": null}]}"#;

pub(crate) const DELIVERY: &str = r#"{"id": "dlv_…", "event": "evt_…", "type": "auth.signup", "state": "delivered", "attempts": 1, "nextAttemptAt": null, "createdAt": "2026-01-31T12:00:00.000Z", "finishedAt": null, "request": {"method": "POST", "url": "https://example.com/webhooks", "headers": {}, "body": null}, "log": [{"at": "2026-01-31T12:00:00.000Z", "durationMs": 42, "status": null, "error": null, "response": null}]}"#;

/// Conditions of a filter.
pub(crate) const CONDITIONS: &str = r#"{"type": "array", "maxItems": 10, "items": {"type": "object", "required": ["path"], "minProperties": 2, "maxProperties": 2, "properties": {"path": {"type": "string", "pattern": "^/"}, "equals": {}, "in": {"type": "array"}, "startsWith": {"type": "string"}, "endsWith": {"type": "string"}, "exists": {"type": "boolean"}}, "additionalProperties": false}}"#;
