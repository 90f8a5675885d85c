-- Admin tokens that are limited to some permissions, or to one environment of their project.

-- Names of permissions with a blank between them. NULL: everything. Of a token with limits, `hash` begins with `limited:`, so that a
-- server of the version before, which knows no limits, does not find it.
ALTER TABLE admin_tokens ADD COLUMN scopes TEXT COLLATE "C";
ALTER TABLE admin_tokens ADD COLUMN environment TEXT COLLATE "C";
