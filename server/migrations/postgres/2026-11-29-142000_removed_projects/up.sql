-- Display names of environments; and projects and environments that are being removed: to everybody they are gone, and a worker
-- deletes what they had, part by part. NULL: they are there.
ALTER TABLE environments ADD COLUMN display_name TEXT;
ALTER TABLE environments ADD COLUMN removed_ms BIGINT;
ALTER TABLE projects ADD COLUMN removed_ms BIGINT;
CREATE INDEX environments_removed ON environments (removed_ms) WHERE removed_ms IS NOT NULL;
CREATE INDEX projects_removed ON projects (removed_ms) WHERE removed_ms IS NOT NULL;
