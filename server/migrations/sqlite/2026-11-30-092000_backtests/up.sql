-- A version of a hook, run on what was recorded: one row for each such run, and one for each recorded invocation of it.
CREATE TABLE backtests (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    hook TEXT NOT NULL,
    version_number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    -- What was asked for: JSON.
    request TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'failed')),
    -- Why it did not go on.
    reason TEXT,
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    -- Figures over all rows so far: JSON.
    figures TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    -- When the node that runs it last said so.
    seen_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT;
CREATE INDEX backtests_scope ON backtests (project_id, environment, id);

CREATE TABLE backtest_rows (
    -- Of the backtest, a slash, and the number of the row with six digits.
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    backtest_id TEXT NOT NULL REFERENCES backtests (id),
    invocation_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_decision TEXT NOT NULL,
    to_decision TEXT NOT NULL,
    -- JSON.
    document TEXT NOT NULL,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
) STRICT;
CREATE INDEX backtest_rows_kind ON backtest_rows (backtest_id, kind, id);
