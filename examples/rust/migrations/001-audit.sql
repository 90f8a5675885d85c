CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    event TEXT NOT NULL,
    user_id TEXT NOT NULL CHECK (user_id <> ''),
    details JSON NOT NULL
);
CREATE INDEX audit_by_user ON audit (user_id, at);
