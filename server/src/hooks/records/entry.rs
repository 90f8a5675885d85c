//! One call on its way into the store.

use std::borrow::Cow;

use aerocall_api_types::{InvocationMode, ReplayReasonCode};
use aerocall_runtime::{Call, Completeness, Context, HostCall, Invocation, LogLine, Outcome, Records};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};

use super::recording::unrepeatable;
use crate::{
    base::{
        clock,
        crypto::MasterKey,
        error::{Error, Result},
        ids::{Kind, Scope, is_id},
    },
    hooks::{LiveHook, rollouts, sdk::Redactor},
    storage::store::InvocationRow,
};

/// A finished call: texts and numbers, so that an entry that waits takes what its row will.
pub(crate) struct Entry {
    begun: Begun,
    outcome: &'static str,
    reply: String,
    logs: Vec<LogLine>,
    logs_dropped: u32,
    records: Records,
    duration_us: i64,
    fuel: i64,
    memory_peak_bytes: i64,
    /// Why it cannot be run again, besides what is missing.
    lacks: Option<ReplayReasonCode>,
}

/// A call that runs.
pub(crate) struct Begun {
    scope: Scope,
    hook: String,
    version_number: u32,
    digest: String,
    mode: &'static str,
    context: Context,
    payload: String,
    /// Takes the code out of what is kept, if the hook got one.
    clean: Option<Redactor>,
}

impl Entry {
    /// Before the call takes context and payload away.
    pub(crate) fn begin(
        scope: &Scope,
        hook: &LiveHook,
        mode: InvocationMode,
        call: &Call,
        code: Option<&str>,
    ) -> Begun {
        Begun {
            scope: scope.clone(),
            hook: hook.name.clone(),
            version_number: hook.version_number,
            digest: hook.digest.clone(),
            mode: rollouts::word(mode),
            context: call.context.clone(),
            payload: call.payload.clone(),
            clean: code.map(Redactor::of_code),
        }
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let calls = self.records.calls.iter();
        let calls: usize = calls
            .map(|call| call.arguments.as_str().len() + call.answer.as_str().len())
            .sum();
        let logs: usize = self.logs.iter().map(|line| line.message.len()).sum();
        self.begun.payload.len() + self.reply.len() + calls + logs + self.records.clock_ms.len() * 8
    }

    /// The row. The hook's random numbers follow from the seed, so that is sealed.
    pub(super) fn row(self, master: &MasterKey, now_ms: i64) -> Result<(Scope, InvocationRow)> {
        let record = self
            .record()
            .map_err(|error| Error::unexpected("recording a call", error))?;
        let begun = self.begun;
        let id = begun.context.invocation_id.clone();
        let seed = master.seal(&self.records.seed, &seal_name(&begun.scope, &id))?;
        let user_id = user_of(&begun.payload);
        let row = InvocationRow {
            request_id: begun.context.request_id.clone(),
            point: begun.context.hook.clone(),
            version_number: i32::try_from(begun.version_number).unwrap_or(i32::MAX),
            outcome: self.outcome.to_owned(),
            record,
            seed,
            duration_us: self.duration_us,
            fuel: self.fuel,
            memory_peak_bytes: self.memory_peak_bytes,
            created_ms: now_ms,
            mode: begun.mode.to_owned(),
            hook: begun.hook,
            digest: begun.digest,
            user_id,
            id,
        };
        Ok((begun.scope, row))
    }

    /// Everything besides the columns, as one document.
    fn record(&self) -> serde_json::Result<String> {
        let begun = &self.begun;
        let host_call = |call: &HostCall| {
            Ok(Called {
                name: call.name.clone(),
                arguments: begun.raw(call.arguments.as_str())?,
                answer: begun.raw(call.answer.as_str())?,
                duration_us: call.duration_us,
            })
        };
        serde_json::to_string(&Document {
            context: begun.raw(&context(&begun.context).to_string())?,
            payload: begun.raw(&begun.payload)?,
            reply: begun.raw(&self.reply)?,
            logs: begun.raw(&serde_json::to_string(&self.logs)?)?,
            logs_dropped: self.logs_dropped,
            host_calls: self
                .records
                .calls
                .iter()
                .map(host_call)
                .collect::<serde_json::Result<_>>()?,
            clock_ms: &self.records.clock_ms,
            completeness: match self.records.completeness {
                Completeness::Whole => "whole",
                Completeness::Cut => "cut",
            },
            lacks: self.lacks,
        })
    }
}

/// The id of the user that a payload is about: that of a request names the user, an event has a subject.
fn user_of(payload: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct About<'a> {
        #[serde(borrow, default)]
        user: Option<Named<'a>>,
        #[serde(borrow, default)]
        subject: Option<Cow<'a, str>>,
    }
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow, default)]
        id: Option<Cow<'a, str>>,
    }
    // A message of a queue is whatever a hook has put into it.
    let about: About<'_> = serde_json::from_str(payload).ok()?;
    let id = about.user.and_then(|user| user.id).or(about.subject)?;
    is_id(Kind::User, &id).then(|| id.into_owned())
}

/// A record as it is stored: its parts are texts already.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    context: Box<RawValue>,
    payload: Box<RawValue>,
    reply: Box<RawValue>,
    logs: Box<RawValue>,
    logs_dropped: u32,
    host_calls: Vec<Called>,
    clock_ms: &'a [f64],
    completeness: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lacks: Option<ReplayReasonCode>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Called {
    name: String,
    arguments: Box<RawValue>,
    answer: Box<RawValue>,
    duration_us: u64,
}

impl Begun {
    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The hook point, the event, or the queue.
    pub(crate) fn point(&self) -> &str {
        &self.context.hook
    }

    /// With what came of it.
    pub(crate) fn ended(self, invocation: Invocation) -> Entry {
        // The line of the request has the outcome; the rest of this is in the record.
        tracing::debug!(
            target: "aerocall::hook",
            invocation_id = self.context.invocation_id,
            request_id = self.context.request_id,
            scope = %self.scope,
            hook = self.hook,
            point = self.context.hook,
            version = self.version_number,
            digest = self.digest,
            mode = self.mode,
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
        let redacted = self.clean.is_some().then_some(ReplayReasonCode::Redacted);
        Entry {
            lacks: redacted.or_else(|| unrepeatable(&invocation.outcome)),
            outcome: outcome(&invocation.outcome),
            reply: invocation.outcome.json(),
            logs: invocation.logs,
            logs_dropped: invocation.logs_dropped,
            records: invocation.records,
            duration_us: i64::try_from(invocation.duration.as_micros()).unwrap_or(i64::MAX),
            fuel: i64::try_from(invocation.fuel).unwrap_or(i64::MAX),
            memory_peak_bytes: i64::try_from(invocation.memory_peak_bytes).unwrap_or(i64::MAX),
            begun: self,
        }
    }

    /// A part of the record, without the code. Only what the hook can have put it into: what the server measured stays a number
    /// whatever its digits are.
    fn raw(&self, json: &str) -> serde_json::Result<Box<RawValue>> {
        RawValue::from_string(match &self.clean {
            Some(clean) => clean.json(json),
            None => json.to_owned(),
        })
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
        Outcome::Failed(failure) => failure.code().name,
    }
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
