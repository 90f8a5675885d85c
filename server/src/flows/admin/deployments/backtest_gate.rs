//! The gate about backtests: what the newest one of exactly this version has said. Nothing is run here. An environment can demand one
//! (`PUT …/settings/gates`) before a version takes the place of another; else the gate only says what is known.

use aerocall_api_types::{BacktestFigures, BacktestGate, Gate, GateName, GateState};
use aerocall_contract::errors;
use serde_json::Value;

use super::gates::gate;
use crate::{
    app::App,
    base::{
        error::{Problem, Refusal, Result},
        ids::Scope,
        stored,
    },
    flows::admin::settings::gates,
    storage::store::{BacktestRow, DeployedHook, RecordedFilter, StoreError, Tx, VersionRow},
};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Versions that have not what the environment demands.
    failed: Vec<Problem>,
    /// What else there is to say.
    said: Vec<String>,
    /// Versions with a backtest.
    tried: usize,
    /// Those of them of whose decisions nothing can be said.
    unclear: usize,
}

/// A version, its newest backtest, and how many invocations of its hook are recorded, up to what is demanded.
struct Looked {
    version: VersionRow,
    newest: Option<BacktestRow>,
    recorded: u32,
}

/// Looks at every version that is not the live one.
pub(super) async fn run(app: &App, scope: &Scope, versions: &[VersionRow], live: &[DeployedHook]) -> Result<Findings> {
    let is_live = |version: &&VersionRow| {
        live.iter()
            .any(|hook| hook.version.name == version.name && hook.version.digest == version.digest)
    };
    let changed: Vec<VersionRow> = versions.iter().filter(|version| !is_live(version)).cloned().collect();
    let mut findings = Findings::default();
    if changed.is_empty() {
        findings.said.push("no hook changes its version".to_owned());
        return Ok(findings);
    }
    let demanded = gates(app, scope).await?.backtest;
    let (scope, calls) = (scope.clone(), demanded.map(|demanded| demanded.calls));
    let looked = app.store.read(move |tx| look(tx, &scope, changed, calls)).await?;
    for one in looked {
        findings.add(&one, demanded)?;
    }
    Ok(findings)
}

fn look(
    tx: &mut Tx<'_>,
    scope: &Scope,
    changed: Vec<VersionRow>,
    calls: Option<u32>,
) -> std::result::Result<Vec<Looked>, StoreError> {
    // Newest first.
    let finished = tx.backtests(scope)?.into_iter().filter(|row| row.state == "done");
    let finished: Vec<BacktestRow> = finished.filter(|row| is_of_all_calls(&row.request)).collect();
    let looked = changed.into_iter().map(|version| {
        let is_of_it = |row: &&BacktestRow| row.hook == version.name && row.digest == version.digest;
        let filter = RecordedFilter {
            hook: version.name.clone(),
            ..RecordedFilter::default()
        };
        let recorded = match calls {
            None => 0,
            Some(calls) => tx.recorded_ids(scope, &filter, i64::from(calls))?.len(),
        };
        Ok(Looked {
            newest: finished.iter().find(is_of_it).cloned(),
            recorded: u32::try_from(recorded).unwrap_or(u32::MAX),
            version,
        })
    });
    looked.collect()
}

/// Whether it was not of some invocations only, such as those that were denied.
fn is_of_all_calls(request: &str) -> bool {
    let request: Value = serde_json::from_str(request).unwrap_or_default();
    ["point", "outcome", "version", "from", "to"]
        .iter()
        .all(|filter| request[filter].is_null())
}

impl Findings {
    fn add(&mut self, looked: &Looked, demanded: Option<BacktestGate>) -> Result<()> {
        let name = format!("version {} of `{}`", looked.version.number, looked.version.name);
        let needed = looked.recorded;
        let Some(backtest) = &looked.newest else {
            match demanded {
                None => self.said.push(format!("there is no backtest of {name}")),
                Some(_) if needed == 0 => self
                    .said
                    .push(format!("no invocation of `{}` is recorded", looked.version.name)),
                Some(_) => self.fail(
                    looked,
                    format!("there is no backtest of {name}, and {needed} recorded invocations are demanded"),
                ),
            }
            return Ok(());
        };
        let figures: BacktestFigures = stored::json(&backtest.figures)?;
        let changed = figures.now_denied + figures.now_allowed + figures.new_failures + figures.other;
        let compared = changed + figures.same;
        self.tried += 1;
        self.unclear += usize::from(compared == 0 && figures.unknown > 0);
        let percent = 100.0 * f64::from(changed) / f64::from(compared.max(1));
        let result = format!(
            "{name} decides {changed} of {compared} recorded invocations otherwise ({percent:.1} %), {} of them with a failure{}",
            figures.new_failures,
            match figures.unknown {
                0 => String::new(),
                unknown => format!("; nothing can be said of {unknown} more"),
            }
        );
        let total = u32::try_from(backtest.total).unwrap_or(0);
        match demanded {
            Some(_) if total < needed => {
                self.fail(
                    looked,
                    format!("{name} was tried on {total} recorded invocations of {needed} that are demanded"),
                );
            }
            Some(BacktestGate {
                most_changed_percent: most,
                ..
            }) if percent > most => {
                self.fail(looked, format!("{result}, and at most {most} % are let through"));
            }
            _ => self.said.push(result),
        }
        Ok(())
    }

    fn fail(&mut self, looked: &Looked, problem: String) {
        self.failed.push(Problem {
            field: format!("hooks.{}", looked.version.name),
            problem,
        });
    }

    /// Whether a version has not what is demanded.
    pub(super) fn has_failed(&self) -> bool {
        !self.failed.is_empty()
    }

    /// What the gate says.
    pub(super) fn as_gate(&self) -> Gate {
        let failed = self.failed.iter().map(|one| one.problem.clone());
        let state = match (self.has_failed(), self.tried) {
            (true, _) => GateState::Failed,
            (false, 0) => GateState::NotChecked,
            (false, _) if self.unclear > 0 => GateState::Warning,
            (false, _) => GateState::Passed,
        };
        let lines: Vec<String> = failed.chain(self.said.iter().cloned()).collect();
        gate(GateName::Backtest, (state, lines.join("; ")))
    }

    /// The refusal of a deployment.
    pub(super) fn refused(self) -> Refusal {
        Refusal {
            details: self.failed,
            ..Refusal::new(
                errors::DEPLOYMENT_REFUSED,
                "The environment demands a backtest of what is deployed; see details. Run one, or force the deployment with a reason",
            )
        }
    }
}
