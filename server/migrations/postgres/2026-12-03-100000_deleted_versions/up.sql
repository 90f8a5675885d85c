-- Numbers that are not given again: the newest version that a hook had, if that was deleted and none has come since.
CREATE TABLE deleted_versions (
    project_id TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    hook TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    deleted_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, hook)
);
