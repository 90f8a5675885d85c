//! One attempt of one job: hook, effects, end.

use std::time::Duration;

use aerocall_contract::{errors, names::queue_event};
use serde_json::Value;

use super::{WorkerContext, fraction};
use crate::{
    base::{
        backoff::{Backoff, spread},
        clock::millis,
        error::{Error, Result},
        fail_point::FailPoint,
        request,
    },
    domain::events::Frame,
    flows::auth::otp::{Relay, relay},
    hooks::{Ended, NotKept, Script, sdk::Effects},
    observability::metrics::Retried,
    storage::{
        queue::{ClaimedJob, JobTarget},
        store::{Afterwards, JobRow, StoreError, Tx},
    },
};

/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);
/// Of a wait, so that jobs that failed together do not come back together.
const SPREAD: f64 = 0.2;
/// What is kept of the reason of a failure.
const MAX_ERROR_CHARS: usize = 2_000;

/// Runs the job and settles its row; the transport is acknowledged last.
pub(super) async fn run(context: &WorkerContext, taken: ClaimedJob) {
    let ClaimedJob { job, acknowledgement } = taken;
    if let Err(error) = request::within(job.id.clone(), attempt(context, &job)).await {
        // The lease runs out, and the job is run again.
        tracing::error!(job = job.id, ?error, "a job could not be settled");
    }
    if let Some(acknowledgement) = acknowledgement {
        acknowledgement.settled();
    }
}

async fn attempt(context: &WorkerContext, job: &JobRow) -> Result<()> {
    FailPoint::JobClaimed.reached();
    context.app.metrics.attempted(Retried::Job, job.attempts - 1);
    let scope = job.scope()?;
    let platform = &context.app.hooks.platform;
    let effects = platform.effects(&scope, job.hops + 1);
    let purpose = JobTarget::of(&job.queue);
    let hook = match purpose {
        JobTarget::Message(_) => None,
        JobTarget::Event { hook, .. } => Some(hook),
    };
    let relayed = relay(&context.app, &scope, &event(purpose), hook, document(job, purpose)?).await?;
    let (payload, code) = match relayed {
        Relay::AsIs(payload) => (payload, None),
        Relay::WithCode { payload, code } => (payload, Some(code)),
        // Nothing is left to be done.
        Relay::Stale => return commit(context, job, &effects).await.map_err(|not_kept| not_kept.error),
    };
    let script = Script {
        scope: &scope,
        event: &event(purpose),
        hook,
        cause: &job.id,
        attempt: u32::try_from(job.attempts).unwrap_or(1),
        code: code.as_ref().map(|code| code.as_str()),
        payload,
        effects: &effects,
    };
    let keep = async {
        FailPoint::JobDecided.reached();
        commit(context, job, &effects).await
    };
    let failed = match context.app.hooks.script(script, keep).await {
        Ended::Done => return Ok(()),
        Ended::NotKept(NotKept { error, is_undone: true }) => {
            let reason = format!("{}: {}", errors::HOOK_FAILED.name, error.described());
            (reason, retry(context, job))
        }
        Ended::NotKept(NotKept { error, .. }) => return Err(error),
        Ended::Failed { code, reason } => (format!("{code}: {reason}"), retry(context, job)),
        Ended::GivenUp { reason } => (format!("dead without further attempts: {reason}"), dead(context)),
        Ended::Nobody => {
            let reason = format!("no enabled hook of the live deployment handles {}", event(purpose));
            (reason, retry(context, job))
        }
    };
    effects.discard().await;
    fail(context, job, failed.0, failed.1).await
}

/// First the writes to the project's own tables, then what the hook staged and the end of the job in one transaction of the
/// core store. A crash between the two runs the job again, so nothing is lost: at least once. A job whose lease was lost
/// stages nothing.
async fn commit(context: &WorkerContext, job: &JobRow, effects: &Effects) -> std::result::Result<(), NotKept> {
    let not_kept = |is_undone| move |error| NotKept { error, is_undone };
    let scope = job.scope().map_err(Error::from).map_err(not_kept(true))?;
    let (platform, staged) = (&context.app.hooks.platform, effects.take());
    platform.commit_tables(&scope, effects).await.map_err(not_kept(true))?;
    FailPoint::JobTablesKept.reached();
    let (id, owner, now_ms) = (job.id.clone(), context.owner.clone(), context.app.clock.now_ms());
    let finish = move |tx: &mut Tx<'_>| match tx.finish_job(&id, &owner, now_ms)? {
        true => Ok(()),
        false => Err(StoreError::LeaseLost),
    };
    let done = platform.write_again(&scope, staged, format!("job:{}", job.id), finish);
    done.await.map_err(Error::from).map_err(not_kept(false))?;
    FailPoint::JobDone.reached();
    Ok(())
}

async fn fail(context: &WorkerContext, job: &JobRow, mut reason: String, then: Afterwards) -> Result<()> {
    if let Some((end, _)) = reason.char_indices().nth(MAX_ERROR_CHARS) {
        reason.truncate(end);
    }
    tracing::warn!(
        job = job.id,
        queue = job.queue,
        attempt = job.attempts,
        reason,
        "a job failed"
    );
    let (id, owner) = (job.id.clone(), context.owner.clone());
    Ok(context
        .app
        .store
        .write_again(move |tx| tx.fail_job(&id, &owner, &reason, &then))
        .await?)
}

/// What the hook exports for it.
fn event(purpose: JobTarget<'_>) -> String {
    match purpose {
        JobTarget::Message(queue) => queue_event(queue),
        JobTarget::Event { event, .. } => event.to_owned(),
    }
}

/// The event as the hook sees it. One of the outbox is there as a whole; a message gets its frame here.
fn document(job: &JobRow, purpose: JobTarget<'_>) -> Result<String> {
    if let JobTarget::Event { .. } = purpose {
        return Ok(job.message.clone());
    }
    let message: Value =
        serde_json::from_str(&job.message).map_err(|error| Error::unexpected("reading a stored message", error))?;
    let frame = Frame {
        id: &job.id,
        kind: &event(purpose),
        version: 1,
        time_ms: job.created_ms,
        scope: &job.scope()?,
        actor: "queue",
        subject: None,
        data: message,
    };
    Ok(frame.document().to_string())
}

fn retry(context: &WorkerContext, job: &JobRow) -> Afterwards {
    if job.attempts >= context.app.config.queue.attempts {
        return dead(context);
    }
    let backoff = Backoff::doubling(context.app.config.queue.retry, LONGEST_WAIT);
    let wait = spread(backoff.after(job.attempts.into()), SPREAD, fraction());
    Afterwards::Retry {
        run_at_ms: context.app.clock.now_ms() + millis(wait),
    }
}

fn dead(context: &WorkerContext) -> Afterwards {
    Afterwards::Dead {
        now_ms: context.app.clock.now_ms(),
    }
}
