//! The one transaction of a flow, and what must happen right before and right after it.

use crate::{
    app::App,
    base::{error::Result, fail_point::FailPoint},
    hooks::FlowContext,
    storage::store::{StoreError, Tx},
};

/// Who did what hooks staged, in the events of it.
const ACTOR: &str = "hook";

/// Commits what the flow does together with what its before-hooks have staged, then what they wrote to the project's own
/// tables. If the flow's part fails, nothing of it happens.
///
/// Between the two commits lies no atomicity: a crash there loses the writes to the project's own tables, and a database
/// that refuses then cannot undo the flow. The log says so.
pub(crate) async fn commit<T: Send + 'static>(
    app: &App,
    at: FlowContext<'_>,
    work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, StoreError> + Send + 'static,
) -> Result<T> {
    FailPoint::FlowDecided.reached();
    let staged = at.effects.take();
    let platform = &app.hooks.platform;
    let done = platform.write(at.scope, staged, ACTOR.to_owned(), work).await?;
    FailPoint::FlowKept.reached();
    platform.events.notify_one();
    // The flow has happened; `commit_tables` has logged the failure.
    platform.commit_tables(at.scope, at.effects).await.ok();
    FailPoint::FlowDone.reached();
    Ok(done)
}
