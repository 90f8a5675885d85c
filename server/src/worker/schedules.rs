//! Makes a job of each due time of a schedule. The rows of `store::schedules` say what is due; the live deployments of this
//! process say what is to be there.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use aerocall_runtime::Priority;
use tokio::sync::watch;

use super::{AHEAD_MS, Part, Phase, WorkerContext, stopping};
use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    hooks::{
        Due, State,
        schedule::{self, Schedule},
    },
    storage::{queue::Handling, store::ScheduleRow},
};

/// How often the clock is looked at. Times are whole minutes, so a job is at most this late.
const INTERVAL: Duration = Duration::from_secs(1);
/// How often the rows are held against what is live, besides when it changes: another server may have forgotten one.
const AFRESH: Duration = Duration::from_secs(60);
/// A time that was missed is made up for until it is so old.
const LATEST_MS: i64 = 3_600_000;
/// What is due for so long and answered by no live hook is forgotten. Until then another server, which has heard of a new
/// deployment earlier, may take it.
const NOBODYS_MS: i64 = 60_000;
/// Due schedules of one round; more of them wait for the next.
const ROUND: i64 = 5_000;

/// A schedule of a live, enabled hook.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Wanted {
    scope: Scope,
    hook: String,
    name: String,
    pattern: String,
}

/// What was seen to be there, and when.
#[derive(Default)]
struct Known {
    wanted: HashMap<Wanted, Priority>,
    since: Option<Instant>,
}

/// Until the worker stops.
pub(super) async fn run(context: &WorkerContext, mut phase: watch::Receiver<Phase>) {
    let mut known = Known::default();
    loop {
        let due = round(&context.app, &mut known).await;
        context
            .idle
            .looked(Part::Schedules, due.as_ref().map_or(1, |count| *count));
        if let Err(error) = due {
            tracing::warn!(?error, "schedules could not be read right now");
        }
        tokio::select! {
            () = stopping(&mut phase) => return,
            () = context.idle.clock.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// One look at the clock. How many jobs it made.
async fn round(app: &App, known: &mut Known) -> Result<usize> {
    let (wanted, now_ms) = (wanted(app), app.clock.now_ms());
    let is_old = known.since.is_none_or(|since| since.elapsed() > AFRESH);
    if is_old || wanted != known.wanted {
        keep(app, &wanted, now_ms).await?;
        *known = Known {
            wanted,
            since: Some(Instant::now()),
        };
    } else if wanted.is_empty() {
        return Ok(0);
    }
    let due = app.store.read(move |tx| tx.due_schedules(now_ms, ROUND)).await?;
    let mut made = 0;
    for row in due {
        made += settle(app, &known.wanted, row, now_ms).await?;
    }
    Ok(made)
}

/// Every schedule of every live hook that is enabled, and how urgent it is.
fn wanted(app: &App) -> HashMap<Wanted, Priority> {
    let mut wanted = HashMap::new();
    for (scope, live) in app.hooks.registry.all() {
        for hook in live.hooks.iter().filter(|hook| hook.state == State::Enabled) {
            wanted.extend(hook.manifest.schedules.iter().map(|(name, pattern)| {
                let one = Wanted {
                    scope: scope.clone(),
                    hook: hook.name.clone(),
                    name: name.clone(),
                    pattern: pattern.clone(),
                };
                (one, Handling::of(&hook.manifest, &schedule::event(name)).priority)
            }));
        }
    }
    wanted
}

async fn keep(app: &App, wanted: &HashMap<Wanted, Priority>, now_ms: i64) -> Result<()> {
    // A pattern was checked when its bundle was uploaded; a server of another version may have been stricter.
    let row = |wanted: &Wanted| {
        let schedule = Schedule::parse(&wanted.pattern).ok()?;
        let (next_ms, latest_ms) = (schedule.after(now_ms)?, schedule.after(now_ms + AHEAD_MS)?);
        let row = ScheduleRow::new(&wanted.scope, &wanted.hook, &wanted.name, &wanted.pattern, next_ms);
        Some((row, latest_ms))
    };
    let mut rows: Vec<(ScheduleRow, i64)> = wanted.keys().filter_map(row).collect();
    // Every node has them in the same order, or two would wait for each other.
    rows.sort_unstable_by(|(one, _), (other, _)| one.key().cmp(&other.key()));
    if !rows.is_empty() {
        app.store
            .write_again(move |tx| {
                rows.iter()
                    .try_for_each(|(row, latest_ms)| tx.keep_schedule(row, *latest_ms))
            })
            .await?;
    }
    Ok(())
}

/// A due time becomes a job, once, whichever server gets there first. How many it became here.
async fn settle(app: &App, wanted: &HashMap<Wanted, Priority>, row: ScheduleRow, now_ms: i64) -> Result<usize> {
    let scope = row.scope()?;
    let live = wanted.get(&Wanted {
        scope: scope.clone(),
        hook: row.hook.clone(),
        name: row.name.clone(),
        pattern: row.pattern.clone(),
    });
    let times = Schedule::parse(&row.pattern)
        .ok()
        .and_then(|schedule| Some((schedule.last(now_ms)?, schedule.after(now_ms)?)));
    let (Some((due_ms, next_ms)), Some(priority)) = (times, live) else {
        if now_ms - row.next_ms > NOBODYS_MS {
            app.store.write_again(move |tx| tx.forget_schedule(&row)).await?;
        }
        return Ok(0);
    };
    // After a while without any server only the latest of the times that were missed.
    let due = Due {
        scope: &scope,
        hook: &row.hook,
        name: &row.name,
        actor: "schedule",
        priority: *priority,
        due_ms,
    };
    let job = (now_ms - due_ms < LATEST_MS).then(|| due.job(now_ms));
    let makes_one = job.is_some();
    let taken = app.store.write_again(move |tx| {
        let taken = tx.take_schedule(&row, next_ms)?;
        match job.as_ref().filter(|_| taken) {
            Some(job) => tx.insert_job(&scope, job).map(|()| taken),
            None => Ok(taken),
        }
    });
    if !taken.await? || !makes_one {
        return Ok(0);
    }
    app.hooks.platform.wake();
    Ok(1)
}
