//! Whether the project builds the same bytes as a bundle that is no script. Building Rust runs code of the crates that it is made
//! of, so what is built is never the sources of a bundle, but those of the project, and only if they are the same.

use aerocall_compiler::{EngineName, diagnostics::Diagnostic};
use aerocall_runtime::BundledProject;

use super::{Findings, Level, Place, Rule, sources};
use crate::{
    Failed,
    bundles::{Builder, Bundle, NotBuilt},
    project::{HookFile, Kind, Project},
};

pub(super) async fn look(bundle: &Bundle, project: Option<&Project>, findings: &mut Findings) -> Result<(), Failed> {
    if bundle.manifest.toolchain.is_none() {
        let message = "not built again: another tool built it".to_owned();
        findings.add(Rule::Sources, Level::Note, message, None);
        return Ok(());
    }
    let (project, hook) = match comparable(bundle, project) {
        Ok(found) => found,
        Err(reason) => {
            sources::not_built(findings, &reason);
            return Ok(());
        }
    };
    let built = match Builder::new(EngineName::default()).build(project, hook).await {
        Ok(built) => built,
        Err(NotBuilt::Problems(problems)) => {
            for problem in problems.iter().filter(|one| one.is_error()) {
                sources::problem(findings, place(problem), &problem.message);
            }
            return Ok(());
        }
        Err(NotBuilt::Refused(code, message)) => {
            findings.add(Rule::Sources, Level::Error, format!("{code}: {message}"), None);
            return Ok(());
        }
        Err(NotBuilt::Failed(Failed::Environment(message))) => {
            sources::not_built(findings, &message);
            return Ok(());
        }
        Err(NotBuilt::Failed(failed)) => return Err(failed),
    };
    if built.component == bundle.component {
        return Ok(());
    }
    if built.manifest.toolchain != bundle.manifest.toolchain {
        let named = |bundle: &Bundle| bundle.manifest.toolchain.clone().unwrap_or_default();
        let reason = format!(
            "it was built with {}, and this machine has {}",
            named(bundle),
            named(&built)
        );
        sources::not_built(findings, &reason);
        return Ok(());
    }
    sources::other_bytes(
        findings,
        "the project builds",
        (&built.component, &built.manifest),
        bundle,
    );
    Ok(())
}

/// The hook of the project with the sources of the bundle, or why there is none.
fn comparable<'p>(bundle: &Bundle, project: Option<&'p Project>) -> Result<(&'p Project, &'p HookFile), String> {
    let carried = BundledProject::of(&bundle.component).ok_or("the bundle carries no sources")?;
    let project = project.ok_or("there is no project at --project")?;
    let is_it = |hook: &&HookFile| hook.kind == Kind::Crate && hook.name == bundle.name;
    let hook = project.hooks.iter().find(is_it);
    let hook = hook.ok_or_else(|| format!("the project has no crate of the hook {}", bundle.name))?;
    let differs = carried.files.iter().find(|file| {
        let own = std::fs::read_to_string(project.root.join(&file.0));
        !own.is_ok_and(|text| text == file.1)
    });
    match differs {
        Some(file) => Err(format!("its {} is not that of the project", file.0)),
        None => Ok((project, hook)),
    }
}

fn place(problem: &Diagnostic) -> Place {
    Place {
        file: problem.file.clone(),
        line: problem.line,
        column: problem.column,
    }
}
