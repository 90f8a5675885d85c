-- What hooks reach and leave behind: jobs, mails, secrets, settings of projects, records of calls.

-- One row per message of a queue, from the transaction of the flow that put it there until it is forgotten.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    queue TEXT NOT NULL,
    message TEXT NOT NULL,
    idempotency_key TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    attempts INTEGER NOT NULL,
    -- How many jobs led to this one: a consumer that feeds itself is stopped.
    hops INTEGER NOT NULL,
    run_at_ms INTEGER NOT NULL,
    -- Handed to the broker; asked for again when it has not come back by then.
    announced_until_ms INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until_ms INTEGER,
    error TEXT,
    created_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT;
CREATE UNIQUE INDEX jobs_idempotency ON jobs (project_id, environment, queue, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX jobs_waiting ON jobs (project_id, run_at_ms) WHERE state = 'waiting';
CREATE INDEX jobs_running ON jobs (lease_until_ms) WHERE state = 'running';
CREATE INDEX jobs_scope ON jobs (project_id, environment, id);

CREATE TABLE mails (
    id TEXT PRIMARY KEY NOT NULL,
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
    run_at_ms INTEGER NOT NULL,
    error TEXT,
    created_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT;
CREATE INDEX mails_waiting ON mails (run_at_ms) WHERE state = 'waiting';
CREATE INDEX mails_scope ON mails (project_id, environment, id);

CREATE TABLE mail_templates (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT,
    body_html TEXT,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, environment, name),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT, WITHOUT ROWID;

-- `sealed` opens only under the master key and only in this row; `hosts` is a JSON list.
CREATE TABLE secrets (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    hosts TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, environment, name),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT, WITHOUT ROWID;

-- One JSON document per setting that a project made: 'http_hosts', 'mail'. A document with a password in it is sealed.
CREATE TABLE project_settings (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT,
    sealed BLOB,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, environment, name),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT, WITHOUT ROWID;

-- One row per call of a hook. `record` is a JSON document: context, payload, reply, logs, host calls, clock. `seed` is
-- sealed: it tells what the hook drew at random.
CREATE TABLE invocations (
    id TEXT PRIMARY KEY NOT NULL,
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
    seed BLOB NOT NULL,
    duration_us INTEGER NOT NULL,
    fuel INTEGER NOT NULL,
    memory_peak_bytes INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX invocations_scope ON invocations (project_id, environment, id);
CREATE INDEX invocations_age ON invocations (created_ms);
