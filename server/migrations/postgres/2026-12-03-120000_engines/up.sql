-- JavaScript engines that hooks of this installation were built for, by the digest of the module: an update of the server brings
-- another engine, and hooks go on with the one that they have.
CREATE TABLE engines (
    digest TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    module BYTEA NOT NULL,
    created_ms BIGINT NOT NULL
);
