-- Drafts of hooks, and who made a version or a deployment of them and why.

-- NULL: the version is from before this was kept, or nothing was said.
ALTER TABLE hook_versions ADD COLUMN created_by TEXT;
ALTER TABLE hook_versions ADD COLUMN message TEXT;
-- The version that the draft had begun from. NULL: the version was uploaded, or its draft began from none.
ALTER TABLE hook_versions ADD COLUMN base_number INTEGER;

ALTER TABLE deployments ADD COLUMN message TEXT;
-- Why it was made although checks had refused it. NULL: none had.
ALTER TABLE deployments ADD COLUMN forced_reason TEXT;
-- With fewer hooks than these, versions of it were deleted. NULL: from before this was kept.
ALTER TABLE deployments ADD COLUMN hook_count INTEGER;

CREATE TABLE hook_drafts (
    project_id TEXT NOT NULL REFERENCES projects (id),
    hook TEXT NOT NULL,
    -- Never the same twice: that of a new draft comes after those of all drafts of the project that were deleted.
    revision INTEGER NOT NULL,
    -- The author's files: a JSON list of paths and texts.
    files TEXT NOT NULL,
    -- Files of npm packages that came with the version it began from, the same way.
    packages TEXT NOT NULL,
    -- What a build needs besides, JSON.
    settings TEXT NOT NULL,
    -- The version it began from, or that was made of it last.
    base_number INTEGER,
    base_digest TEXT,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (project_id, hook)
) STRICT;

-- The highest revision of the drafts of a project that were deleted.
CREATE TABLE deleted_drafts (
    project_id TEXT PRIMARY KEY NOT NULL REFERENCES projects (id),
    revision INTEGER NOT NULL
) STRICT;
