-- When each schedule of a live hook is due next. Whoever moves `next_ms` on makes the job, so of several servers one does.
CREATE TABLE schedules (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    hook TEXT NOT NULL,
    name TEXT NOT NULL,
    -- That `next_ms` was reckoned from: another one begins anew.
    pattern TEXT NOT NULL,
    next_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, environment, hook, name),
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);
CREATE INDEX schedules_due ON schedules (next_ms);
