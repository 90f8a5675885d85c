//! `aerocall rollout`: a version of a hook beside the live one, as a shadow or as a canary.

use aerocall_api_types::{
    DeploymentResult, Rollout, RolloutKind, RolloutList, RolloutSide, RolloutVerdict, ShadowFigures,
};
use serde_json::{Value, json};

use crate::{
    Failed,
    manage::{Common, Request, given},
    output::word,
    terminal::{self, Stream, Style, paint, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall rollout start signup --version 4 --shadow --until 2026-02-01T12:00:00Z\n  \
    aerocall rollout start signup --version 4 --canary 5 --until 2026-02-01T12:00:00Z\n  \
    aerocall rollout start signup --version 4 --canary 25 --until 2026-02-01T12:00:00Z\n  \
    aerocall rollout status signup\n  \
    aerocall rollout promote signup --message \"Refuse disposable addresses\"\n\n\
    The exit code of `status` is 1 when a rule has stopped the rollout.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Run another version of a live hook beside it, or change share, end and rules of that
    Start {
        /// Name of the hook
        hook: String,
        #[command(flatten)]
        start: Start,
        #[command(flatten)]
        common: Common,
    },
    /// Show the rollout of a hook, with the figures of both versions
    Status {
        /// Name of the hook
        hook: String,
        #[command(flatten)]
        common: Common,
    },
    /// Stop the rollout of a hook: all calls are those of the live version
    Stop {
        /// Name of the hook
        hook: String,
        #[command(flatten)]
        common: Common,
    },
    /// Make the version of the rollout live, as a new deployment
    Promote {
        /// Name of the hook
        hook: String,
        /// What is new, for the history
        #[arg(long, value_name = "TEXT")]
        message: Option<String>,
        /// Deploy even if a gate fails, for this reason
        #[arg(long, value_name = "REASON")]
        force: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// List the rollouts of an environment
    List {
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Start {
    /// Number of the version
    #[arg(long, value_name = "NUMBER")]
    version: u32,
    /// Percentage of the calls whose replies are those of the version: 0.1 to 100
    #[arg(long, value_name = "PERCENT", required_unless_present = "shadow")]
    canary: Option<f64>,
    /// Run it after the response, without effects, and only compare
    #[arg(long, conflicts_with = "canary")]
    shadow: bool,
    /// Percentage of the calls that a shadow is run on [default: 100]
    #[arg(long, value_name = "PERCENT", requires = "shadow")]
    share: Option<f64>,
    /// When it ends by itself, such as 2026-02-01T12:00:00Z; at most 30 days from now
    #[arg(long, value_name = "TIME")]
    until: String,
    /// Which calls get the same version: user or ip [default: user]
    #[arg(long, value_name = "KEY")]
    sticky_by: Option<String>,
    /// Stop if more than this percentage of its calls fail [default of a canary: 1]
    #[arg(long, value_name = "PERCENT")]
    stop_failures: Option<f64>,
    /// Stop if its calls are denied this many times as often as the live ones [default of a canary: 3]
    #[arg(long, value_name = "FACTOR")]
    stop_denials: Option<f64>,
    /// Stop for neither before it has had this number of calls [default: 200]
    #[arg(long, value_name = "NUMBER")]
    min_calls: Option<u32>,
    /// Start a canary even if a gate fails, for this reason
    #[arg(long, value_name = "REASON")]
    force: Option<String>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let path = |hook: &str, last: Option<&str>| -> Vec<String> {
        let parts = ["hooks", hook, "rollout"].into_iter().chain(last);
        parts.map(str::to_owned).collect()
    };
    let request = |method: &'static str, path: Vec<String>| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        Request::new(method, &path)
    };
    match arguments.action {
        Action::Start { hook, start, common } => {
            let asked = request("PUT", path(&hook, None)).with(start.body());
            common.of_environment(asked, show).await
        }
        Action::Status { hook, common } => {
            let rollout: Rollout = common.fetched(request("GET", path(&hook, None))).await?;
            common.output().print(&rollout, show)?;
            let by_rule = rollout.verdict == RolloutVerdict::Stopped && rollout.ended_by.as_deref() == Some("server");
            match by_rule {
                true => Err(Failed::Checked),
                false => Ok(()),
            }
        }
        Action::Stop { hook, common } => {
            common
                .of_environment(request("POST", path(&hook, Some("stop"))), show)
                .await
        }
        Action::Promote {
            hook,
            message,
            force,
            common,
        } => {
            let mut body: serde_json::Map<String, Value> = given([("message", message)]).collect();
            body.extend(force.map(|reason| ("force".to_owned(), json!({ "reason": reason }))));
            let asked = request("POST", path(&hook, Some("promote"))).with(body.into());
            common.of_environment(asked, promoted).await
        }
        Action::List { common } => common.of_environment(Request::new("GET", &["rollouts"]), list).await,
    }
}

impl Start {
    fn body(self) -> Value {
        let kind = if self.shadow { "shadow" } else { "canary" };
        let mut body = json!({ "kind": kind, "version": self.version, "until": self.until });
        let rules = [("failures", self.stop_failures), ("denials", self.stop_denials)];
        let mut stop: serde_json::Map<String, Value> = given(rules).collect();
        stop.extend(given([("minCalls", self.min_calls)]));
        let members = [
            ("share", self.canary.or(self.share).map(Value::from)),
            ("stickyBy", self.sticky_by.map(Value::from)),
            ("force", self.force.map(|reason| json!({ "reason": reason }))),
            ("stopIf", (!stop.is_empty()).then(|| stop.into())),
        ];
        for (name, value) in given(members) {
            body[name] = value;
        }
        body
    }
}

fn promoted(result: &DeploymentResult) {
    terminal::answer(format!("deployment {} is live", result.deployment.number));
}

fn list(list: &RolloutList) {
    for rollout in &list.rollouts {
        terminal::answer(line(rollout));
    }
}

/// In one line.
fn line(rollout: &Rollout) -> String {
    let share = match rollout.kind {
        RolloutKind::Canary => format!("{} % ", rollout.share),
        RolloutKind::Shadow if rollout.share < 100.0 => format!("{} % ", rollout.share),
        RolloutKind::Shadow => String::new(),
    };
    format!(
        "{}  {} {share}of version {}, live {}: {}, until {}",
        plain(&rollout.hook),
        word(&rollout.kind),
        rollout.version,
        rollout.live_version,
        word(&rollout.state),
        plain(rollout.until.as_str())
    )
}

fn show(rollout: &Rollout) {
    terminal::answer(line(rollout));
    let sides = [
        ("live", &rollout.comparison.live),
        (word(&rollout.kind).as_str(), &rollout.comparison.candidate),
    ]
    .map(|(name, side)| side_line(name, side));
    sides.into_iter().for_each(terminal::answer);
    if let Some(figures) = &rollout.comparison.shadow {
        shadow_lines(figures).into_iter().for_each(terminal::answer);
    }
    let candidate = &rollout.comparison.candidate;
    terminal::answer(match (rollout.verdict, &rollout.reason) {
        (RolloutVerdict::Stopped, reason) => paint(
            Stream::Answer,
            Style::Bad,
            &format!("stopped: {}", plain(reason.as_deref().unwrap_or_default())),
        ),
        (_, Some(reason)) => format!("{}: {}", word(&rollout.state), plain(reason)),
        (RolloutVerdict::TooEarly, None) => {
            format!(
                "{} of {} calls: too early to say",
                candidate.calls, rollout.stop_if.min_calls
            )
        }
        (RolloutVerdict::Holding, None) => paint(Stream::Answer, Style::Good, "nothing stops it"),
    });
}

fn side_line(name: &str, side: &RolloutSide) -> String {
    let percent = |percent: Option<f64>| percent.map_or_else(String::new, |percent| format!(" ({percent} %)"));
    let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    format!(
        "  {name:<7} version {:<4} {:>8} calls  {} failed{}  {} denied{}  time p50 {} p95 {} µs  fuel p95 {}",
        side.version,
        side.calls,
        side.failures,
        percent(side.failures_percent),
        side.denials,
        percent(side.denials_percent),
        number(side.time_us.p50),
        number(side.time_us.p95),
        number(side.fuel.p95)
    )
}

fn shadow_lines(figures: &ShadowFigures) -> Vec<String> {
    let line = |count: u64, what: &str, style: Style| {
        let text = format!("{count:>8} {what}");
        match count {
            0 => text,
            _ => paint(Stream::Answer, style, &text),
        }
    };
    let mut lines = vec![
        line(figures.same, "decide the same", Style::Good),
        line(figures.now_denied, "would be denied", Style::Caution),
        // As loud as a denial: it is the dangerous direction.
        line(figures.now_allowed, "would be let in", Style::Caution),
        line(figures.new_failures, "new failures", Style::Bad),
        line(figures.changed_patches, "other patches", Style::Caution),
    ];
    for (count, what) in [
        (figures.other, "other changes"),
        (figures.simulated, "with simulated effects"),
        (figures.dropped, "not run, because the shadow could not keep up"),
    ] {
        if count > 0 {
            lines.push(line(count, what, Style::Quiet));
        }
    }
    lines
}
