-- Test cases that are kept with a hook: documents as `aerocall test` reads them.
CREATE TABLE hook_cases (
    project_id TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    hook TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, hook, name)
);
