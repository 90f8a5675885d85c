-- Several processes on one database: what each of them must know of the others' changes.

-- One row. `revision` counts the changes of everything below; whoever counts holds the row until the commit, so a
-- reader that has seen a number has seen every change up to it. `key_check` is a MAC under the master key, written by the
-- first node: one with another key is found out before it seals or opens anything.
CREATE TABLE installation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL,
    key_check TEXT
);
INSERT INTO installation (id, revision, key_check) VALUES (1, 0, NULL);

-- The last change of what nodes keep in memory of an environment.
CREATE TABLE changes (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (project_id, environment),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);
CREATE INDEX changes_revision ON changes (revision);
