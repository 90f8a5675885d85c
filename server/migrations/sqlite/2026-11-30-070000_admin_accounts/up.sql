-- Accounts of admins: people with an email address and a password, their sessions, second factors and personal tokens, and
-- their roles in projects. Servers of the version before know none of it.

CREATE TABLE admin_accounts (
    id TEXT PRIMARY KEY NOT NULL,
    -- As it was given, and as it is compared.
    email TEXT NOT NULL,
    email_normal TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    -- 1: may do everything on the server.
    is_administrator INTEGER NOT NULL,
    -- Secret of the authenticator app, encrypted. NULL: there is none.
    totp_sealed BLOB,
    -- One that was begun and is not confirmed.
    totp_pending BLOB,
    -- Time step of the last code that was used.
    totp_last_step INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL
) STRICT;

-- MACs of codes that were not used yet.
CREATE TABLE admin_recovery_codes (
    account_id TEXT NOT NULL REFERENCES admin_accounts (id),
    hash TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;

-- `hash` is the SHA-256 of the cookie.
CREATE TABLE admin_sessions (
    id TEXT PRIMARY KEY NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES admin_accounts (id),
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    -- About when, not of every request.
    last_seen_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    -- Until when its last proof of who uses it counts as recent.
    fresh_until_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX admin_sessions_account ON admin_sessions (account_id, id);

-- Between the password and the second factor of a sign-in.
CREATE TABLE admin_tickets (
    hash TEXT PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL REFERENCES admin_accounts (id),
    attempts_left INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX admin_tickets_account ON admin_tickets (account_id);

CREATE TABLE project_members (
    project_id TEXT NOT NULL REFERENCES projects (id),
    account_id TEXT NOT NULL REFERENCES admin_accounts (id),
    -- owner, developer, viewer
    role TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (project_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX project_members_account ON project_members (account_id);

-- `hash` is the SHA-256 of the token in the link.
CREATE TABLE admin_invitations (
    id TEXT PRIMARY KEY NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_normal TEXT NOT NULL,
    -- NULL: to the server, as an administrator.
    project_id TEXT REFERENCES projects (id),
    role TEXT,
    created_by TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX admin_invitations_project ON admin_invitations (project_id, id);

CREATE TABLE personal_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES admin_accounts (id),
    name TEXT NOT NULL,
    -- Names of permissions with a blank between them. NULL: whatever the account may do.
    scopes TEXT,
    -- NULL: all that the account may see.
    project_id TEXT REFERENCES projects (id),
    environment TEXT,
    created_ms INTEGER NOT NULL,
    last_used_ms INTEGER,
    expires_ms INTEGER,
    revoked_ms INTEGER
) STRICT;
CREATE INDEX personal_tokens_account ON personal_tokens (account_id, id);
CREATE INDEX personal_tokens_project ON personal_tokens (project_id, environment);

-- Of an account: its address, and the session or the personal token that was used.
ALTER TABLE audit_log ADD COLUMN actor_email TEXT;
ALTER TABLE audit_log ADD COLUMN via TEXT;
