-- How many jobs led to an event: hooks that cause the events they answer are stopped.
ALTER TABLE outbox_events ADD COLUMN hops INTEGER NOT NULL DEFAULT 0;
