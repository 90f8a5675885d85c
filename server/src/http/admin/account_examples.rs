//! What the endpoints about accounts answer, by example, as `examples` has it of the others.

pub(crate) const KEYS: &str =
    r#"{"project_id": "shop", "environment": "staging", "publishable_key": "pk_…", "secret_key": "sk_…"}"#;

pub(crate) const USER: &str = r#"{"user": {"id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "emailVerified": true, "metadata": {}, "publicMetadata": {}, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": null, "banned": false, "bannedUntil": null, "banReason": null}}"#;

pub(crate) const USERS: &str = r#"{"users": [{"id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "emailVerified": true, "metadata": {}, "publicMetadata": {}, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": null, "banned": false, "bannedUntil": null, "banReason": null}]}"#;

pub(crate) const DELETED: &str = r#"{"deleted": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"}"#;

pub(crate) const REVOKED: &str = r#"{"revoked": 2}"#;

pub(crate) const EXPORT: &str =
    r#"{"user": {}, "sessions": [{}], "identities": [{}], "factors": [{}], "events": [{}], "audit": [{}]}"#;

pub(crate) const SIGNING_KEYS: &str = r#"{"keys": [{"kid": "key_…", "state": "signing", "createdAt": "2026-01-31T12:00:00.000Z", "activeAt": "2026-01-31T12:00:00.000Z", "retiredAt": null}]}"#;

pub(crate) const ROTATED: &str = r#"{"kid": "key_…", "keys": [{"kid": "key_…", "state": "next", "createdAt": "2026-01-31T12:00:00.000Z", "activeAt": "2026-01-31T12:10:00.000Z", "retiredAt": null}]}"#;

pub(crate) const AUDIT: &str = r#"{"audit": [{"id": "aud_…", "project": null, "environment": null, "time": "2026-01-31T12:00:00.000Z", "actor": "admin:adm_…", "action": "user.banned", "target": "usr_…", "ip": "203.0.113.9", "requestId": "req_…", "data": {}}]}"#;
