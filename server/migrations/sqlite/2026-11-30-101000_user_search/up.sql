-- Admins find users by how an email address or a phone number begins: LIKE uses an index of this collation only.
CREATE INDEX users_email_begins ON users (project_id, environment, email_normal COLLATE NOCASE);
CREATE INDEX users_phone_begins ON users (project_id, environment, phone COLLATE NOCASE) WHERE phone IS NOT NULL;
