//! Whether the sources that a bundle carries are those that it was built from: they are built again, confined as a server builds
//! drafts, and must give the same bytes.

use aerocall_compiler::EngineName;
use aerocall_runtime::{BuildRequest, BuildSeverity, BundledProject, Requester, Runtime, entry_of};

use super::{Findings, Place, sources};
use crate::{Failed, bundles::Bundle};

const NOBODY: Requester<'static> = Requester {
    name: "",
    patience: None,
};

pub(super) async fn look(bundle: &Bundle, runtime: &Runtime, findings: &mut Findings) -> Result<(), Failed> {
    let request = match request(bundle) {
        Ok(request) => request,
        Err(reason) => {
            sources::not_built(findings, &reason);
            return Ok(());
        }
    };
    let output = runtime.build_for(NOBODY, &request).await?;
    let Some((component, manifest)) = output.bundle else {
        for problem in output
            .diagnostics
            .iter()
            .filter(|one| one.severity == BuildSeverity::Error)
        {
            let place = Place {
                file: problem.file.clone(),
                line: problem.line,
                column: problem.column,
            };
            sources::problem(findings, place, &problem.message);
        }
        return Ok(());
    };
    if component != bundle.component {
        sources::other_bytes(
            findings,
            "the sources that the bundle carries build",
            (&component, &manifest),
            bundle,
        );
    }
    Ok(())
}

/// The build, or why there is none.
fn request(bundle: &Bundle) -> Result<BuildRequest, String> {
    let project = BundledProject::of(&bundle.component).ok_or("the bundle carries no sources")?;
    match &bundle.manifest.engine {
        Some(engine) if engine.name == EngineName::default().as_str() => {}
        Some(engine) => return Err(format!("it was built for the engine {}", engine.name)),
        None => return Err("it has its engine inside".to_owned()),
    }
    if let Some(reason) = project.inputs.packages_omitted {
        return Err(reason);
    }
    let settings = project.inputs.settings;
    let mut files = project.files;
    files.extend(project.inputs.project);
    files.extend(project.inputs.packages);
    let entry = match &settings.entry {
        Some(entry) => Some(entry.as_str()),
        None => entry_of(&bundle.name, files.iter().map(|file| file.0.as_str())),
    };
    let entry = entry.ok_or("none of its files is the hook")?.to_owned();
    Ok(BuildRequest { entry, files, settings })
}
