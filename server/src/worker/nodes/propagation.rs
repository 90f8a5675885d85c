//! The tasks that bring environments up to what the store says. One at a time for each environment, a few at a time in all: a
//! bundle that takes long to load holds up nobody else's.

use std::sync::Arc;

use crate::{
    app::App,
    base::{
        error::{Error, Result},
        ids::Scope,
    },
    storage::revisions::Again,
};

/// Begins to take over what was changed since the last look: settings and keys are forgotten at once; deployments are loaded
/// on the side, see [`crate::storage::revisions::Changes::is_behind`]. What failed and is due again is begun as well.
pub(crate) async fn catch_up(app: &Arc<App>) -> Result<()> {
    // Held to the end: whoever comes next finds everything marked that this one has seen.
    let mut seen = app.changes.seen.lock().await;
    let since = *seen;
    let changed = app.store.read(move |tx| match tx.revision()? {
        revision if revision == since => Ok(None),
        revision => Ok(Some((revision, tx.changed_since(since)?))),
    });
    let mut scopes = app.changes.due();
    if let Some((revision, changed)) = changed.await? {
        *seen = revision;
        scopes.extend(changed);
    }
    for scope in scopes {
        app.settings.forget(&scope);
        app.keyring.forget(&scope);
        begin(app, scope);
    }
    Ok(())
}

/// Brings the environment up on a task of its own, unless one does so already: then it looks once more.
fn begin(app: &Arc<App>, scope: Scope) {
    if !app.changes.takes(&scope) {
        return;
    }
    let app = Arc::clone(app);
    tokio::spawn(async move {
        loop {
            // A task of its own, so that a panic is a failure like another one.
            let attempt = tokio::spawn(load(Arc::clone(&app), scope.clone())).await;
            let result = attempt.unwrap_or_else(|error| Err(Error::unexpected("taking over a change", error)));
            if let Err(error) = &result {
                tracing::error!(%scope, ?error, "a change by another node could not be applied; it is retried");
            }
            if app.changes.ended(&scope, &result) == Again::No {
                break;
            }
        }
        // Events that waited for the deployment they belong to.
        app.hooks.platform.events.notify_one();
    });
}

async fn load(app: Arc<App>, scope: Scope) -> Result<()> {
    // The semaphore is never closed.
    let _slot = app.changes.slots.acquire().await.ok();
    let wanted = scope.clone();
    if !app.store.read(move |tx| tx.is_environment(&wanted)).await? {
        return forget(&app, &scope).await;
    }
    app.hooks.registry.follow(&scope).await
}

/// Drops what this process keeps of an environment that was deleted.
async fn forget(app: &App, scope: &Scope) -> Result<()> {
    let platform = &app.hooks.platform;
    app.hooks.registry.remove(scope);
    platform.tenants.close(scope);
    let cleared = platform.cache.clear(scope).await;
    cleared.map_err(|error| Error::unexpected("clearing the cache of a deleted environment", error))
}
