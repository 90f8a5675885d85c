//! `GET …/figures`

use std::collections::HashMap;

use aerocall_api_types::{FigureKey, FigureMetric, FigureSeries, Figures, Permission};

use super::{MOST_ROWS, STEP, Steps, Tally};
use crate::{
    app::App,
    base::{
        clock,
        error::Result,
        input::{Fields, query},
    },
    domain::project::AuthSettings,
    flows::{
        admin::invocations::filter::{self, Sought},
        steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
    },
    storage::store::{InvocationFilter, MeasuredRow},
};

/// Shows a figure of invocations over time.
pub(crate) struct GetFigures;

/// What is asked for.
pub(crate) struct Input {
    metric: FigureMetric,
    by: FigureKey,
    step_s: Option<i64>,
    sought: Sought,
}

const METRICS: [(&str, FigureMetric); 5] = [
    ("calls", FigureMetric::Calls),
    ("denials", FigureMetric::Denials),
    ("failures", FigureMetric::Failures),
    ("p50", FigureMetric::P50),
    ("p95", FigureMetric::P95),
];
const KEYS: [(&str, FigureKey); 5] = [
    ("all", FigureKey::All),
    ("hook", FigureKey::Hook),
    ("point", FigureKey::Point),
    ("outcome", FigureKey::Outcome),
    ("version", FigureKey::Version),
];
/// Series of one answer, besides the rest.
const MOST_SERIES: usize = 20;
const DAY_S: i64 = 86_400;

impl Flow for GetFigures {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = FigureSeries;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/figures"), "Get figures of invocations")
        .about("Counts and times of invocations over time, from their records: at most 31 days and 500 steps, and the newest 50,000 records of that time. Those of a shadow, whose replies never count, are left out unless `mode` names them. The last 24 hours if no time is given.")
        .fields(&[
            Field::optional(
                "metric",
                FieldKind::OneOf(&["calls", "denials", "failures", "p50", "p95"]),
                "What is counted, or the percentile of times in microseconds; `calls` if omitted.",
            ),
            Field::optional(
                "by",
                FieldKind::OneOf(&["all", "hook", "point", "outcome", "version"]),
                "What there is a series for; `all` if omitted.",
            ),
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
            "The series.",
            r#"{"metric": "calls", "by": "hook", "from": "2026-01-31T00:00:00.000Z", "to": "2026-01-31T02:00:00.000Z", "stepSeconds": 3600, "isComplete": true, "series": [{"key": "signup", "calls": 4810, "values": [2405, 2405]}]}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            metric: fields
                .optional("metric", query::one_of(&METRICS))
                .unwrap_or(FigureMetric::Calls),
            by: fields.optional("by", query::one_of(&KEYS)).unwrap_or(FigureKey::All),
            step_s: fields.optional("step", query::whole(1, DAY_S)),
            sought: Sought::read(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<FigureSeries> {
        let Input {
            metric,
            by,
            step_s,
            sought,
        } = input;
        let filter = sought.resolved(app, &caller.scope).await?;
        let steps = Steps::new(filter.from_ms, filter.to_ms, step_s, DAY_S, app.clock.now_ms())?;
        let filter = InvocationFilter {
            counted_only: filter.mode.is_none(),
            from_ms: Some(steps.from_ms),
            to_ms: Some(filter.to_ms.unwrap_or_else(|| steps.end_ms())),
            ..filter
        };
        let scope = caller.scope.clone();
        let rows = app
            .store
            .read(move |tx| tx.measured(&scope, &filter, MOST_ROWS + 1))
            .await?;
        let most = usize::try_from(MOST_ROWS).unwrap_or_default();
        let is_complete = rows.len() <= most;
        let rows = rows.get(..most).unwrap_or(&rows);
        Ok(FigureSeries {
            metric,
            by,
            from: steps.begin_of(0).into(),
            to: clock::iso(steps.end_ms()).into(),
            step_seconds: steps.seconds(),
            is_complete,
            series: series(rows, metric, by, &steps),
        })
    }
}

fn series(rows: &[MeasuredRow], metric: FigureMetric, by: FigureKey, steps: &Steps) -> Vec<Figures> {
    let mut counts: HashMap<Option<String>, u32> = HashMap::new();
    for row in rows {
        *counts.entry(key(row, by)).or_default() += 1;
    }
    let mut ranked: Vec<(Option<String>, u32)> = counts.into_iter().collect();
    ranked.sort_unstable_by(|(one, of_one), (other, of_other)| of_other.cmp(of_one).then_with(|| one.cmp(other)));
    let named: HashMap<&Option<String>, usize> = ranked
        .iter()
        .take(MOST_SERIES)
        .enumerate()
        .map(|(place, (key, _))| (key, place))
        .collect();
    let rest = named.len();
    let mut tallies = vec![vec![Tally::default(); steps.count]; rest + 1];
    for row in rows {
        let place = named.get(&key(row, by)).copied().unwrap_or(rest);
        if let Some(tally) = steps.at(row.created_ms).and_then(|step| tallies[place].get_mut(step)) {
            tally.add(row);
        }
    }
    let keys = ranked
        .iter()
        .take(MOST_SERIES)
        .map(|(key, _)| key.clone())
        .chain([None]);
    let all = keys.zip(tallies).map(|(key, mut tallies)| Figures {
        key,
        calls: tallies.iter().map(|tally| tally.calls).sum(),
        values: tallies.iter_mut().map(|tally| tally.figure(metric)).collect(),
    });
    let mut all: Vec<Figures> = all.collect();
    // Nothing is left over, and of everything together there is one.
    if ranked.len() <= MOST_SERIES && all.len() > 1 {
        all.pop();
    }
    all
}

fn key(row: &MeasuredRow, by: FigureKey) -> Option<String> {
    match by {
        FigureKey::All => None,
        FigureKey::Hook => Some(row.hook.clone()),
        FigureKey::Point => Some(row.point.clone()),
        FigureKey::Outcome => Some(row.outcome.clone()),
        FigureKey::Version => Some(format!("{}@{}", row.hook, row.version_number)),
    }
}
