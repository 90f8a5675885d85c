-- JavaScript engines that hooks of this installation were built for, by the digest of the module: an update of the server brings
-- another engine, and hooks go on with the one that they have.
CREATE TABLE engines (
    digest TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    module BLOB NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
