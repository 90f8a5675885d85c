//! Invocations of hooks: their records.

mod get;
mod list;

pub(crate) use get::GetInvocation;
pub(crate) use list::ListInvocations;

/// For the reference: the members of every invocation.
macro_rules! example {
    () => {
        r#""id": "inv_…", "requestId": "req_…", "hook": "signup", "point": "beforeSignup", "version": 1, "digest": "sha256:…", "outcome": "hook_failed", "durationUs": 850, "fuel": 120000, "memoryPeakBytes": 1310720, "createdAt": "2026-01-31T12:00:00.000Z", "logs": [{"level": "info", "message": "checking"}], "logsDropped": 0"#
    };
}

/// An error in them.
macro_rules! error_example {
    () => {
        r#"{"name": "TypeError", "message": "not a function", "stack": "at check (hooks/signup.ts:3:7)", "file": "hooks/signup.ts", "line": 3, "column": 7}"#
    };
}

use {error_example, example};
