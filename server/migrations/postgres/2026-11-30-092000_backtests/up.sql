-- A version of a hook, run on what was recorded: one row for each such run, and one for each recorded invocation of it.
CREATE TABLE backtests (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    project_id TEXT COLLATE "C" NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    hook TEXT COLLATE "C" NOT NULL,
    version_number INTEGER NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    -- What was asked for: JSON.
    request TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'failed')),
    -- Why it did not go on.
    reason TEXT COLLATE "C",
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    -- Figures over all rows so far: JSON.
    figures TEXT COLLATE "C" NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    created_ms BIGINT NOT NULL,
    -- When the node that runs it last said so.
    seen_ms BIGINT NOT NULL,
    finished_ms BIGINT,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);
CREATE INDEX backtests_scope ON backtests (project_id, environment, id);

CREATE TABLE backtest_rows (
    -- Of the backtest, a slash, and the number of the row with six digits.
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    project_id TEXT COLLATE "C" NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    backtest_id TEXT COLLATE "C" NOT NULL REFERENCES backtests (id),
    invocation_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    from_decision TEXT COLLATE "C" NOT NULL,
    to_decision TEXT COLLATE "C" NOT NULL,
    -- JSON.
    document TEXT COLLATE "C" NOT NULL,
    FOREIGN KEY (project_id, environment) REFERENCES environments (project_id, name)
);
CREATE INDEX backtest_rows_kind ON backtest_rows (backtest_id, kind, id);
