-- What a receiver answered besides the body: a JSON list of names and values.
ALTER TABLE webhook_attempts ADD COLUMN headers TEXT;
