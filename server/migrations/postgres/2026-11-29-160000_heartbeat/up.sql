-- One row that is written to find out whether anything can be.
CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    beat_ms BIGINT NOT NULL,
    padding BYTEA NOT NULL
);
