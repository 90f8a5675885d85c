-- The user that a call was about, if it was about one.
ALTER TABLE invocations ADD COLUMN user_id TEXT;

-- The request, or the job, whose transaction made them.
ALTER TABLE outbox_events ADD COLUMN request_id TEXT;
ALTER TABLE jobs ADD COLUMN request_id TEXT;
ALTER TABLE mails ADD COLUMN request_id TEXT;
CREATE INDEX outbox_events_request ON outbox_events (project_id, environment, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX jobs_request ON jobs (project_id, environment, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX mails_request ON mails (project_id, environment, request_id) WHERE request_id IS NOT NULL;
