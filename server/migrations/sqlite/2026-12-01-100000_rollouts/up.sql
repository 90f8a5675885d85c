-- A version of a hook beside the live one, for a time: its replies count for a share of the calls (canary), or never (shadow).
CREATE TABLE hook_rollouts (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    hook TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('shadow', 'canary')),
    version_id TEXT NOT NULL,
    version_number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    -- What was live when it began.
    live_version_id TEXT NOT NULL,
    live_number INTEGER NOT NULL,
    -- Of the calls, in thousandths of a percent.
    share INTEGER NOT NULL CHECK (share BETWEEN 1 AND 100000),
    sticky_by TEXT NOT NULL CHECK (sticky_by IN ('user', 'ip')),
    until_ms INTEGER NOT NULL,
    -- When it stops by itself: JSON.
    stop_if TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'ended', 'promoted', 'replaced')),
    -- Why it did not go on.
    reason TEXT,
    -- What came of the calls of both sides: JSON.
    figures TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    ended_by TEXT,
    ended_ms INTEGER,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT;
CREATE INDEX hook_rollouts_scope ON hook_rollouts (project_id, environment, id);
CREATE UNIQUE INDEX hook_rollouts_running ON hook_rollouts (project_id, environment, hook) WHERE state = 'running';

-- Whether the reply counted: that of the live version, of a canary, or of a shadow, whose replies never do.
ALTER TABLE invocations ADD COLUMN mode TEXT NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'canary', 'shadow'));
