-- The order in which events are told. Their ids are in the order in which they were made, and transactions end in another one:
-- whoever follows events by their ids misses those that come late.
ALTER TABLE outbox_events ADD COLUMN seq INTEGER;
UPDATE outbox_events SET seq = told.seq
FROM (SELECT id, row_number() OVER (ORDER BY id) AS seq FROM outbox_events WHERE dispatched_ms IS NOT NULL) AS told
WHERE outbox_events.id = told.id;
CREATE INDEX outbox_events_seq ON outbox_events (project_id, environment, seq);

-- One row. Whoever tells events counts them here and holds the row until the commit, so a reader that has seen a number has
-- seen every event up to it.
CREATE TABLE outbox_sequence (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    last INTEGER NOT NULL
) STRICT;
INSERT INTO outbox_sequence (id, last) SELECT 1, coalesce(max(seq), 0) FROM outbox_events;
