//! The bundle of a component: its manifest and, if there are any, its sources, as custom sections at its end.

use std::collections::BTreeMap;

use aerocall_compiler::{Built, CONTRACT, append_custom, diagnostics::Diagnostic};
use aerocall_runtime::{BuildInputs, BundledProject, Manifest, ProjectFile, Runtime};

use crate::{Hook, NotBuilt, Result, capabilities, exports::Exports, module::Module};

/// What is known of a component beyond its bytes.
pub(crate) struct Parts {
    /// As a manifest has it.
    pub(crate) language: String,
    /// What it was built with, if we built it.
    pub(crate) toolchain: Option<String>,
    /// The file that the hook begins in.
    pub(crate) entry: Option<String>,
    /// The author's files.
    pub(crate) files: Vec<ProjectFile>,
}

/// Makes the bundle, and holds it against what a server demands.
pub(crate) fn make(hook: &Hook<'_>, module: &Module, parts: Parts) -> Result<Built> {
    let Exports {
        hooks,
        events,
        schedules,
        order,
        priority,
    } = Exports::of(hook, &module.handlers)?;
    let (grants, warnings) = capabilities::granted(hook, &module.interfaces)?;
    let manifest = Manifest {
        format: 1,
        name: hook.name.to_owned(),
        contract: CONTRACT.to_owned(),
        engine: None,
        language: Some(parts.language),
        toolchain: parts.toolchain,
        hooks: hooks.into_iter().collect(),
        events: events.into_iter().collect(),
        schedules,
        order,
        priority,
        capabilities: grants.names(),
        limits: hook.declared.limits.clone(),
        source_digest: module.digest.clone(),
    };
    let inputs = BuildInputs {
        settings: hook.declared.settings(parts.entry),
        ..BuildInputs::default()
    };
    let mut component = module.component.clone();
    append_custom(&mut component, &sections(&manifest, &parts.files, &inputs)?);
    Runtime::inspect(&component)
        .map_err(|refused| Diagnostic::about_file(refused.code.name, refused.message, hook.path))?;
    Ok(Built {
        component,
        manifest,
        warnings,
        summary: None,
    })
}

fn sections(manifest: &Manifest, files: &[ProjectFile], inputs: &BuildInputs) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let json = |error: serde_json::Error| NotBuilt::Environment(format!("the manifest cannot be written: {error}"));
    let mut sections = vec![("aerocall:manifest", serde_json::to_vec(manifest).map_err(json)?)];
    if !files.is_empty() {
        let by_path: BTreeMap<&str, &str> = files.iter().map(|file| (file.0.as_str(), file.1.as_str())).collect();
        let files: Vec<(&str, &str)> = by_path.into_iter().collect();
        sections.push((BundledProject::FILES_SECTION, serde_json::to_vec(&files).map_err(json)?));
        sections.push((
            BundledProject::INPUTS_SECTION,
            serde_json::to_vec(inputs).map_err(json)?,
        ));
    }
    Ok(sections)
}
