//! One call on its way into the store.

use aerocall_runtime::{Call, Completeness, Context, HostCall, Invocation, Outcome};
use serde_json::{Value, json};

use crate::{
    base::{
        clock,
        crypto::MasterKey,
        error::{Error, Result},
        ids::Scope,
    },
    hooks::{LiveHook, sdk::Redactor},
    storage::store::InvocationRow,
};

/// A finished call.
pub(crate) struct Entry {
    begun: Begun,
    invocation: Invocation,
}

/// A call that runs.
pub(crate) struct Begun {
    scope: Scope,
    hook: String,
    version_number: u32,
    digest: String,
    context: Context,
    payload: String,
    /// Takes the code out of what is kept, if the hook got one.
    clean: Option<Redactor>,
}

impl Entry {
    /// Before the call takes context and payload away.
    pub(crate) fn begin(scope: &Scope, hook: &LiveHook, call: &Call, code: Option<&str>) -> Begun {
        Begun {
            scope: scope.clone(),
            hook: hook.name.clone(),
            version_number: hook.version_number,
            digest: hook.digest.clone(),
            context: call.context.clone(),
            payload: call.payload.clone(),
            clean: code.map(Redactor::of_code),
        }
    }

    /// The row. The hook's random numbers follow from the seed, so that is sealed.
    pub(super) fn row(self, master: &MasterKey, now_ms: i64) -> Result<(Scope, InvocationRow)> {
        let Self { begun, invocation } = self;
        let id = begun.context.invocation_id.clone();
        let seed = master.seal(&invocation.records.seed, &seal_name(&begun.scope, &id))?;
        let row = InvocationRow {
            request_id: begun.context.request_id.clone(),
            point: begun.context.hook.clone(),
            version_number: i32::try_from(begun.version_number).unwrap_or(i32::MAX),
            outcome: outcome(&invocation.outcome).to_owned(),
            record: record(&begun, &invocation)?,
            seed,
            duration_us: i64::try_from(invocation.duration.as_micros()).unwrap_or(i64::MAX),
            fuel: i64::try_from(invocation.fuel).unwrap_or(i64::MAX),
            memory_peak_bytes: i64::try_from(invocation.memory_peak_bytes).unwrap_or(i64::MAX),
            created_ms: now_ms,
            hook: begun.hook,
            digest: begun.digest,
            id,
        };
        Ok((begun.scope, row))
    }
}

impl Begun {
    /// With what came of it.
    pub(crate) fn ended(self, invocation: Invocation) -> Entry {
        tracing::info!(
            target: "aerocall::hook",
            invocation_id = self.context.invocation_id,
            request_id = self.context.request_id,
            scope = %self.scope,
            hook = self.hook,
            point = self.context.hook,
            version = self.version_number,
            digest = self.digest,
            outcome = outcome(&invocation.outcome),
            duration_us = u64::try_from(invocation.duration.as_micros()).unwrap_or(u64::MAX),
            fuel = invocation.fuel,
            memory_peak_bytes = invocation.memory_peak_bytes,
            logs_dropped = invocation.logs_dropped,
            "hook called"
        );
        for line in &invocation.logs {
            let message = self.cleaned(&line.message);
            // `{:?}` escapes newlines and terminal codes: a hook cannot forge a line of the log.
            tracing::debug!(
                target: "aerocall::hook",
                invocation_id = self.context.invocation_id,
                level = ?line.level,
                "{:?}",
                message
            );
        }
        Entry {
            begun: self,
            invocation,
        }
    }

    fn cleaned(&self, text: &str) -> String {
        match &self.clean {
            Some(clean) => clean.text(text.to_owned()),
            None => text.to_owned(),
        }
    }
}

/// Where the seed of a call belongs.
pub(crate) fn seal_name(scope: &Scope, invocation_id: &str) -> String {
    format!("invocation/{scope}/{invocation_id}")
}

pub(crate) fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "allow",
        Outcome::Deny(_) => "deny",
        Outcome::Patch(_) => "patch",
        Outcome::Failed(failure) => failure.code(),
    }
}

/// Everything besides the columns, as one document.
fn record(begun: &Begun, invocation: &Invocation) -> Result<String> {
    let payload: Value =
        serde_json::from_str(&begun.payload).map_err(|error| Error::unexpected("recording a payload", error))?;
    let records = &invocation.records;
    // Only what the hook can have put the code into: what the server measured stays a number whatever its digits are.
    let clean = |document: Value| match &begun.clean {
        Some(clean) => clean.document(document),
        None => document,
    };
    let host_call = |call: &HostCall| {
        json!({
            "name": call.name,
            "arguments": clean(call.arguments.clone()),
            "answer": clean(call.answer.clone()),
            "durationUs": call.duration_us,
        })
    };
    let document = json!({
        "context": clean(context(&begun.context)),
        "payload": clean(payload),
        "reply": clean(invocation.outcome.document()),
        "logs": clean(json!(invocation.logs)),
        "logsDropped": invocation.logs_dropped,
        "hostCalls": records.calls.iter().map(host_call).collect::<Vec<_>>(),
        "clockMs": records.clock_ms,
        "completeness": match records.completeness {
            Completeness::Whole => "whole",
            Completeness::Cut => "cut",
        },
    });
    Ok(document.to_string())
}

/// The context as hooks see it.
fn context(context: &Context) -> Value {
    let request = context.request.as_ref().map(|request| {
        json!({
            "ip": request.ip,
            "userAgent": request.user_agent,
            "method": request.method,
            "path": request.path,
            "locale": request.locale,
            "headers": request.headers,
        })
    });
    json!({
        "projectId": context.project_id,
        "environment": context.environment,
        "requestId": context.request_id,
        "invocationId": context.invocation_id,
        "hook": context.hook,
        "endpoint": context.endpoint,
        "time": clock::iso(i64::try_from(context.time_ms).unwrap_or(i64::MAX)),
        "attempt": context.attempt,
        "request": request,
        "version": { "number": context.version_number },
    })
}
