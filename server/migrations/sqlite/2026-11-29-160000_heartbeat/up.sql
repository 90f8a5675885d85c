-- One row that is written to find out whether anything can be.
CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    beat_ms INTEGER NOT NULL,
    padding BLOB NOT NULL
) STRICT;
