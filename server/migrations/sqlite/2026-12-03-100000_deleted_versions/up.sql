-- Numbers that are not given again: the newest version that a hook had, if that was deleted and none has come since.
CREATE TABLE deleted_versions (
    project_id TEXT NOT NULL REFERENCES projects (id),
    hook TEXT NOT NULL,
    number INTEGER NOT NULL,
    deleted_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, hook)
) STRICT;
