-- The assistant of projects that have settings of their own. The key is under the master key.
CREATE TABLE assistant_settings (
    project_id TEXT COLLATE "C" PRIMARY KEY NOT NULL REFERENCES projects (id),
    document TEXT COLLATE "C" NOT NULL,
    sealed_key BYTEA,
    updated_ms BIGINT NOT NULL
);

-- What was used of models, by day (UTC) and by whose model it was.
CREATE TABLE assistant_usage (
    project_id TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    day TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL CHECK (origin IN ('installation', 'project')),
    requests BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    -- In millionths of the currency.
    cost_micros BIGINT NOT NULL,
    PRIMARY KEY (project_id, day, origin)
);
CREATE INDEX assistant_usage_day ON assistant_usage (day, origin);

-- What a model has proposed for a hook; nothing is made of it unless a person applies it.
CREATE TABLE hook_proposals (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    project_id TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    hook TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    created_ms BIGINT NOT NULL,
    applied_ms BIGINT,
    applied_revision BIGINT
);
CREATE INDEX hook_proposals_project ON hook_proposals (project_id, id);
CREATE INDEX hook_proposals_created ON hook_proposals (created_ms);
