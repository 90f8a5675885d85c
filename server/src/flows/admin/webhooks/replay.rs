//! `POST …/webhooks/{webhook}/replay`

use aerocall_api_types::{Permission, Replayed};
use aerocall_contract::errors;
use serde_json::Value;

use super::{BODY, enabled};
use crate::{
    app::App,
    base::{
        error::Result,
        event::EventKind,
        ids::{Kind, Scope, first_id},
        input::{Fields, Parsed, query, short_text},
    },
    domain::{
        audit::{Action, AuditEntry},
        events,
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
    outbound::webhooks::{Filter, delivery},
    storage::store::{EndpointRow, EventRow},
};

/// Events that one transaction reads.
const PAGE: i64 = 500;
/// Deliveries that one request makes anew, unless the client wants fewer.
const MAX: usize = 20_000;
/// Events that one request looks through: an endpoint may want few of them.
const MAX_SEEN: usize = 200_000;

/// Sends many deliveries again. A message keeps its id, so that a receiver knows what it has.
pub(crate) struct ReplayDeliveries;

/// What the client sends.
pub(crate) struct Input {
    what: What,
    since_ms: i64,
    most: usize,
    /// Where the request before this one ended.
    after: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Deliveries that failed, or were canceled when the endpoint was disabled.
    Failed,
    /// Events that the endpoint wants and has no delivery of: it was disabled, or did not exist.
    Missing,
}

pub(super) const WHAT: Field = Field::required(
    "what",
    FieldKind::OneOf(&["failed", "missing"]),
    "`failed`: deliveries that failed or were canceled. `missing`: events that match the endpoint and have no delivery.",
);
pub(super) const SINCE: Field = Field::required(
    "since",
    FieldKind::TIME,
    "Only events and deliveries since this time (RFC 3339).",
);

impl Flow for ReplayDeliveries {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = Replayed;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/webhooks/{webhook}/replay"), "Resend failed or missing deliveries")
        .about("Resends all failed deliveries, or creates up to 20,000 missing ones per request. If `next` is not null, send another request with it as `after`.")
        .fields(&[
            WHAT,
            SINCE,
            Field::optional(
                "limit",
                FieldKind::Json(r#"{"type":"integer","minimum":1,"maximum":20000}"#),
                "Number of missing deliveries to create in this request; 20,000 if omitted. Only for `missing`.",
            ),
            Field::optional(
                "after",
                FieldKind::Text(100),
                "`next` of the previous response. Only for `missing`.",
            ),
        ])
        .example(r#"{"what":"failed","since":"2026-01-31T12:00:00Z"}"#)
        .answers(202, "The number of deliveries sent again.", r#"{"replayed": 12, "next": null}"#)
        .errors(&[errors::WEBHOOK_DISABLED]);

    const BODY: BodyLimit = BODY;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let what = fields.required("what", what);
        let since_ms = fields.required("since", query::time);
        let most = fields.optional("limit", limit);
        let after = fields.optional("after", short_text(100));
        if what == Some(What::Failed) {
            for (field, is_there) in [("limit", most.is_some()), ("after", after.is_some())] {
                if is_there {
                    fields.problem(field, "is only for what: missing");
                }
            }
        }
        what.zip(since_ms).map(|(what, since_ms)| Input {
            what,
            since_ms,
            most: most.unwrap_or(MAX),
            after,
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<Replayed> {
        let endpoint = enabled(app, &caller.scope, caller.part("webhook")?).await?;
        let (replayed, next) = match input.what {
            What::Failed => (failed(app, caller, &endpoint, input.since_ms).await?, None),
            What::Missing => {
                // It takes many transactions: what was asked for is in the log before the first of them.
                record(app, caller, &endpoint).await?;
                missing(app, &caller.scope, &endpoint, input).await?
            }
        };
        app.hooks.platform.deliveries.notify_one();
        Ok(Replayed {
            replayed: u64::try_from(replayed).unwrap_or(u64::MAX),
            next,
        })
    }
}

fn limit(value: Value) -> Parsed<usize> {
    value
        .as_u64()
        .and_then(|limit| usize::try_from(limit).ok())
        .filter(|limit| (1..=MAX).contains(limit))
        .ok_or_else(|| format!("must be a whole number from 1 to {MAX}"))
}

pub(super) fn what(value: Value) -> Parsed<What> {
    match value.as_str() {
        Some("failed") => Ok(What::Failed),
        Some("missing") => Ok(What::Missing),
        _ => Err("must be one of failed, missing".to_owned()),
    }
}

async fn failed(app: &App, caller: &Caller<EnvironmentAdmin>, endpoint: &EndpointRow, since_ms: i64) -> Result<usize> {
    let id = endpoint.id.clone();
    let replayed = caller.change(app, move |tx, now_ms| {
        let replayed = tx.replay_failed(&id, since_ms, now_ms)?;
        Ok(Audited::Changed(replayed, AuditEntry::new(Action::WebhookReplayed, id)))
    });
    replayed.await
}

async fn record(app: &App, caller: &Caller<EnvironmentAdmin>, endpoint: &EndpointRow) -> Result<()> {
    let entry = AuditEntry::new(Action::WebhookReplayed, &endpoint.id);
    caller.change(app, |_, _| Ok(Audited::Changed((), entry))).await
}

/// A page of events, and which of them an endpoint wants.
pub(super) struct Wanted {
    pub(super) wanted: Vec<EventRow>,
    /// The id of the last one; `None`: there are no more.
    pub(super) last: Option<String>,
    pub(super) seen: usize,
}

/// The next page of events after this one.
pub(super) async fn wanted_after(app: &App, scope: &Scope, filter: &Filter, after: &str) -> Result<Wanted> {
    let (owned, from) = (scope.clone(), after.to_owned());
    let page = app.store.read(move |tx| tx.events_after(&owned, &from, PAGE)).await?;
    let (last, seen) = (page.last().map(|event| event.id.clone()), page.len());
    let mut wanted = Vec::new();
    for event in page {
        // A test is nobody's event but its endpoint's.
        let is_real = event.kind != EventKind::WebhookTest.as_str();
        if is_real && filter.wants(&event.kind, &events::document(&event)?) {
            wanted.push(event);
        }
    }
    Ok(Wanted { wanted, last, seen })
}

/// Page by page, so that no transaction is long. How many, and the event that was looked at last if others may follow it.
async fn missing(app: &App, scope: &Scope, endpoint: &EndpointRow, input: Input) -> Result<(usize, Option<String>)> {
    let (filter, now_ms) = (Filter::of(endpoint)?, app.clock.now_ms());
    let first = first_id(Kind::Event, input.since_ms);
    let mut after = input.after.map_or(first.clone(), |after| after.max(first));
    let (mut made, mut seen) = (0, 0);
    while made < input.most && seen < MAX_SEEN {
        let page = wanted_after(app, scope, &filter, &after).await?;
        let Some(last) = page.last else {
            return Ok((made, None));
        };
        seen += page.seen;
        let room = input.most - made;
        // What does not fit is looked at again.
        after = match page.wanted.get(room.saturating_sub(1)) {
            Some(fits) if page.wanted.len() > room => fits.id.clone(),
            _ => last,
        };
        let fitting = page.wanted.iter().take(room);
        let wanted: Vec<_> = fitting.map(|event| delivery(endpoint, event, now_ms)).collect();
        let kept = app.store.write(move |tx| {
            wanted
                .iter()
                .try_fold(0, |made, new| Ok(made + usize::from(tx.insert_delivery(new)?)))
        });
        made += kept.await?;
    }
    Ok((made, Some(after)))
}
