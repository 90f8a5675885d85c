//! Whether the background has nothing to do: what a test waits for that shows that something does not happen.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::sync::Notify;

use super::WorkerContext;

/// Between two looks at the figures.
const AGAIN: Duration = Duration::from_millis(2);
const PARTS: usize = 5;

/// What looks for work.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Jobs,
    Events,
    Mails,
    Webhooks,
    Schedules,
}

/// How often each part has looked, and whether it found something.
#[derive(Debug, Default)]
pub(super) struct Idle {
    in_vain: [AtomicU64; PARTS],
    found: AtomicU64,
    /// Wakes the schedules, which nobody else does.
    pub(super) clock: Notify,
}

impl Idle {
    /// A part has looked, and found so much.
    pub(super) fn looked(&self, part: Part, found: usize) {
        match found {
            0 => self.in_vain[part as usize].fetch_add(1, Ordering::SeqCst),
            _ => self.found.fetch_add(1, Ordering::SeqCst),
        };
    }

    fn in_vain(&self) -> [u64; PARTS] {
        std::array::from_fn(|part| self.in_vain[part].load(Ordering::SeqCst))
    }
}

/// Waits until every part has begun a look after this call and found nothing, and none found anything meanwhile.
pub(super) async fn idle(context: &WorkerContext) {
    let idle = &context.idle;
    loop {
        let (found, before) = (idle.found.load(Ordering::SeqCst), idle.in_vain());
        // The first look to end may have begun before.
        while idle.in_vain().iter().zip(before).any(|(now, before)| *now < before + 2) {
            wake(context);
            tokio::time::sleep(AGAIN).await;
        }
        if idle.found.load(Ordering::SeqCst) == found {
            return;
        }
    }
}

fn wake(context: &WorkerContext) {
    let platform = &context.app.hooks.platform;
    platform.wake();
    platform.events.notify_one();
    platform.deliveries.notify_one();
    context.idle.clock.notify_one();
}
