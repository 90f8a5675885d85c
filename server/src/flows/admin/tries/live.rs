//! A test in the environment itself: the request does what it does for everybody, for a user of tests.

use std::collections::BTreeSet;

use aerocall_api_types::{Permission, TriedRequest, TriedResponse, TryMode};
use aerocall_contract::errors;
use serde_json::{Value, json};

use super::{
    effects, hidden,
    input::Input,
    names,
    run::{self, answer, meta},
    steps,
};
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::Scope,
    },
    domain::{
        audit::{Action, AuditEntry},
        user::Profile,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{AdminWho as _, Caller, EnvironmentAdmin},
        one_time::TokenPurpose,
    },
    storage::store::{StoreError, Tx, UserChange},
};

/// In the metadata of a user of tests.
const MARK: &str = "aerocallTest";

pub(super) async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<TriedRequest> {
    caller.who.permissions().require(Permission::DataWrite)?;
    let scope = &caller.scope;
    let _trial = app.hooks.trials.begin(&scope.project)?;
    let meta = meta(app, &caller.request, &input.asked);
    let texts = names::of(app, scope, &input.asked, &meta.ip)?.into_iter().collect();
    let (texts, before) = named(app, scope, texts).await?;
    refuse_others(app, scope, &before).await?;
    let endpoint = format!("{} {}", input.entry.endpoint.method.as_str(), input.entry.endpoint.path);
    let data = json!({ "mode": "live", "request": meta.id });
    // Before it runs, so that it is in the log whatever becomes of it.
    let begun = caller.change(app, move |_, _| {
        Ok(Audited::Changed(
            (),
            AuditEntry::new(Action::RequestTried, endpoint).with(data),
        ))
    });
    begun.await?;
    let live = app.hooks.registry.live(scope);
    let (ended, answered) = Box::pin(answer(app, caller, &input, meta)).await;
    mark_new(app, scope, texts, &before).await?;
    let calls = steps::recorded(app, scope, ended.id()).await?;
    let kept = |point: &str| point.starts_with("after") || ended.is_committed();
    let all: Vec<_> = calls
        .iter()
        .flat_map(|call| effects::of_live_call(call, kept(&call.run.point)))
        .collect();
    Ok(TriedRequest {
        id: ended.id().to_owned(),
        mode: TryMode::Live,
        deployment: live.as_ref().map_or(0, |live| live.number),
        request: run::message(&input.asked),
        steps: steps::shown(&ended.as_ended(answered.status), &calls, live.as_deref()),
        response: TriedResponse {
            status: answered.status,
            headers: hidden::answer_headers(&answered.headers),
            body: hidden::answer(&answered.body),
        },
        effects: all,
        effects_dropped: 0,
        would_run: Vec::new(),
        changed_nothing: false,
    })
}

/// The users that a request is about, and everything by which it names them.
async fn named(app: &App, scope: &Scope, texts: BTreeSet<String>) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
    let purposes: Vec<&str> = TokenPurpose::ALL.iter().map(|purpose| purpose.as_str()).collect();
    Ok(app.store.users_named(scope, &purposes, texts).await?)
}

/// Nobody who is not of a test is touched.
async fn refuse_others(app: &App, scope: &Scope, users: &BTreeSet<String>) -> Result<()> {
    let (own, ids) = (scope.clone(), users.clone());
    let rows = app.store.read(move |tx| {
        ids.iter()
            .map(|id| tx.user(&own, id))
            .collect::<std::result::Result<Vec<_>, _>>()
    });
    for row in rows.await?.into_iter().flatten() {
        let metadata: Value =
            serde_json::from_str(&row.metadata).map_err(|error| Error::unexpected("reading a user", error))?;
        if metadata[MARK] != true {
            let message = format!(
                "A live test is for users of tests, and this request is about the user {}, who has no \"{MARK}\": true in the metadata; try it as a dry-run, or with an address that nobody has",
                row.id
            );
            return Err(Refusal::new(errors::FORBIDDEN, message).into());
        }
    }
    Ok(())
}

/// Users that were not there before are of this test.
async fn mark_new(app: &App, scope: &Scope, texts: BTreeSet<String>, before: &BTreeSet<String>) -> Result<()> {
    let (_, after) = named(app, scope, texts).await?;
    let new: Vec<String> = after.difference(before).cloned().collect();
    if new.is_empty() {
        return Ok(());
    }
    let (own, now_ms) = (scope.clone(), app.clock.now_ms());
    let marked = app
        .store
        .write(move |tx| new.iter().try_for_each(|id| mark(tx, &own, id, now_ms)));
    Ok(marked.await?)
}

fn mark(tx: &mut Tx<'_>, scope: &Scope, id: &str, now_ms: i64) -> std::result::Result<(), StoreError> {
    let Some(row) = tx.lock_user(scope, id)? else {
        return Ok(());
    };
    let damaged = |_| StoreError::Inconsistent("the user cannot be read back");
    let profile = Profile::of(&row).map_err(damaged)?;
    let metadata = profile.metadata.patched(json!({ MARK: true }));
    let metadata = metadata.map_err(|_| StoreError::Inconsistent("the user has no room for the mark of a test"))?;
    let change = UserChange {
        metadata: Some(metadata),
        ..UserChange::default()
    };
    tx.update_user(scope, id, &change, now_ms)?;
    Ok(())
}
