//! The gate about types: what TypeScript's compiler says of the sources of versions that are to go live. A warning at most, because
//! whoever wrote a version may have checked it with another TypeScript.

use aerocall_api_types::{Gate, GateName, GateState, TypeStatus};
use aerocall_runtime::BundledProject;

use super::gates::gate;
use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    flows::admin::drafts::{NO_COMPILER, all_files, check_types},
    storage::store::{DeployedHook, VersionRow},
};

/// Problems that the gate names.
const MAX_PROBLEMS: usize = 5;

/// Checks the sources of every version that is not the live one.
pub(super) async fn run(app: &App, scope: &Scope, versions: &[VersionRow], live: &[DeployedHook]) -> Result<Gate> {
    let is_live = |version: &&VersionRow| live.iter().any(|hook| hook.version.digest == version.digest);
    let (mut checked, mut problems, mut unchecked) = (0, Vec::new(), Vec::new());
    for version in versions.iter().filter(|version| !is_live(version)) {
        if app.hooks.registry.type_checker().is_none() {
            // Its bytes need not be read for that.
            unchecked.push(NO_COMPILER.to_owned());
            continue;
        }
        let (project, id) = (scope.project.clone(), version.id.clone());
        let component = app.store.read(move |tx| tx.component(&project, &id)).await?;
        let Some(sources) = component.as_deref().and_then(BundledProject::of) else {
            unchecked.push(format!(
                "version {} of `{}` has no sources",
                version.number, version.name
            ));
            continue;
        };
        let types = check_types(app, &scope.project, &all_files(&sources), &sources.inputs.packages).await?;
        match (types.check.status, types.check.reason) {
            (TypeStatus::Checked, _) => checked += 1,
            (TypeStatus::NotChecked, reason) => unchecked.extend(reason),
        }
        let line = |one: aerocall_runtime::BuildDiagnostic| {
            format!("{}:{} {} [{}]", one.file, one.line, one.message, one.code)
        };
        problems.extend(types.problems.into_iter().map(line));
    }
    Ok(gate(GateName::Types, said(checked, &problems, unchecked)))
}

fn said(checked: usize, problems: &[String], mut unchecked: Vec<String>) -> (GateState, String) {
    unchecked.dedup();
    match (problems.len(), checked) {
        (0, 0) if unchecked.is_empty() => (GateState::NotChecked, "no hook changes its version".to_owned()),
        (0, 0) => (GateState::NotChecked, unchecked.join("; ")),
        (0, _) if unchecked.is_empty() => (GateState::Passed, String::new()),
        (0, _) => (GateState::Passed, unchecked.join("; ")),
        (count, _) => {
            let first = problems
                .iter()
                .take(MAX_PROBLEMS)
                .cloned()
                .collect::<Vec<_>>()
                .join("; ");
            (
                GateState::Warning,
                format!("{count} problems, of which the first are: {first}"),
            )
        }
    }
}
