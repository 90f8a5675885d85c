-- The assistant of projects that have settings of their own. The key is under the master key.
CREATE TABLE assistant_settings (
    project_id TEXT PRIMARY KEY NOT NULL REFERENCES projects (id),
    document TEXT NOT NULL,
    sealed_key BLOB,
    updated_ms INTEGER NOT NULL
) STRICT;

-- What was used of models, by day (UTC) and by whose model it was.
CREATE TABLE assistant_usage (
    project_id TEXT NOT NULL REFERENCES projects (id),
    day TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('installation', 'project')),
    requests INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    -- In millionths of the currency.
    cost_micros INTEGER NOT NULL,
    PRIMARY KEY (project_id, day, origin)
) STRICT;
CREATE INDEX assistant_usage_day ON assistant_usage (day, origin);

-- What a model has proposed for a hook; nothing is made of it unless a person applies it.
CREATE TABLE hook_proposals (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL REFERENCES projects (id),
    hook TEXT NOT NULL,
    document TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    applied_ms INTEGER,
    applied_revision INTEGER
) STRICT;
CREATE INDEX hook_proposals_project ON hook_proposals (project_id, id);
CREATE INDEX hook_proposals_created ON hook_proposals (created_ms);
