-- What hooks do, in words. Of the same digest the server says the same; what a model says is kept under its name.
CREATE TABLE hook_summaries (
    project_id TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    -- Of a bundle, or of the files of a draft.
    digest TEXT COLLATE "C" NOT NULL,
    -- Empty for what the server says.
    model TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    -- JSON.
    facts TEXT COLLATE "C" NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, digest, model)
);
CREATE INDEX hook_summaries_age ON hook_summaries (created_ms);
