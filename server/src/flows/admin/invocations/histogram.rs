//! `GET …/invocations/histogram`

use aerocall_api_types::{InvocationBucket, InvocationHistogram, Permission};

use super::filter::{self, Class, Sought};
use crate::{
    app::App,
    base::{
        clock,
        error::Result,
        input::{Fields, query},
    },
    domain::project::AuthSettings,
    flows::{
        admin::figures::{MOST_ROWS, STEP, Steps},
        steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    },
    storage::store::InvocationFilter,
};

/// Counts invocations over time.
pub(crate) struct GetInvocationHistogram;

/// What is asked for.
pub(crate) struct Input {
    step_s: Option<i64>,
    sought: Sought,
}

const HOUR_S: i64 = 3_600;

impl Flow for GetInvocationHistogram {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = InvocationHistogram;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/invocations/histogram"), "Count invocations over time")
        .about("The invocations that `GET …/invocations` lists with the same parameters, by outcome and time: at most 31 days and 500 steps. The last hour if no time is given.")
        .fields(&[
            STEP,
            filter::HOOK,
            filter::POINT,
            filter::VERSION,
            filter::OUTCOME,
            filter::MODE,
            filter::REQUEST,
            filter::USER,
            filter::FROM,
            filter::TO,
            filter::MIN_DURATION,
        ])
        .answers(
            200,
            "The counts.",
            r#"{"from": "2026-01-31T12:00:00.000Z", "to": "2026-01-31T12:01:00.000Z", "stepSeconds": 60, "isComplete": true, "buckets": [{"at": "2026-01-31T12:00:00.000Z", "allow": 912, "patch": 22, "deny": 14, "failure": 0}]}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            step_s: fields.optional("step", query::whole(1, 86_400)),
            sought: Sought::read(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<InvocationHistogram> {
        let filter = input.sought.resolved(app, &caller.scope).await?;
        let steps = Steps::new(filter.from_ms, filter.to_ms, input.step_s, HOUR_S, app.clock.now_ms())?;
        let filter = InvocationFilter {
            from_ms: Some(filter.from_ms.unwrap_or(steps.from_ms)),
            to_ms: Some(filter.to_ms.unwrap_or_else(|| steps.end_ms())),
            ..filter
        };
        let scope = caller.scope.clone();
        let rows = app
            .store
            .read(move |tx| tx.measured(&scope, &filter, MOST_ROWS + 1))
            .await?;
        let most = usize::try_from(MOST_ROWS).unwrap_or_default();
        let empty = |step| InvocationBucket {
            at: steps.begin_of(step).into(),
            allow: 0,
            patch: 0,
            deny: 0,
            failure: 0,
        };
        let mut buckets: Vec<InvocationBucket> = (0..steps.count).map(empty).collect();
        for row in rows.iter().take(most) {
            if let Some(bucket) = steps.at(row.created_ms).and_then(|step| buckets.get_mut(step)) {
                *match Class::of(&row.outcome) {
                    Class::Allow => &mut bucket.allow,
                    Class::Patch => &mut bucket.patch,
                    Class::Deny => &mut bucket.deny,
                    Class::Failure => &mut bucket.failure,
                } += 1;
            }
        }
        Ok(InvocationHistogram {
            from: steps.begin_of(0).into(),
            to: clock::iso(steps.end_ms()).into(),
            step_seconds: steps.seconds(),
            is_complete: rows.len() <= most,
            buckets,
        })
    }
}
