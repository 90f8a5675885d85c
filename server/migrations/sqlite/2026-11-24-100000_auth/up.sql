-- Every auth flow: what an account is, how sessions go on, one-time tokens, second factors, identities, the audit log.

-- A user without a password has none. (SQLite cannot take NOT NULL away, so the column is made anew.)
ALTER TABLE users RENAME COLUMN password_hash TO password_hash_before;
ALTER TABLE users ADD COLUMN password_hash TEXT;
UPDATE users SET password_hash = password_hash_before;
ALTER TABLE users DROP COLUMN password_hash_before;
ALTER TABLE users ADD COLUMN password_changed_ms INTEGER;
ALTER TABLE users ADD COLUMN email_verified_ms INTEGER;
ALTER TABLE users ADD COLUMN phone_verified_ms INTEGER;
-- Until then the user may not get a session; a ban without end is the largest number.
ALTER TABLE users ADD COLUMN banned_until_ms INTEGER;
ALTER TABLE users ADD COLUMN ban_reason TEXT;
ALTER TABLE users ADD COLUMN last_login_ms INTEGER;
-- How they signed up: 'password', 'otp', 'magic_link', 'admin', or an identity provider.
ALTER TABLE users ADD COLUMN provider TEXT NOT NULL DEFAULT 'password';
CREATE UNIQUE INDEX users_verified_phone ON users (project_id, environment, phone)
    WHERE phone_verified_ms IS NOT NULL;
CREATE INDEX users_scope ON users (project_id, environment, id);

ALTER TABLE sessions ADD COLUMN provider TEXT NOT NULL DEFAULT 'password';
-- How the user proved who they are, JSON list of RFC 8176 values.
ALTER TABLE sessions ADD COLUMN amr TEXT NOT NULL DEFAULT '["pwd"]';
-- The last time they did; what asks for a recent login looks here.
ALTER TABLE sessions ADD COLUMN authenticated_ms INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET authenticated_ms = created_ms;
-- Not refreshed until then, the session is over.
ALTER TABLE sessions ADD COLUMN idle_until_ms INTEGER NOT NULL DEFAULT 9223372036854775807;
CREATE INDEX sessions_age ON sessions (expires_ms);

-- One family per session. `hash` is the SHA-256 of the token; a token that was used stays until its session goes, so
-- that a late use is known for what it is.
CREATE TABLE refresh_tokens (
    hash TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    parent_hash TEXT,
    created_ms INTEGER NOT NULL,
    used_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE UNIQUE INDEX refresh_tokens_parent ON refresh_tokens (parent_hash) WHERE parent_hash IS NOT NULL;

-- Links and codes that work once. `lookup` is a hash: of the token, or of what a code was sent to; `proof` is a MAC of the
-- code. One row per lookup: a new code replaces the one before.
CREATE TABLE one_time_tokens (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    purpose TEXT NOT NULL,
    lookup TEXT NOT NULL,
    proof TEXT NOT NULL,
    -- NULL: there is no such user (yet).
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    -- JSON, what the purpose needs.
    data TEXT NOT NULL,
    attempts_left INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, environment, purpose, lookup),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_tokens_user ON one_time_tokens (user_id, purpose) WHERE user_id IS NOT NULL;
CREATE INDEX one_time_tokens_age ON one_time_tokens (expires_ms);

-- Accounts at identity providers.
CREATE TABLE identities (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email TEXT,
    created_ms INTEGER NOT NULL,
    last_used_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, environment, provider, subject),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_user ON identities (user_id);

-- Second factors. `last_step`: the last time step whose code was taken, so that none is taken twice (RFC 6238, 5.2).
CREATE TABLE mfa_factors (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('totp')),
    name TEXT,
    sealed_secret BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'verified')),
    last_step INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL,
    verified_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX mfa_factors_user ON mfa_factors (user_id);

CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

-- Whether a hook that keeps failing is left out for a while.
ALTER TABLE deployment_hooks ADD COLUMN breaker TEXT NOT NULL DEFAULT 'on' CHECK (breaker IN ('on', 'off'));

-- A key signs from `active_ms` on, and is shown until `retired_ms`.
ALTER TABLE signing_keys ADD COLUMN active_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE signing_keys ADD COLUMN retired_ms INTEGER;

-- What admins did, and what happened to accounts. Never changed.
CREATE TABLE audit_log (
    id TEXT PRIMARY KEY NOT NULL,
    -- NULL: of the server.
    project_id TEXT,
    environment TEXT,
    time_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    ip TEXT NOT NULL,
    request_id TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_scope ON audit_log (project_id, environment, id);
CREATE INDEX audit_log_age ON audit_log (time_ms);
CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log never changes');
END;
