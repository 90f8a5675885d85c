//! Runs jobs and timers until a promise is settled or nothing is left that could settle it.

use crate::{
    binding::{Ctx, Function, Object, Promise, Result, Value, promise::PromiseState},
    time,
};

/// How waiting for a promise ended.
pub(crate) enum Settled<'js> {
    Resolved(Value<'js>),
    /// The reason is the pending exception of the context.
    Rejected,
    /// No job and no timer is left, and the promise still waits.
    Never,
}

/// Drives the event loop until the promise is settled.
pub(crate) fn settle<'js>(ctx: &Ctx<'js>, internals: &Object<'js>, promise: &Promise<'js>) -> Result<Settled<'js>> {
    loop {
        while ctx.execute_pending_job() {}
        match promise.state() {
            PromiseState::Resolved => {
                return Ok(Settled::Resolved(
                    promise
                        .result::<Value<'js>>()
                        .transpose()?
                        .unwrap_or_else(|| Value::new_undefined(ctx.clone())),
                ));
            }
            PromiseState::Rejected => {
                // Whoever waits here handles it.
                let track: Function<'js> = internals.get("trackRejection")?;
                track.call::<_, ()>((promise.clone(), Value::new_undefined(ctx.clone()), true))?;
                let rejected = promise.result::<Value<'js>>();
                debug_assert!(matches!(rejected, Some(Err(_))));
                return Ok(Settled::Rejected);
            }
            PromiseState::Pending => {}
        }
        if !run_next_timer(internals)? {
            return Ok(Settled::Never);
        }
    }
}

/// Waits for the earliest timer and fires it; `false` if there is none.
fn run_next_timer(internals: &Object<'_>) -> Result<bool> {
    let next_delay: Function<'_> = internals.get("nextTimerDelay")?;
    let delay_ms: f64 = next_delay.call(())?;
    if delay_ms < 0.0 {
        return Ok(false);
    }
    if delay_ms > 0.0 {
        time::sleep_ms(delay_ms.ceil().min(f64::from(u32::MAX)) as u32);
    }
    let run: Function<'_> = internals.get("runDueTimers")?;
    run.call::<_, ()>(())?;
    Ok(true)
}
