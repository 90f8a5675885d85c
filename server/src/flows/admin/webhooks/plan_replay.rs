//! `POST …/webhooks/{webhook}/replay/plan`

use std::collections::BTreeMap;

use aerocall_api_types::{Permission, ReplayCount, ReplayPlan};

use super::{
    BODY, endpoint,
    replay::{SINCE, WHAT, What, wanted_after, what},
};
use crate::{
    app::App,
    base::{
        clock,
        error::Result,
        ids::{Kind, Scope, first_id},
        input::{Fields, query},
    },
    domain::project::AuthSettings,
    flows::steps::endpoint::{BodyLimit, Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    outbound::webhooks::Filter,
    storage::store::EndpointRow,
};

/// Events that are looked through: somebody waits for the answer.
const MAX_SEEN: usize = 20_000;

/// Says what a replay would send; changes nothing.
pub(crate) struct PlanReplay;

/// What the client sends.
pub(crate) struct Input {
    what: What,
    since_ms: i64,
}

impl Flow for PlanReplay {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = ReplayPlan;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/webhooks/{webhook}/replay/plan"),
        "Count what a replay would send",
    )
    .about("Changes nothing. Of missing deliveries, the first 20,000 events since the time are looked through; `isCut` says whether there are more.")
    .fields(&[WHAT, SINCE])
    .example(r#"{"what":"failed","since":"2026-01-31T12:00:00Z"}"#)
    .answers(
        200,
        "How many, by type.",
        r#"{"count": 12, "isCut": false, "oldestAt": "2026-01-31T12:00:00.000Z", "newestAt": "2026-01-31T13:00:00.000Z", "byType": [{"type": "auth.signup", "count": 12}]}"#,
    );

    const BODY: BodyLimit = BODY;

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let what = fields.required("what", what);
        let since_ms = fields.required("since", query::time);
        what.zip(since_ms).map(|(what, since_ms)| Input { what, since_ms })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<ReplayPlan> {
        let endpoint = endpoint(app, &caller.scope, caller.part("webhook")?).await?;
        let plan = match input.what {
            What::Failed => failed(app, endpoint, input.since_ms).await?,
            What::Missing => missing(app, &caller.scope, &endpoint, input.since_ms).await?,
        };
        Ok(plan.document())
    }
}

/// What was counted so far.
#[derive(Default)]
struct Plan {
    by_type: BTreeMap<String, u64>,
    oldest_ms: Option<i64>,
    newest_ms: Option<i64>,
    is_cut: bool,
}

impl Plan {
    fn add(&mut self, kind: String, count: u64, oldest_ms: i64, newest_ms: i64) {
        *self.by_type.entry(kind).or_default() += count;
        self.oldest_ms = Some(self.oldest_ms.map_or(oldest_ms, |ms| ms.min(oldest_ms)));
        self.newest_ms = Some(self.newest_ms.map_or(newest_ms, |ms| ms.max(newest_ms)));
    }

    fn document(self) -> ReplayPlan {
        let at = |ms: Option<i64>| ms.map(|ms| clock::iso(ms).into());
        ReplayPlan {
            count: self.by_type.values().sum(),
            is_cut: self.is_cut,
            oldest_at: at(self.oldest_ms),
            newest_at: at(self.newest_ms),
            by_type: self
                .by_type
                .into_iter()
                .map(|(kind, count)| ReplayCount { kind, count })
                .collect(),
        }
    }
}

async fn failed(app: &App, endpoint: EndpointRow, since_ms: i64) -> Result<Plan> {
    let counts = app
        .store
        .read(move |tx| tx.count_failed(&endpoint.id, since_ms))
        .await?;
    let mut plan = Plan::default();
    for count in counts {
        let deliveries = u64::try_from(count.deliveries).unwrap_or_default();
        plan.add(count.kind, deliveries, count.oldest_ms, count.newest_ms);
    }
    Ok(plan)
}

/// Page by page, so that no transaction is long.
async fn missing(app: &App, scope: &Scope, endpoint: &EndpointRow, since_ms: i64) -> Result<Plan> {
    let filter = Filter::of(endpoint)?;
    let (mut plan, mut after, mut seen) = (Plan::default(), first_id(Kind::Event, since_ms), 0);
    loop {
        let page = wanted_after(app, scope, &filter, &after).await?;
        let Some(last) = page.last else { return Ok(plan) };
        after = last;
        seen += page.seen;
        let (id, ids): (String, Vec<String>) = (
            endpoint.id.clone(),
            page.wanted.iter().map(|event| event.id.clone()).collect(),
        );
        let there = app.store.read(move |tx| tx.delivered_events(&id, &ids)).await?;
        for event in page.wanted.into_iter().filter(|event| !there.contains(&event.id)) {
            plan.add(event.kind, 1, event.time_ms, event.time_ms);
        }
        if seen >= MAX_SEEN {
            plan.is_cut = true;
            return Ok(plan);
        }
    }
}
