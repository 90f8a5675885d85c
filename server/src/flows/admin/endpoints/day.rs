//! What the invocations of the last 24 hours came to, by hook point or event, and by hook.

use std::collections::HashMap;

use aerocall_api_types::{DayFigures, HourFigures};

use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    flows::admin::figures::{MOST_ROWS, Steps, Tally},
    storage::store::{InvocationFilter, MeasuredRow},
};

const DAY_S: i64 = 86_400;
const HOUR_S: i64 = 3_600;

/// The invocations of a day.
pub(super) struct Day {
    steps: Steps,
    rows: Vec<MeasuredRow>,
    /// By point, and by point and hook.
    points: HashMap<String, Tally>,
    hooks: HashMap<(String, String), Tally>,
}

impl Day {
    /// Up to now; of the newest ones, if there are very many.
    pub(super) async fn of(app: &App, scope: &Scope) -> Result<Self> {
        let now_ms = app.clock.now_ms();
        let from_ms = now_ms - DAY_S * 1_000;
        let steps = Steps::new(Some(from_ms), None, Some(HOUR_S), DAY_S, now_ms)?;
        let filter = InvocationFilter {
            from_ms: Some(from_ms),
            counted_only: true,
            ..InvocationFilter::default()
        };
        let scope = scope.clone();
        let rows = app
            .store
            .read(move |tx| tx.measured(&scope, &filter, MOST_ROWS))
            .await?;
        let (mut points, mut hooks) = (HashMap::<String, Tally>::new(), HashMap::<_, Tally>::new());
        for row in &rows {
            points.entry(row.point.clone()).or_default().add(row);
            let hook = (row.point.clone(), row.hook.clone());
            hooks.entry(hook).or_default().add(row);
        }
        Ok(Self {
            steps,
            rows,
            points,
            hooks,
        })
    }

    pub(super) fn of_point(&self, point: &str) -> DayFigures {
        self.points.get(point).cloned().unwrap_or_default().day()
    }

    pub(super) fn of_hook(&self, point: &str, hook: &str) -> DayFigures {
        let key = (point.to_owned(), hook.to_owned());
        self.hooks.get(&key).cloned().unwrap_or_default().day()
    }

    /// Of several points together, and hour by hour.
    pub(super) fn together(&self, points: &[String]) -> (DayFigures, Vec<HourFigures>) {
        let (mut all, mut hours) = (Tally::default(), vec![Tally::default(); self.steps.count]);
        for row in self.rows.iter().filter(|row| points.contains(&row.point)) {
            all.add(row);
            if let Some(hour) = self.steps.at(row.created_ms).and_then(|step| hours.get_mut(step)) {
                hour.add(row);
            }
        }
        let hours = hours.into_iter().enumerate().map(|(step, hour)| HourFigures {
            at: self.steps.begin_of(step).into(),
            calls: hour.calls,
            denials: hour.denials,
            failures: hour.failures,
        });
        (all.day(), hours.collect())
    }
}
