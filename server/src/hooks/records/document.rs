//! Records as the admin API shows them: a line of a list, and the whole.

use aerocall_api_types::{
    Completeness, Denial, HookError, HostCall, Invocation, InvocationContext, InvocationDetail, InvocationOutcome,
    InvocationRun, LogLine, Reply,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    base::{
        clock,
        error::{Error, Result},
        stored,
    },
    storage::store::InvocationRow,
};

/// What a line of a list takes from the record.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InList {
    logs: Vec<LogLine>,
    logs_dropped: u32,
    reply: Told,
}

/// Of a reply, what there is only if it is a failure or a denial.
#[derive(Deserialize)]
struct Told {
    error: Option<HookError>,
    code: Option<String>,
    message: Option<String>,
    /// Denials alone have one.
    status: Option<u16>,
}

/// What the whole takes from it: everything but the seed and the clock.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whole {
    logs: Vec<LogLine>,
    logs_dropped: u32,
    context: InvocationContext,
    payload: Value,
    reply: Reply,
    host_calls: Vec<HostCall>,
    completeness: Completeness,
}

/// A line of a list: the columns, the log, and the error of a call that failed.
pub(crate) fn in_list(row: &InvocationRow) -> Result<Invocation> {
    let InList {
        logs,
        logs_dropped,
        reply,
    } = record(row)?;
    let denial = |status| Denial {
        code: reply.code.unwrap_or_default(),
        message: reply.message.unwrap_or_default(),
        status,
    };
    Ok(Invocation {
        run: run(row, logs, logs_dropped)?,
        denial: reply.status.map(denial),
        error: reply.error,
    })
}

/// Everything that is shown.
pub(crate) fn whole(row: &InvocationRow) -> Result<InvocationDetail> {
    let record: Whole = record(row)?;
    Ok(InvocationDetail {
        run: run(row, record.logs, record.logs_dropped)?,
        context: record.context,
        payload: record.payload,
        reply: record.reply,
        host_calls: record.host_calls,
        completeness: record.completeness,
    })
}

fn record<T: DeserializeOwned>(row: &InvocationRow) -> Result<T> {
    serde_json::from_str(&row.record).map_err(|error| Error::unexpected("reading a stored record", error))
}

fn run(row: &InvocationRow, logs: Vec<LogLine>, logs_dropped: u32) -> Result<InvocationRun> {
    Ok(InvocationRun {
        id: row.id.clone(),
        request_id: row.request_id.clone(),
        hook: row.hook.clone(),
        point: row.point.clone(),
        version: row.version_number,
        digest: row.digest.clone(),
        mode: stored::word(&row.mode)?,
        user: row.user_id.clone(),
        outcome: shown_outcome(&row.outcome)?,
        duration_us: row.duration_us,
        fuel: row.fuel,
        memory_peak_bytes: row.memory_peak_bytes,
        created_at: clock::iso(row.created_ms).into(),
        logs,
        logs_dropped,
    })
}

/// An outcome as the store has it: the words of [`super::outcome`].
pub(crate) fn shown_outcome(stored: &str) -> Result<InvocationOutcome> {
    InvocationOutcome::deserialize(Value::from(stored))
        .map_err(|error| Error::unexpected("reading the outcome of a call", error))
}

#[cfg(test)]
mod tests {
    use aerocall_runtime::{Denial, Failure, Outcome};

    use super::*;

    #[test]
    fn every_outcome_and_reply_that_is_stored_can_be_shown() {
        let denial = Denial {
            code: "no".to_owned(),
            message: "not you".to_owned(),
            status: 418,
        };
        let failures = [
            Failure::UnknownHook("a".to_owned()),
            Failure::Threw(Box::default()),
            Failure::BadReply {
                path: String::new(),
                expected: String::new(),
                got: String::new(),
            },
            Failure::PayloadTooLarge { bytes: 2, limit: 1 },
            Failure::NeverSettles,
            Failure::OutOfFuel {
                limit: 1,
                at: String::new(),
            },
            Failure::OutOfMemory {
                limit: 1,
                at: ", in `check`".to_owned(),
            },
            Failure::TimedOut { limit_ms: 1 },
            Failure::Trapped("a".to_owned()),
            Failure::Exited(1),
            Failure::Unavailable("a".to_owned()),
            Failure::RefusedPatch {
                field: "user.email".to_owned(),
                problem: "must be an email address".to_owned(),
                patch: serde_json::Map::from_iter([("user".to_owned(), Value::Null)]),
            },
            Failure::NotKept("a".to_owned()),
        ];
        let decisions = [
            Outcome::Allow,
            Outcome::Deny(denial),
            Outcome::Patch(serde_json::Map::new()),
        ];
        for one in decisions.into_iter().chain(failures.map(Outcome::Failed)) {
            let word = super::super::outcome(&one);
            assert_eq!(serde_json::to_value(shown_outcome(word).unwrap()).unwrap(), word);
            let stored = one.document();
            let reply = Reply::deserialize(&stored).unwrap_or_else(|error| panic!("{error}: {stored}"));
            assert_eq!(serde_json::to_value(reply).unwrap(), stored);
        }
    }
}
