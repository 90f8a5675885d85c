CREATE TABLE invitations (
    user_id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    used_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX invitations_by_age ON invitations (used_at);
