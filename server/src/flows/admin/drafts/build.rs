//! Builds of drafts, in a child process that knows the compiler. Whoever runs a draft, checks it or makes a version of it gets
//! its bundle here.

use aerocall_runtime::{
    BuildDiagnostic, BuildOutput, BuildRequest, BuildSeverity, BundledProject, Manifest, ProjectFile, entry_of,
};

use super::Content;
use crate::{
    app::App,
    base::{
        error::{Error, Problem, Refusal, Result},
        ids::{HookName, Slug},
        stored,
    },
    hooks::refused,
    storage::store::DraftRow,
};

/// Problems that a refusal names.
const MAX_PROBLEMS: usize = 50;

/// Builds the draft of a hook as it is kept.
///
/// # Errors
/// The compiler is busy, or the build takes more than it may. What is wrong with the sources is no error: then there is no bundle.
pub(in crate::flows) async fn build_draft(
    app: &App,
    project: &Slug,
    hook: &HookName,
    draft: &DraftRow,
) -> Result<BuildOutput> {
    build(app, project, hook, Content::of(draft)?, stored::json(&draft.packages)?).await
}

/// Builds the sources that a version carries; `None` if they are more than a draft can have.
///
/// # Errors
/// As [`build_draft`].
pub(in crate::flows::admin) async fn build_bundled(
    app: &App,
    project: &Slug,
    hook: &HookName,
    bundled: &BundledProject,
) -> Result<Option<BuildOutput>> {
    match Content::of_bundle(bundled) {
        Ok(content) => build(app, project, hook, content, bundled.inputs.packages.clone())
            .await
            .map(Some),
        Err(_) => Ok(None),
    }
}

/// Builds files, with packages that lie beside them.
pub(in crate::flows::admin) async fn build(
    app: &App,
    project: &Slug,
    hook: &HookName,
    content: Content,
    packages: Vec<ProjectFile>,
) -> Result<BuildOutput> {
    let Content { mut files, settings } = content;
    let entry = match &settings.entry {
        Some(entry) => files.iter().find(|file| file.0 == *entry).map(|file| file.0.clone()),
        None => entry_of(hook.as_str(), files.iter().map(|file| file.0.as_str())).map(str::to_owned),
    };
    let Some(entry) = entry else {
        return Ok(no_entry(hook, settings.entry.as_deref()));
    };
    // What the author has added goes before what came along.
    let added = |path: &str| files.iter().any(|file| file.0 == path);
    let beside: Vec<ProjectFile> = packages.into_iter().filter(|file| !added(&file.0)).collect();
    files.extend(beside);
    let request = BuildRequest { entry, files, settings };
    let output = app.hooks.registry.build(project, &request).await;
    output.map_err(|error| refused(error, Some(hook.as_str())))
}

/// The bundle of a build, and its manifest.
///
/// # Errors
/// `build_failed`, with what is wrong and where.
pub(in crate::flows) fn built(output: BuildOutput) -> Result<(Vec<u8>, Manifest)> {
    let BuildOutput {
        diagnostics, bundle, ..
    } = output;
    bundle.ok_or_else(|| build_failed(&diagnostics).into())
}

/// Why there is no bundle.
pub(in crate::flows) fn not_built(output: &BuildOutput) -> Error {
    build_failed(&output.diagnostics).into()
}

/// How many errors there are, in words.
pub(in crate::flows::admin) fn errors_in(diagnostics: &[BuildDiagnostic]) -> String {
    let errors = diagnostics.iter().filter(|one| one.severity == BuildSeverity::Error);
    match errors.count() {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    }
}

fn build_failed(diagnostics: &[BuildDiagnostic]) -> Refusal {
    let errors = diagnostics.iter().filter(|one| one.severity == BuildSeverity::Error);
    let problem = |one: &BuildDiagnostic| Problem {
        field: format!("{}:{}:{}", one.file, one.line, one.column),
        problem: match &one.hint {
            Some(hint) => format!("{} [{}]; {hint}", one.message, one.code),
            None => format!("{} [{}]", one.message, one.code),
        },
    };
    Refusal {
        details: errors.take(MAX_PROBLEMS).map(problem).collect(),
        ..Refusal::new(
            aerocall_contract::errors::BUILD_FAILED,
            "The sources cannot be built; see details",
        )
    }
}

/// None of the files is the hook.
fn no_entry(hook: &HookName, named: Option<&str>) -> BuildOutput {
    let default = format!("hooks/{hook}.ts");
    let file = named.unwrap_or(&default);
    let message = match named {
        Some(named) => format!("`settings.entry` names {named}, which is not among the files"),
        None => format!("no file is the hook: add {default}, or name the file in `settings.entry`"),
    };
    BuildOutput {
        diagnostics: vec![BuildDiagnostic {
            file: file.to_owned(),
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
            code: "bad-entry".to_owned(),
            severity: BuildSeverity::Error,
            message,
            hint: None,
        }],
        bundle: None,
        summary: None,
    }
}
