-- What hooks do, in words. Of the same digest the server says the same; what a model says is kept under its name.
CREATE TABLE hook_summaries (
    project_id TEXT NOT NULL REFERENCES projects (id),
    -- Of a bundle, or of the files of a draft.
    digest TEXT NOT NULL,
    -- Empty for what the server says.
    model TEXT NOT NULL,
    text TEXT NOT NULL,
    -- JSON.
    facts TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, digest, model)
) STRICT;
CREATE INDEX hook_summaries_age ON hook_summaries (created_ms);
