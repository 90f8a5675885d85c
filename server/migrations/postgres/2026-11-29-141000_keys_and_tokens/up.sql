-- Keys and tokens that expire, are replaced, and show when they were last used; codes of set-up links.

-- NULL: opens the admin API of the server. Otherwise that of one project, and `hash` begins with `project:`, so that a server
-- of the version before, which knows no such tokens, finds none.
ALTER TABLE admin_tokens ADD COLUMN project_id TEXT COLLATE "C" REFERENCES projects (id);
-- About when, not of every request.
ALTER TABLE admin_tokens ADD COLUMN last_used_ms BIGINT;
-- Not valid from then on. NULL: until it is revoked.
ALTER TABLE admin_tokens ADD COLUMN expires_ms BIGINT;

ALTER TABLE api_keys ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN last_used_ms BIGINT;
ALTER TABLE api_keys ADD COLUMN expires_ms BIGINT;
CREATE INDEX api_keys_scope ON api_keys (project_id, environment, id);

-- Whoever shows such a code while the server has no admin becomes the first one. `hash` is the SHA-256 of the code.
CREATE TABLE setup_codes (
    hash TEXT COLLATE "C" PRIMARY KEY,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);
