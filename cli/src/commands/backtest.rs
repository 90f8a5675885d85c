//! `aerocall backtest`: a version of a hook on what was recorded, as a table of decisions then and now.

use std::time::Duration;

use aerocall_api_types::{
    Backtest, BacktestChange, BacktestFigures, BacktestPlan, BacktestRow, BacktestRowList, BacktestState,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    Failed,
    manage::{Common, Request},
    output::word,
    terminal::{self, Stream, Style, paint, plain},
};

/// How often a server is asked how far it is.
const POLL: Duration = Duration::from_millis(300);
const DECISIONS: [&str; 5] = ["allow", "patch", "deny", "failure", "unknown"];
/// Invocations that are shown of each kind.
const SAMPLES: &str = "5";

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall backtest signup --version 4\n  \
    aerocall backtest signup --version 4 --limit 10000 --point beforeSignup\n  \
    aerocall backtest signup --plan\n\n\
    Nothing outside is asked or changed. Exit codes: 0 no new failure and no other decision, 1 some, 3 it did not end.")]
pub(crate) struct Arguments {
    /// The hook
    hook: String,
    /// Number of the version to run [default: the live one]
    #[arg(long)]
    version: Option<u32>,
    /// Number of invocations, the newest first
    #[arg(long, default_value_t = 1_000)]
    limit: u32,
    /// Only invocations at this hook point or event
    #[arg(long)]
    point: Option<String>,
    /// Only invocations with this outcome
    #[arg(long)]
    outcome: Option<String>,
    /// Only show on how many invocations it would run
    #[arg(long)]
    plan: bool,
    #[command(flatten)]
    common: Common,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    backtest: Backtest,
    /// Some of the invocations that changed.
    samples: Vec<BacktestRow>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let common = &arguments.common;
    let mut body = json!({ "hook": arguments.hook, "limit": arguments.limit, "filter": arguments.filter() });
    if arguments.plan {
        let plan: BacktestPlan = common
            .fetched(Request::new("POST", &["backtests", "plan"]).with(body))
            .await?;
        return common.output().print(&plan, |plan| terminal::answer(planned(plan)));
    }
    if let Some(version) = arguments.version {
        body["target"] = version.into();
    }
    let mut backtest: Backtest = common.fetched(Request::new("POST", &["backtests"]).with(body)).await?;
    while backtest.state == BacktestState::Running {
        tokio::time::sleep(POLL).await;
        backtest = common
            .fetched(Request::new("GET", &["backtests", &backtest.id]))
            .await?;
    }
    let samples = samples(common, &backtest.id).await?;
    let answer = Answer { backtest, samples };
    common
        .output()
        .print(&answer, |answer| terminal::answer(table(answer)))?;
    let figures = &answer.backtest.figures;
    let changed = figures.now_denied + figures.now_allowed + figures.new_failures + figures.other;
    match (answer.backtest.state, changed) {
        (BacktestState::Done, 0) => Ok(()),
        (BacktestState::Done, _) => Err(Failed::Checked),
        (_, _) => {
            let why = answer.backtest.reason.as_deref().unwrap_or("it was stopped");
            Err(Failed::Environment(format!("the backtest did not end: {}", plain(why))))
        }
    }
}

impl Arguments {
    fn filter(&self) -> Value {
        let given = [("point", &self.point), ("outcome", &self.outcome)];
        let given = given
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?.into())));
        Value::Object(given.collect())
    }
}

/// Some invocations of each kind that somebody has to look at.
async fn samples(common: &Common, id: &str) -> Result<Vec<BacktestRow>, Failed> {
    let mut samples = Vec::new();
    for kind in ["now_allowed", "now_denied", "new_failure", "unknown"] {
        let request = Request::new("GET", &["backtests", id, "rows"])
            .query("kind", Some(kind.to_owned()))
            .query("limit", Some(SAMPLES.to_owned()));
        let list: BacktestRowList = common.fetched(request).await?;
        samples.extend(list.rows);
    }
    Ok(samples)
}

fn planned(plan: &BacktestPlan) -> String {
    format!(
        "{} recorded calls of {}: {} can be run again; {} redacted, {} cut, {} for other reasons cannot; {} were not recorded",
        plan.calls, plan.hook, plan.replayable, plan.redacted, plan.cut, plan.unrepeatable, plan.dropped
    )
}

/// Headline counts, the matrix, cost, samples.
fn table(answer: &Answer) -> String {
    let Answer { backtest, samples } = answer;
    let figures = &backtest.figures;
    let mut lines = vec![format!(
        "{} v{} on {} past calls, recorded answers. Nothing outside was touched.",
        plain(&backtest.hook),
        backtest.target.version,
        backtest.done
    )];
    lines.extend(headlines(figures));
    lines.extend(matrix(figures));
    lines.push(format!(
        "{}   {}",
        change("fuel", &figures.fuel, ""),
        change("time", &figures.time_us, " µs")
    ));
    if backtest.dropped > 0 {
        lines.push(format!(
            "{} invocations were not recorded since the server started: they are missing here",
            backtest.dropped
        ));
    }
    lines.extend(samples.iter().map(sample));
    lines.join("\n")
}

fn headlines(figures: &BacktestFigures) -> Vec<String> {
    let line = |count: u32, what: &str, style: Style| {
        let text = format!("{count:>6} {what}");
        match count {
            0 => text,
            _ => paint(Stream::Answer, style, &text),
        }
    };
    let mut lines = vec![
        line(figures.same, "decide the same", Style::Good),
        line(figures.now_denied, "would now be denied", Style::Caution),
        // As loud as a denial: it is the dangerous direction.
        line(figures.now_allowed, "would now be let in", Style::Caution),
        line(figures.new_failures, "new failures", Style::Bad),
    ];
    if figures.other > 0 {
        lines.push(line(figures.other, "other changes", Style::Caution));
    }
    let reasons: Vec<String> = figures
        .unknown_reasons
        .iter()
        .map(|(reason, count)| format!("{} {count}", plain(reason)))
        .collect();
    lines.push(
        line(figures.unknown, "unknown", Style::Quiet)
            + &match reasons.is_empty() {
                true => String::new(),
                false => format!(": {}", reasons.join(", ")),
            },
    );
    lines
}

fn matrix(figures: &BacktestFigures) -> Vec<String> {
    let head: String = DECISIONS.iter().map(|decision| format!("{decision:>9}")).collect();
    let mut lines = vec![format!("{:<10}{head}", "then, now")];
    for from in &DECISIONS[..4] {
        let count = |to: &&str| {
            figures
                .matrix
                .get(*from)
                .and_then(|line| line.get(*to))
                .copied()
                .unwrap_or(0)
        };
        let cells: String = DECISIONS.iter().map(|to| format!("{:>9}", count(to))).collect();
        lines.push(format!("{from:<10}{cells}"));
    }
    lines
}

fn change(name: &str, change: &BacktestChange, unit: &str) -> String {
    let percent = change
        .p95_percent
        .map_or_else(String::new, |percent| format!(" ({percent:+} %)"));
    format!(
        "{name} p50 {} → {}{unit}, p95 {} → {}{unit}{percent}",
        change.p50_before, change.p50_after, change.p95_before, change.p95_after
    )
}

fn sample(row: &BacktestRow) -> String {
    let why = match (&row.error, &row.code, &row.reason, row.diverges_at) {
        (Some(error), ..) => {
            let place = match (&error.file, error.line) {
                (Some(file), Some(line)) => format!(" at {file}:{line}"),
                _ => String::new(),
            };
            format!("{}: {}{place}", error.name, error.message)
        }
        (_, Some(code), ..) => format!("denies {code:?}"),
        (_, _, Some(reason), _) => reason.message.clone(),
        (_, _, _, Some(call)) => format!("asks something else at call {call}"),
        _ => String::new(),
    };
    format!(
        "  {:<11} {}  {}  {}  {}",
        word(&row.kind),
        plain(&row.invocation),
        plain(&row.point),
        plain(row.at.as_str()),
        plain(&why)
    )
}
