-- Links with which admins choose a new password. `hash` is the SHA-256 of the token in the link. Servers of the version before know
-- nothing of them.
CREATE TABLE admin_password_resets (
    hash TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES admin_accounts (id),
    created_by TEXT COLLATE "C" NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX admin_password_resets_account ON admin_password_resets (account_id);
