//! The test cases of a project, run on finished bundles, and what they cost against a baseline.

use std::{collections::BTreeMap, sync::Arc};

use aerocall_runtime::Runtime;

use super::{
    Findings, Level, Place, Rule,
    baseline::{Baseline, Increase},
};
use crate::{Failed, bundles::Bundle, cases::Located, migrations::Migration};

/// What came of them.
pub(crate) struct Ran {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// Cases of hooks that none of the bundles has.
    pub(crate) skipped: usize,
    /// Fuel by case.
    pub(crate) fuel: BTreeMap<String, u64>,
}

pub(crate) async fn run(
    cases: &[Located],
    migrations: &[Migration],
    runtime: &Arc<Runtime>,
    bundles: &[Bundle],
    findings: &mut Findings,
) -> Result<Ran, Failed> {
    let mut ran = Ran {
        passed: 0,
        failed: 0,
        skipped: 0,
        fuel: BTreeMap::new(),
    };
    for case in cases {
        if !case.is_of(bundles) {
            ran.skipped += 1;
            continue;
        }
        let result = case.run(migrations, runtime, bundles).await?;
        let title = case.title();
        if let Some(report) = &result.report {
            ran.fuel.insert(title.clone(), report.fuel);
        }
        match result.problems.is_empty() {
            true => ran.passed += 1,
            false => ran.failed += 1,
        }
        for problem in result.problems {
            let message = format!("{title}: {problem}");
            let place = Place {
                file: case.file.clone(),
                line: 1,
                column: 1,
            };
            findings.add_to(
                case.bundle(bundles),
                Rule::TestCases,
                Level::Error,
                message,
                Some(place),
            );
        }
    }
    Ok(ran)
}

/// Compares with what was; says so where there is nothing to compare with.
pub(crate) fn compare(ran: &Ran, baseline: &Baseline, engine: &str, most: Increase, findings: &mut Findings) {
    if baseline.engine != engine {
        let message = format!(
            "fuel was not compared: the baseline belongs to the engine {}, these bundles to {engine}. Write a new one with \
             --write-baseline",
            baseline.engine
        );
        findings.add(Rule::Fuel, Level::Warning, message, None);
        return;
    }
    for (title, now) in &ran.fuel {
        let Some(before) = baseline.fuel.get(title) else {
            let message = format!("{title}: not in the baseline; it used {now} fuel");
            findings.add(Rule::Fuel, Level::Note, message, None);
            continue;
        };
        if most.is_exceeded(*before, *now) {
            let percent = (u128::from(*now) * 100) / u128::from((*before).max(1));
            let message =
                format!("{title}: {now} fuel, {percent} % of the {before} in the baseline; the most is {most} more");
            findings.add(Rule::Fuel, Level::Error, message, None);
        }
    }
}
