//! Deletes what projects and environments had that were deleted: for everybody they are gone already, see
//! [`crate::storage::store::Tx::remove_environment`]. Part by part, so that SQLite's one writer is never held for long, and again
//! after a while, for what requests, jobs and records under way have left. Every step can be done twice and by several workers.

use std::time::Duration;

use tokio::sync::watch;

use super::{Phase, stopping};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        ids::{Scope, Slug},
    },
    storage::store::Removal,
};

const INTERVAL: Duration = Duration::from_secs(2);
/// Rows of one transaction.
const MAX_ROWS: i64 = 1_000;
/// Rows with bundles in them.
const MAX_BUNDLES: i64 = 50;
/// What was under way when the environment was deleted has ended by then, and every node has heard of it.
const GRACE_MS: i64 = 60_000;

/// Until the worker stops.
pub(super) async fn run(app: &App, mut phase: watch::Receiver<Phase>) {
    loop {
        tokio::select! {
            () = stopping(&mut phase) => return,
            () = all(app) => {}
        }
        tokio::select! {
            () = stopping(&mut phase) => return,
            () = app.hooks.platform.removals.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn all(app: &App) {
    if let Err(error) = look(app).await {
        tracing::debug!(?error, "deleted projects cannot be looked for right now");
    }
}

async fn look(app: &App) -> Result<()> {
    for removal in app.store.read(|tx| tx.removals()).await? {
        let scope = removal.scope.clone();
        if let Err(error) = environment(app, removal).await {
            tracing::warn!(%scope, ?error, "the data of a deleted environment could not be deleted; it is retried");
        }
    }
    for id in app.store.read(|tx| tx.emptied_projects()).await? {
        project(app, &id).await?;
        tracing::info!(project = %id, "a deleted project is gone");
    }
    Ok(())
}

/// What a project had beside its environments: its versions, with what was compiled of them.
async fn project(app: &App, id: &Slug) -> Result<()> {
    let wanted = id.clone();
    let digests = app.store.read(move |tx| tx.version_digests(&wanted)).await?;
    loop {
        let wanted = id.clone();
        let forget = app.store.write_again(move |tx| tx.forget_project(&wanted, MAX_BUNDLES));
        if forget.await? == 0 {
            break;
        }
    }
    digests.iter().for_each(|digest| app.hooks.registry.discard(digest));
    Ok(())
}

async fn environment(app: &App, removal: Removal) -> Result<()> {
    let scope = removal.scope;
    empty(app, &scope).await?;
    if app.clock.now_ms() - removal.since_ms < GRACE_MS {
        return Ok(());
    }
    let platform = &app.hooks.platform;
    let removed = platform.tenants.remove(&scope).await;
    removed.map_err(|error| Error::unexpected("deleting a project's database", error))?;
    let cleared = platform.cache.clear(&scope).await;
    cleared.map_err(|error| Error::unexpected("clearing a project's cache", error))?;
    app.store.write_again(move |tx| tx.forget_environment(&scope)).await?;
    Ok(())
}

async fn empty(app: &App, scope: &Scope) -> Result<()> {
    loop {
        let wanted = scope.clone();
        let deleted = app.store.write_again(move |tx| tx.delete_part(&wanted, MAX_ROWS));
        if deleted.await? == 0 {
            return Ok(());
        }
    }
}
