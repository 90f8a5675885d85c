-- Admins find users by how an email address or a phone number begins: LIKE uses an index of these operators only.
CREATE INDEX users_email_begins ON users (project_id, environment, email_normal text_pattern_ops);
CREATE INDEX users_phone_begins ON users (project_id, environment, phone text_pattern_ops) WHERE phone IS NOT NULL;
