-- The core tables. Times are milliseconds since 1970 in UTC, documents are JSON text, every tenant row carries its
-- project and environment.

CREATE TABLE projects (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);

CREATE TABLE environments (
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, name)
);

-- `lookup` is the key itself when it is publishable and the SHA-256 of it when it is secret.
CREATE TABLE api_keys (
    id TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('publishable', 'secret')),
    lookup TEXT NOT NULL UNIQUE,
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);

CREATE TABLE admin_tokens (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT
);

CREATE TABLE signing_keys (
    kid TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    sealed_private BYTEA NOT NULL,
    created_ms BIGINT NOT NULL,
    -- A key signs from `active_ms` on, and is shown until `retired_ms`.
    active_ms BIGINT NOT NULL,
    retired_ms BIGINT,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);
CREATE INDEX signing_keys_scope ON signing_keys (project_id, environment, created_ms);

CREATE TABLE users (
    id TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    email TEXT NOT NULL,
    email_normal TEXT NOT NULL,
    phone TEXT,
    name TEXT,
    -- NULL: the user has none.
    password_hash TEXT,
    password_changed_ms BIGINT,
    email_verified_ms BIGINT,
    phone_verified_ms BIGINT,
    -- Until then the user may not get a session; a ban without end is the largest number.
    banned_until_ms BIGINT,
    ban_reason TEXT,
    last_login_ms BIGINT,
    -- How they signed up: 'password', 'otp', 'magic_link', 'admin', or an identity provider.
    provider TEXT NOT NULL,
    metadata TEXT NOT NULL,
    public_metadata TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    UNIQUE (project_id, environment, email_normal),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);
CREATE UNIQUE INDEX users_verified_phone ON users (project_id, environment, phone)
    WHERE phone_verified_ms IS NOT NULL;
CREATE INDEX users_scope ON users (project_id, environment, id);

CREATE TABLE sessions (
    id TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client TEXT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- How the user proved who they are, JSON list of RFC 8176 values.
    amr TEXT NOT NULL,
    -- The last time they did; what asks for a recent login looks here.
    authenticated_ms BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    last_used_ms BIGINT NOT NULL,
    -- Not refreshed until then, the session is over.
    idle_until_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    revoked_ms BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_age ON sessions (expires_ms);

CREATE TABLE hook_versions (
    id TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    manifest TEXT NOT NULL,
    component_bytes BIGINT NOT NULL,
    component BYTEA NOT NULL,
    created_ms BIGINT NOT NULL,
    UNIQUE (project_id, name, number),
    UNIQUE (project_id, name, digest)
);
CREATE FUNCTION never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % never changes', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER hook_versions_are_immutable BEFORE UPDATE ON hook_versions
    FOR EACH ROW EXECUTE FUNCTION never_changed();

-- The deployment with the highest number is live.
CREATE TABLE deployments (
    id TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    number INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    UNIQUE (project_id, environment, number),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);

CREATE TABLE deployment_hooks (
    deployment_id TEXT NOT NULL REFERENCES deployments (id),
    position INTEGER NOT NULL,
    version_id TEXT NOT NULL REFERENCES hook_versions (id),
    -- NULL: closed before, open after.
    failure_policy TEXT CHECK (failure_policy IN ('open', 'closed')),
    state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled')),
    limits TEXT NOT NULL,
    -- Whether a hook that keeps failing is left out for a while.
    breaker TEXT NOT NULL CHECK (breaker IN ('on', 'off')),
    PRIMARY KEY (deployment_id, position)
);

-- Written in the transaction of the change it tells of; a dispatcher reads it later.
CREATE TABLE outbox_events (
    id TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    time_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    data TEXT NOT NULL,
    dispatched_ms BIGINT
);
CREATE INDEX outbox_events_waiting ON outbox_events (id) WHERE dispatched_ms IS NULL;

-- What hooks reach and leave behind: jobs, mails, secrets, settings of projects, records of calls.

-- One row per message of a queue, from the transaction of the flow that put it there until it is forgotten.
CREATE TABLE jobs (
    id TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    queue TEXT NOT NULL,
    message TEXT NOT NULL,
    idempotency_key TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    attempts INTEGER NOT NULL,
    -- How many jobs led to this one: a consumer that feeds itself is stopped.
    hops INTEGER NOT NULL,
    run_at_ms BIGINT NOT NULL,
    -- Handed to the broker; asked for again when it has not come back by then.
    announced_until_ms BIGINT NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until_ms BIGINT,
    error TEXT,
    created_ms BIGINT NOT NULL,
    finished_ms BIGINT,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);
CREATE UNIQUE INDEX jobs_idempotency ON jobs (project_id, environment, queue, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX jobs_waiting ON jobs (project_id, run_at_ms) WHERE state = 'waiting';
CREATE INDEX jobs_running ON jobs (lease_until_ms) WHERE state = 'running';
CREATE INDEX jobs_scope ON jobs (project_id, environment, id);

CREATE TABLE mails (
    id TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    recipient TEXT NOT NULL,
    -- The template it was made from.
    template TEXT,
    subject TEXT NOT NULL,
    body_text TEXT,
    body_html TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'captured', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    run_at_ms BIGINT NOT NULL,
    error TEXT,
    created_ms BIGINT NOT NULL,
    finished_ms BIGINT,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);
CREATE INDEX mails_waiting ON mails (run_at_ms) WHERE state = 'waiting';
CREATE INDEX mails_scope ON mails (project_id, environment, id);

CREATE TABLE mail_templates (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT,
    body_html TEXT,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, environment, name),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);

-- `sealed` opens only under the master key and only in this row; `hosts` is a JSON list.
CREATE TABLE secrets (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    hosts TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, environment, name),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);

-- One JSON document per setting that a project made: 'http_hosts', 'mail'. A document with a password in it is sealed.
CREATE TABLE project_settings (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT,
    sealed BYTEA,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, environment, name),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);

-- One row per call of a hook. `record` is a JSON document: context, payload, reply, logs, host calls, clock. `seed` is
-- sealed: it tells what the hook drew at random.
CREATE TABLE invocations (
    id TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    request_id TEXT NOT NULL,
    hook TEXT NOT NULL,
    point TEXT NOT NULL,
    version_number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    -- allow, deny, patch, or the code of the failure.
    outcome TEXT NOT NULL,
    record TEXT NOT NULL,
    seed BYTEA NOT NULL,
    duration_us BIGINT NOT NULL,
    fuel BIGINT NOT NULL,
    memory_peak_bytes BIGINT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX invocations_scope ON invocations (project_id, environment, id);
CREATE INDEX invocations_age ON invocations (created_ms);

-- One family per session. `hash` is the SHA-256 of the token; a token that was used stays until its session goes, so
-- that a late use is known for what it is.
CREATE TABLE refresh_tokens (
    hash TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    parent_hash TEXT,
    created_ms BIGINT NOT NULL,
    used_ms BIGINT
);
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
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, environment, purpose, lookup),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);
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
    created_ms BIGINT NOT NULL,
    last_used_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, environment, provider, subject),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);
CREATE INDEX identities_user ON identities (user_id);

-- Second factors. `last_step`: the last time step whose code was taken, so that none is taken twice (RFC 6238, 5.2).
CREATE TABLE mfa_factors (
    id TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('totp')),
    name TEXT,
    sealed_secret BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'verified')),
    last_step BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL,
    verified_ms BIGINT
);
CREATE INDEX mfa_factors_user ON mfa_factors (user_id);

CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- What admins did, and what happened to accounts. Never changed.
CREATE TABLE audit_log (
    id TEXT COLLATE "C" PRIMARY KEY,
    -- NULL: of the server.
    project_id TEXT,
    environment TEXT,
    time_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    ip TEXT NOT NULL,
    request_id TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX audit_log_scope ON audit_log (project_id, environment, id);
CREATE INDEX audit_log_age ON audit_log (time_ms);
CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION never_changed();
