//! What the endpoints about accounts answer, by example, as `examples` has it of the others.

pub(crate) const USER: &str = r#"{"user": {"id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "emailVerified": true, "metadata": {}, "publicMetadata": {}, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": null, "banned": false, "bannedUntil": null, "banReason": null}}"#;

pub(crate) const USERS: &str = r#"{"users": [{"id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "emailVerified": true, "metadata": {}, "publicMetadata": {}, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": null, "banned": false, "bannedUntil": null, "banReason": null}]}"#;

pub(crate) const DELETED: &str = r#"{"deleted": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"}"#;

pub(crate) const REVOKED: &str = r#"{"revoked": 2}"#;

pub(crate) const EXPORT: &str =
    r#"{"user": {}, "sessions": [{}], "identities": [{}], "factors": [{}], "events": [{}], "audit": [{}]}"#;
