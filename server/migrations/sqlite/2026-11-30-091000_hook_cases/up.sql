-- Test cases that are kept with a hook: documents as `aerocall test` reads them.
CREATE TABLE hook_cases (
    project_id TEXT NOT NULL REFERENCES projects (id),
    hook TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, hook, name)
) STRICT;
