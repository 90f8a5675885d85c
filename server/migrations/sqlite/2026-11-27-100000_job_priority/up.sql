-- How urgent a job is: 0 high, 1 normal, 2 low.
ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
CREATE INDEX jobs_urgent ON jobs (project_id, priority, run_at_ms, id) WHERE state = 'waiting';
