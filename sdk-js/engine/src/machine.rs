//! The engine's state: made once at build, found again by every call in the snapshot.

use std::cell::UnsafeCell;

use crate::{
    binding::{self, Context, Function, Object, Persistent, Runtime},
    positions,
};

/// Bytes of the wasm stack that JavaScript may use before it gets a RangeError. The stack itself has 1 MiB; the rest is
/// for the engine's own frames, which do not check (see docs/decisions/0003-stack.md).
const STACK_BYTES: usize = 640 * 1024;

/// Collecting cycles touches every object and so copies every page of the snapshot. Most calls end long before this.
const COLLECT_AFTER_BYTES: usize = 8 << 20;

/// Everything a call needs.
pub(crate) struct Machine {
    pub(crate) runtime: Runtime,
    pub(crate) context: Context,
    /// Set by the prelude: timers, errors, payload revival.
    pub(crate) internals: Persistent<Object<'static>>,
    /// The hooks by name: lifecycle names and events.
    pub(crate) hooks: Vec<(String, Persistent<Function<'static>>)>,
}

impl Machine {
    /// An engine with its globals in place and no hook yet.
    pub(crate) fn new() -> binding::Result<Self> {
        let (runtime, context) = binding::open(STACK_BYTES, COLLECT_AFTER_BYTES)?;
        let internals =
            context.with(|ctx| crate::prelude::install(&ctx).map(|object| Persistent::save(&ctx, object)))?;
        track_rejections(&runtime, internals.clone());
        Ok(Self {
            runtime,
            context,
            internals,
            hooks: Vec::new(),
        })
    }
}

/// Tells the prelude of each promise that is rejected with nobody listening, and of each that gets a listener later.
fn track_rejections(runtime: &Runtime, internals: Persistent<Object<'static>>) {
    runtime.set_host_promise_rejection_tracker(Some(Box::new(move |ctx, promise, reason, is_handled| {
        let Ok(internals) = internals.clone().restore(&ctx) else {
            return;
        };
        if !is_handled {
            positions::note_rejected(&reason);
        }
        let track: binding::Result<Function<'_>> = internals.get("trackRejection");
        // Out of stack or memory: the rejection itself will say so.
        if track
            .and_then(|track| track.call::<_, ()>((promise, reason, is_handled)))
            .is_err()
        {
            drop(ctx.catch());
        }
    })));
}

/// A static for a module that has one thread: wasm without the threads proposal.
struct Single<T>(UnsafeCell<T>);

// SAFETY: the module is built without threads, so there is no second thread to share with.
unsafe impl<T> Sync for Single<T> {}

static MACHINE: Single<Option<Machine>> = Single(UnsafeCell::new(None));

/// Puts the machine where calls find it. Only `prepare` does this, before any call.
pub(crate) fn set(machine: Machine) {
    // SAFETY: one thread, and no reference from `get` is alive: `prepare` runs once, before any call.
    unsafe { *MACHINE.0.get() = Some(machine) }
}

/// The machine, if `prepare` made one.
pub(crate) fn get() -> Option<&'static Machine> {
    // SAFETY: one thread; nothing writes after `set`.
    unsafe { (*MACHINE.0.get()).as_ref() }
}
