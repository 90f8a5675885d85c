-- The core tables. Times are milliseconds since 1970 in UTC, documents are JSON text, every tenant row carries its
-- project and environment.

CREATE TABLE projects (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE environments (
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, name)
) STRICT, WITHOUT ROWID;

-- `lookup` is the key itself when it is publishable and the SHA-256 of it when it is secret.
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('publishable', 'secret')),
    lookup TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    revoked_ms INTEGER,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE admin_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    revoked_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    public_key BLOB NOT NULL,
    sealed_private BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX signing_keys_scope ON signing_keys (project_id, environment, created_ms);

CREATE TABLE users (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    email TEXT NOT NULL,
    email_normal TEXT NOT NULL,
    phone TEXT,
    name TEXT,
    password_hash TEXT NOT NULL,
    metadata TEXT NOT NULL,
    public_metadata TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    UNIQUE (project_id, environment, email_normal),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client TEXT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    last_used_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    revoked_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE hook_versions (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    manifest TEXT NOT NULL,
    component_bytes INTEGER NOT NULL,
    component BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (project_id, name, number),
    UNIQUE (project_id, name, digest)
) STRICT;
CREATE TRIGGER hook_versions_are_immutable BEFORE UPDATE ON hook_versions
BEGIN
    SELECT RAISE(ABORT, 'a hook version never changes');
END;

-- The deployment with the highest number is live.
CREATE TABLE deployments (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    number INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (project_id, environment, number),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE deployment_hooks (
    deployment_id TEXT NOT NULL REFERENCES deployments (id),
    position INTEGER NOT NULL,
    version_id TEXT NOT NULL REFERENCES hook_versions (id),
    -- NULL: closed before, open after.
    failure_policy TEXT CHECK (failure_policy IN ('open', 'closed')),
    state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled')),
    limits TEXT NOT NULL,
    PRIMARY KEY (deployment_id, position)
) STRICT, WITHOUT ROWID;

-- Written in the transaction of the change it tells of; a dispatcher reads it later.
CREATE TABLE outbox_events (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    data TEXT NOT NULL,
    dispatched_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_events_waiting ON outbox_events (id) WHERE dispatched_ms IS NULL;
