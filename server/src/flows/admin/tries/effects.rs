//! What changed where a request ran, and what that would lead to.

use aerocall_api_types::{
    HostCall, InvocationDetail, Reply, TryEffect, TryEffectKind, TryFollowUp, TryFollowUpKind, TryOperation,
};
use serde_json::{Map, Value};

use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    domain::events,
    hooks::Live,
    outbound::webhooks::Filter,
    storage::store::{Change, EndpointRow, EventRow},
};

/// Effects that are listed.
pub(super) const MOST: usize = 1_000;
const MAX_EVENTS: i64 = 200;

/// Which table is about what.
const KINDS: &[(&str, TryEffectKind)] = &[
    ("users", TryEffectKind::User),
    ("sessions", TryEffectKind::Session),
    ("refresh_tokens", TryEffectKind::Session),
    ("one_time_tokens", TryEffectKind::Token),
    ("identities", TryEffectKind::Identity),
    ("mfa_factors", TryEffectKind::Factor),
    ("recovery_codes", TryEffectKind::Factor),
    ("mails", TryEffectKind::Mail),
    ("jobs", TryEffectKind::Job),
    ("outbox_events", TryEffectKind::Event),
    ("audit_log", TryEffectKind::Audit),
];

/// A change of a row.
pub(super) fn of_change(change: Change) -> TryEffect {
    let known = KINDS.iter().find(|(table, _)| *table == change.table);
    let (mut before, mut after) = (change.before.unwrap_or_default(), change.after.unwrap_or_default());
    if let (Value::Object(was), Value::Object(is)) = (&before, &after) {
        let differs = |(name, value): &(&String, &Value)| was.get(*name) != Some(value) || *name == "id";
        let names: Vec<String> = is.iter().filter(differs).map(|(name, _)| name.clone()).collect();
        (before, after) = (only(was, &names), only(is, &names));
    }
    TryEffect {
        kind: known.map_or(TryEffectKind::Other, |(_, kind)| *kind),
        operation: match change.operation.as_str() {
            "insert" => TryOperation::Insert,
            "delete" => TryOperation::Delete,
            _ => TryOperation::Update,
        },
        name: change.table,
        hook: None,
        remains: true,
        before: documents(before),
        after: documents(after),
    }
}

fn only(members: &Map<String, Value>, names: &[String]) -> Value {
    let kept = members.iter().filter(|(name, _)| names.contains(name));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// JSON that is stored as a text is shown as what it is.
fn documents(row: Value) -> Value {
    const JSON: [&str; 6] = ["metadata", "public_metadata", "data", "message", "client", "amr"];
    let Value::Object(mut members) = row else { return row };
    for name in JSON {
        if let Some(Value::String(text)) = members.get(name)
            && let Ok(parsed) = serde_json::from_str(text)
        {
            members.insert(name.to_owned(), parsed);
        }
    }
    Value::Object(members)
}

/// What a hook changed outside of the server's tables. `is_kept`: whether the flow went on to keep it.
pub(super) fn of_call(call: &InvocationDetail, is_kept: bool) -> Vec<TryEffect> {
    let decided = matches!(call.reply, Reply::Allow | Reply::Patch { .. });
    let effect = |one: &HostCall| {
        let kind = kind(one)?;
        Some(TryEffect {
            kind,
            operation: TryOperation::Call,
            name: one.name.clone(),
            hook: Some(call.run.hook.clone()),
            remains: match kind {
                TryEffectKind::Database => decided && is_kept,
                // Neither waits for the outcome.
                _ => true,
            },
            before: Value::Null,
            after: one.arguments.clone(),
        })
    };
    call.host_calls.iter().filter_map(effect).collect()
}

/// The same of a hook that ran in the environment itself: with what the server kept for it.
pub(super) fn of_live_call(call: &InvocationDetail, is_kept: bool) -> Vec<TryEffect> {
    let decided = matches!(call.reply, Reply::Allow | Reply::Patch { .. });
    let staged = |one: &HostCall| {
        let kind = match one.name.as_str() {
            "queue.enqueue" => TryEffectKind::Job,
            "auth.sendEmail" => TryEffectKind::Mail,
            "auth.updateUser" => TryEffectKind::User,
            "auth.revokeSessions" => TryEffectKind::Session,
            _ => return None,
        };
        one.answer.get("error").is_none().then(|| TryEffect {
            kind,
            operation: TryOperation::Call,
            name: one.name.clone(),
            hook: Some(call.run.hook.clone()),
            remains: decided && is_kept,
            before: Value::Null,
            after: one.arguments.clone(),
        })
    };
    let mut all = of_call(call, is_kept);
    all.extend(call.host_calls.iter().filter_map(staged));
    all
}

fn kind(call: &HostCall) -> Option<TryEffectKind> {
    if call.answer.get("error").is_some() {
        return None;
    }
    Some(match call.name.as_str() {
        "cache.set" | "cache.increment" => TryEffectKind::Cache,
        "cache.delete" | "cache.setIfAbsent" if call.answer == true => TryEffectKind::Cache,
        "db.execute" | "db.transaction.execute" => TryEffectKind::Database,
        "http.send" => TryEffectKind::Request,
        _ => return None,
    })
}

/// Script hooks and webhook endpoints that the events and messages of the request are for.
pub(super) async fn follow_ups(
    app: &App,
    scope: &Scope,
    live: Option<&Live>,
    effects: &[TryEffect],
) -> Result<Vec<TryFollowUp>> {
    let own = scope.clone();
    let (rows, endpoints) = app
        .store
        .read(move |tx| Ok((tx.undispatched_events("", MAX_EVENTS)?, tx.endpoints(&own)?)))
        .await?;
    let mut all = Vec::new();
    for row in &rows {
        all.extend(scripts(live, &row.kind));
        all.extend(webhooks(row, &endpoints)?);
    }
    let jobs = effects
        .iter()
        .filter(|effect| effect.kind == TryEffectKind::Job && effect.operation == TryOperation::Insert);
    for queue in jobs.filter_map(|job| job.after["queue"].as_str()) {
        all.extend(scripts(live, queue));
    }
    Ok(all)
}

fn scripts(live: Option<&Live>, cause: &str) -> Vec<TryFollowUp> {
    let of = |name: &String| TryFollowUp {
        kind: TryFollowUpKind::ScriptHook,
        name: name.clone(),
        cause: cause.to_owned(),
    };
    let hooks = live.into_iter().flat_map(|live| live.scripts(cause));
    hooks.map(|hook| of(&hook.name)).collect()
}

fn webhooks(event: &EventRow, endpoints: &[EndpointRow]) -> Result<Vec<TryFollowUp>> {
    let document = events::document(event)?;
    let mut all = Vec::new();
    for endpoint in endpoints.iter().filter(|endpoint| endpoint.is_enabled()) {
        if Filter::of(endpoint)?.wants(&event.kind, &document) {
            all.push(TryFollowUp {
                kind: TryFollowUpKind::Webhook,
                name: endpoint.url.clone(),
                cause: event.kind.clone(),
            });
        }
    }
    Ok(all)
}
