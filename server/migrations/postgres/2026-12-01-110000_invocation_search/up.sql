-- Everything that lists and figures ask for, so that they read no record: those are large.
CREATE INDEX invocations_search ON invocations
    (project_id, environment, id, created_ms, hook, point, version_number, outcome, mode, duration_us, request_id, user_id);
