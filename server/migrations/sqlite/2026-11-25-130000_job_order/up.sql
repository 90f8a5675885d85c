-- Jobs of one queue with the same key are run one after the other. NULL: whenever there is room.
ALTER TABLE jobs ADD COLUMN order_key TEXT;
CREATE INDEX jobs_order ON jobs (project_id, environment, queue, order_key, id)
    WHERE order_key IS NOT NULL AND state IN ('waiting', 'running');
