//! Answers that several endpoints have, for the reference.

/// A user let in.
pub(crate) const GRANTED: &str = r#"{
  "user": {"id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "emailVerified": false, "metadata": {}, "publicMetadata": {}, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z"},
  "session": {"id": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"},
  "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.…",
  "token_type": "Bearer",
  "expires_in": 900,
  "refresh_token": "rt_…"
}"#;

/// The answer to somebody who may know of nothing.
pub(crate) const ACCEPTED: &str = r#"{"status": "accepted"}"#;

/// The answer to somebody whose change was made.
pub(crate) const DONE: &str = r#"{"status": "done"}"#;

/// A user.
pub(crate) const USER: &str = r#"{"user": {"id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "emailVerified": true, "name": "Ada", "metadata": {}, "publicMetadata": {}, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z"}}"#;
