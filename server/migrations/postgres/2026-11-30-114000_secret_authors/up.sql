-- Who set the value or the hosts last, as the audit log names them.
ALTER TABLE secrets ADD COLUMN updated_by TEXT;
