-- Webhooks: who is told of events, with which secrets, and what became of each delivery.

-- The user that the event is about.
ALTER TABLE outbox_events ADD COLUMN subject TEXT;
CREATE INDEX outbox_events_scope ON outbox_events (project_id, environment, id);
CREATE INDEX outbox_events_age ON outbox_events (time_ms);

CREATE TABLE webhook_endpoints (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    -- JSON lists: types of events, some with `*` at the end; conditions on their content.
    event_types TEXT NOT NULL,
    conditions TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled')),
    -- Who or what disabled it: 'admin', 'gone' (it answered 410), 'failing' (for days).
    disabled_by TEXT,
    -- 'subject': events of one user one after another.
    ordering TEXT NOT NULL CHECK (ordering IN ('none', 'subject')),
    -- 'included': one-time codes are sent to it for delivery.
    codes TEXT NOT NULL CHECK (codes IN ('withheld', 'included')),
    -- Who is told when it is disabled.
    owner_email TEXT,
    -- When the first of the deliveries failed since the last one that did not.
    failing_since_ms INTEGER,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_endpoints_scope ON webhook_endpoints (project_id, environment, id);

-- All that have not expired sign: receivers can change over in between.
CREATE TABLE webhook_secrets (
    id TEXT PRIMARY KEY NOT NULL,
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_secrets_endpoint ON webhook_secrets (endpoint_id);

-- One event for one endpoint.
CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY NOT NULL,
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'delivered', 'failed', 'canceled')),
    -- Ended so far, of this round: a replay begins anew.
    attempts INTEGER NOT NULL,
    run_at_ms INTEGER NOT NULL,
    -- Those with the same one go one after another.
    order_key TEXT,
    lease_owner TEXT,
    lease_until_ms INTEGER,
    created_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    UNIQUE (endpoint_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, endpoint_id, run_at_ms);
CREATE INDEX webhook_deliveries_list ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_order ON webhook_deliveries (endpoint_id, order_key, id);
CREATE INDEX webhook_deliveries_event ON webhook_deliveries (event_id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (finished_ms);

CREATE TABLE webhook_attempts (
    id TEXT PRIMARY KEY NOT NULL,
    delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    time_ms INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    -- NULL: there was no answer, and `error` says why.
    status INTEGER,
    error TEXT,
    -- The beginning of it.
    response TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_attempts_delivery ON webhook_attempts (delivery_id, id);
