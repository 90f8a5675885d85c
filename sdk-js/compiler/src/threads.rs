//! Threads with room for recursion. Parsers, visitors and printers of syntax trees recurse once for every level of the
//! author's code; `bundle::depth` bounds the levels, and these threads have room for that many. The room is reserved,
//! not used: pages that are never touched cost nothing.

use std::{
    future::Future,
    io,
    sync::LazyLock,
    thread::{self, available_parallelism},
};

use tokio::{
    runtime::{Builder, Runtime},
    task::JoinError,
};

/// Levels that the bounds allow, times what a level takes in an unoptimised build, and room to spare.
const STACK_BYTES: usize = 128 << 20;
/// The bundler gains little from more.
const MAX_THREADS: usize = 4;

/// The bundler's own threads: it starts its tasks on the runtime that it is called on.
static BUNDLER: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    let threads = available_parallelism().map_or(2, usize::from).min(MAX_THREADS);
    // Fails when the program has set up the pool before; then its stacks are what they are.
    let pool = rayon::ThreadPoolBuilder::new()
        .stack_size(STACK_BYTES)
        .num_threads(threads)
        .build_global();
    drop(pool);
    Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_stack_size(STACK_BYTES)
        .thread_name("aerocall-bundler")
        .enable_all()
        .build()
});

/// Runs work of the bundler; a panic in it is an error.
pub(crate) async fn bundler<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Interrupted> {
    match &*BUNDLER {
        Ok(runtime) => runtime.spawn(work).await.map_err(Interrupted::Panicked),
        Err(error) => Err(Interrupted::NoThreads(error.to_string())),
    }
}

/// The bundler did not come to an end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Interrupted {
    #[error("the bundler failed: {0}")]
    Panicked(JoinError),
    #[error("the bundler's threads cannot be started: {0}")]
    NoThreads(String),
}

/// Runs something that recurses over syntax, on a thread of its own. Where there is none to be had, it runs here.
pub(crate) fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let mut work = Some(work);
    let slot = &mut work;
    let done = thread::scope(|scope| {
        let thread = thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, move || slot.take().map(|work| work()))
            .ok()?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    done.or_else(|| work.take().map(|work| work()))
        .unwrap_or_else(|| unreachable!("the work is run once, there or here"))
}
