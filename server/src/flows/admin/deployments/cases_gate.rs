//! The gate about test cases: those that are kept with a hook must pass on a version before it goes live in place of another one.

use aerocall_api_types::{Gate, GateName, GateState, HookCaseRun};
use aerocall_contract::errors;

use super::gates::gate;
use crate::{
    app::App,
    base::{
        error::{Error, Problem, Refusal, Result},
        ids::{HookName, Scope},
    },
    flows::{admin::cases::run_all, steps::hook_target},
    storage::{
        store::{DeployedHook, VersionRow},
        tenant::Migration,
    },
};

/// Problems that a refusal names.
const MAX_PROBLEMS: usize = 50;

/// Runs the cases of every hook whose version is not the live one; hooks without cases are left out.
pub(super) async fn run(
    app: &App,
    scope: &Scope,
    versions: &[VersionRow],
    live: &[DeployedHook],
    migrations: &[Migration],
) -> Result<Vec<HookCaseRun>> {
    let mut ran = Vec::new();
    for version in versions {
        let is_live = live
            .iter()
            .any(|hook| hook.version.name == version.name && hook.version.digest == version.digest);
        let name =
            HookName::parse(&version.name).map_err(|problem| Error::unexpected("reading a stored version", problem))?;
        let (project, hook) = (scope.project.clone(), name.clone());
        if is_live || app.store.read(move |tx| tx.count_cases(&project, &hook)).await? == 0 {
            continue;
        }
        let loaded = hook_target::version(app, scope, version.clone()).await?;
        ran.push(run_all(app, &scope.project, &name, &loaded, migrations).await?);
    }
    Ok(ran)
}

/// What the gate says.
pub(super) fn as_gate(ran: &[HookCaseRun]) -> Gate {
    let passed: u32 = ran.iter().map(|run| run.passed).sum();
    let failed = problems(ran);
    gate(
        GateName::Cases,
        match (passed, failed.is_empty()) {
            (0, true) => (
                GateState::NotChecked,
                "no hook with test cases changes its version".to_owned(),
            ),
            (passed, true) => (GateState::Passed, format!("{passed} test cases passed")),
            (_, false) => {
                let lines = failed.iter().map(|one| format!("{}: {}", one.field, one.problem));
                (GateState::Failed, lines.collect::<Vec<_>>().join("; "))
            }
        },
    )
}

/// Whether a case failed.
pub(super) fn has_failed(ran: &[HookCaseRun]) -> bool {
    ran.iter().any(|run| run.failed > 0)
}

/// The refusal of a deployment.
pub(super) fn refused(ran: &[HookCaseRun]) -> Refusal {
    Refusal {
        details: problems(ran),
        ..Refusal::new(
            errors::DEPLOYMENT_REFUSED,
            "Test cases of the hooks failed; see details. Correct the hook or the case, or force the deployment with a reason",
        )
    }
}

fn problems(ran: &[HookCaseRun]) -> Vec<Problem> {
    let of_run = |run: &HookCaseRun| {
        let failed = run.cases.iter().filter(|case| !case.ok);
        let problem = |case: &aerocall_api_types::HookCaseResult| Problem {
            field: format!("cases.{}.{}", run.hook, case.name),
            problem: case.problems.join("; ").chars().take(500).collect(),
        };
        failed.map(problem).collect::<Vec<_>>()
    };
    ran.iter().flat_map(of_run).take(MAX_PROBLEMS).collect()
}
