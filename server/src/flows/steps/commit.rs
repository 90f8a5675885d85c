//! The one transaction of a flow, and what must happen right before and right after it.

use std::time::Instant;

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        fail_point::FailPoint,
        request::NotedKind,
    },
    hooks::FlowContext,
    storage::store::{StoreError, Tx},
};

/// Who did what hooks staged, in the events of it.
const ACTOR: &str = "hook";

/// Commits what the flow does together with what its before-hooks have staged, then what they wrote to the project's own
/// tables. If the flow's part fails, nothing of it happens.
///
/// Between the two commits lies no atomicity: a crash there loses the writes to the project's own tables, and a database
/// that is gone then cannot undo the flow. The log says so. What can be known before is: the constraints of the tables hold
/// ([`Effects::check`](crate::hooks::sdk::Effects::check)), and the writes are still there.
pub(crate) async fn commit<T: Send + 'static>(
    app: &App,
    at: FlowContext<'_>,
    work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, StoreError> + Send + 'static,
) -> Result<T> {
    FailPoint::FlowDecided.reached();
    let began = Instant::now();
    if at.effects.are_lost().await {
        tracing::warn!(scope = %at.scope, "the connection to the project's database was lost, and with it what hooks wrote");
        return Err(
            Refusal::busy("The project's database is not available right now; please try again in a moment").into(),
        );
    }
    let staged = at.effects.take();
    let platform = &app.hooks.platform;
    let done = platform.write(at.scope, staged, ACTOR.to_owned(), work).await;
    let outcome = if done.is_ok() { "done" } else { "refused" };
    at.request.steps.note(NotedKind::Commit, outcome, began);
    let done = done?;
    FailPoint::FlowKept.reached();
    platform.events.notify_one();
    // The flow has happened; `commit_tables` has logged the failure.
    platform.commit_tables(at.scope, at.effects).await.ok();
    FailPoint::FlowDone.reached();
    Ok(done)
}
