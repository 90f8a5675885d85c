//! What a draft consists of: source files and settings of a build, within bounds, with paths that stay inside the project.

use std::collections::{BTreeMap, BTreeSet};

use aerocall_api_types as api;
use aerocall_runtime::{BuildSettings, BundledProject, ProjectFile};
use serde_json::Value;

use crate::{
    base::{
        error::{Error, Problem, Refusal, Result},
        input::{Fields, Parsed, source_path, text},
        stored,
    },
    flows::steps::invocation_limits,
    storage::store::{DraftContent, DraftRow},
};

/// Files of a draft, those of packages that its author has added included.
pub(in crate::flows::admin) const MAX_FILES: usize = 1_000;
/// Bytes of one file.
pub(in crate::flows::admin) const MAX_FILE_BYTES: usize = 1 << 20;
/// Bytes of all files.
pub(in crate::flows::admin) const MAX_BYTES: usize = 2 << 20;
/// Capabilities and schedules of the settings.
const MAX_SETTINGS: usize = 100;
/// Bytes of a text in the settings.
const MAX_SETTING_BYTES: usize = 500;

/// Files and settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    /// By path.
    pub(crate) files: Vec<ProjectFile>,
    pub(crate) settings: BuildSettings,
}

impl Content {
    /// Of the fields `files` and `settings`.
    pub(in crate::flows::admin) fn read(fields: &mut Fields) -> Option<Self> {
        let files = fields.list("files", MAX_FILES, |file| {
            let path = file.required("path", |value| source_path(text(value)?));
            let text = file.required("text", source);
            path.zip(text).map(|(path, text)| ProjectFile(path, text))
        });
        let settings = fields.object("settings", read_settings);
        let mut files = files?;
        files.sort();
        if let Some(problem) = problem_of(&files) {
            fields.problem("files", problem);
            return None;
        }
        Some(Self { files, settings })
    }

    /// What a bundle carries, as a draft begins from it.
    ///
    /// # Errors
    /// It cannot be a draft: the reason.
    pub(super) fn of_bundle(project: &BundledProject) -> std::result::Result<Self, String> {
        let files = all_files(project);
        if files.len() > MAX_FILES {
            return Err(format!(
                "it has {} files, more than the {MAX_FILES} of a draft",
                files.len()
            ));
        }
        for file in &files {
            if let Err(problem) = source_path(file.0.clone()) {
                return Err(format!("the path of its file {:?} {problem}", file.0));
            }
        }
        match problem_of(&files) {
            Some(problem) => Err(format!("its sources {problem}")),
            None => Ok(Self {
                files,
                settings: project.inputs.settings.clone(),
            }),
        }
    }

    /// Of a kept draft.
    pub(crate) fn of(row: &DraftRow) -> Result<Self> {
        Ok(Self {
            files: stored::json(&row.files)?,
            settings: stored::json(&row.settings)?,
        })
    }

    /// These files, within the bounds of a draft.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(in crate::flows::admin) fn of_files(
        mut files: Vec<ProjectFile>,
        settings: BuildSettings,
    ) -> std::result::Result<Self, String> {
        files.sort();
        match problem_of(&files) {
            Some(problem) => Err(problem),
            None => Ok(Self { files, settings }),
        }
    }

    /// As it is kept.
    pub(in crate::flows::admin) fn stored(&self) -> Result<DraftContent> {
        let json = |error| Error::unexpected("writing a draft", error);
        Ok(DraftContent {
            files: serde_json::to_string(&self.files).map_err(json)?,
            settings: serde_json::to_string(&self.settings).map_err(json)?,
        })
    }
}

/// The author's files of a bundle and the project's settings that the bundler reads, by path.
pub(in crate::flows::admin) fn all_files(project: &BundledProject) -> Vec<ProjectFile> {
    let own: BTreeSet<&str> = project.files.iter().map(|file| file.0.as_str()).collect();
    let settings = project
        .inputs
        .project
        .iter()
        .filter(|file| !own.contains(file.0.as_str()));
    let mut files: Vec<ProjectFile> = project.files.iter().chain(settings).cloned().collect();
    files.sort();
    files
}

/// Files as the admin API shows them.
pub(in crate::flows::admin) fn source_files(files: Vec<ProjectFile>) -> Vec<api::SourceFile> {
    let file = |ProjectFile(path, text)| api::SourceFile { path, text };
    files.into_iter().map(file).collect()
}

/// Settings as the admin API shows them.
pub(in crate::flows::admin) fn settings_document(settings: &BuildSettings) -> Result<api::BuildSettings> {
    let damaged = |error| Error::unexpected("reading the settings of a build", error);
    let limits = serde_json::to_value(&settings.limits).map_err(damaged)?;
    Ok(api::BuildSettings {
        entry: settings.entry.clone(),
        capabilities: settings.capabilities.clone(),
        limits: serde_json::from_value(limits).map_err(damaged)?,
        schedules: settings.schedules.clone(),
    })
}

/// What is wrong with files, sorted by path, beyond each alone.
fn problem_of(files: &[ProjectFile]) -> Option<String> {
    if files.is_empty() {
        return Some("must have at least one file".to_owned());
    }
    for pair in files.windows(2) {
        let (first, second) = (&pair[0].0, &pair[1].0);
        if first == second {
            return Some(format!("has {first} twice"));
        }
    }
    let paths: BTreeSet<&str> = files.iter().map(|file| file.0.as_str()).collect();
    let directories = paths
        .iter()
        .flat_map(|path| path.match_indices('/').map(|(at, _)| &path[..at]));
    if let Some(both) = directories.into_iter().find(|directory| paths.contains(directory)) {
        return Some(format!("has {both} both as a file and as a directory"));
    }
    if let Some(large) = files.iter().find(|file| file.1.len() > MAX_FILE_BYTES) {
        return Some(format!(
            "has {} with {} bytes, more than the {MAX_FILE_BYTES} of one file",
            large.0,
            large.1.len()
        ));
    }
    let bytes: usize = files.iter().map(|file| file.1.len()).sum();
    (bytes > MAX_BYTES).then(|| format!("has {bytes} bytes, more than the {MAX_BYTES} of a draft"))
}

fn source(value: Value) -> Parsed<String> {
    let source = text(value)?;
    match source.contains('\0') {
        true => Err("must not contain the control character NUL".to_owned()),
        false => Ok(source),
    }
}

fn read_settings(fields: &mut Fields) -> BuildSettings {
    let entry = fields.optional("entry", |value| source_path(text(value)?));
    let capabilities = fields.optional("capabilities", |value| match value {
        Value::Array(names) if names.len() <= MAX_SETTINGS => names.into_iter().map(short).collect(),
        _ => Err(format!("must be a list of at most {MAX_SETTINGS} texts")),
    });
    let limits = fields.optional("limits", invocation_limits::parse);
    let schedules = fields.optional("schedules", |value| match value {
        Value::Object(patterns) if patterns.len() <= MAX_SETTINGS => {
            let patterns = patterns.into_iter().map(|(name, pattern)| Ok((name, short(pattern)?)));
            patterns.collect::<Parsed<BTreeMap<_, _>>>()
        }
        _ => Err(format!("must be an object with at most {MAX_SETTINGS} texts")),
    });
    BuildSettings {
        entry,
        capabilities,
        limits: limits.unwrap_or_default(),
        schedules: schedules.unwrap_or_default(),
    }
}

fn short(value: Value) -> Parsed<String> {
    let text = text(value)?;
    match text.len() <= MAX_SETTING_BYTES {
        true => Ok(text),
        false => Err(format!("must have texts of at most {MAX_SETTING_BYTES} bytes")),
    }
}

/// A version that cannot be edited, and why.
pub(super) fn not_editable(number: i32, reason: &str) -> Refusal {
    let details = vec![Problem {
        field: "from".to_owned(),
        problem: reason.to_owned(),
    }];
    Refusal {
        details,
        ..Refusal::new(
            aerocall_contract::errors::NO_SOURCES,
            format!("Version {number} cannot be edited: {reason}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(files: &Value) -> std::result::Result<Content, Refusal> {
        let mut fields = Fields::new(json!({ "files": files }).as_object().cloned().unwrap());
        let read = Content::read(&mut fields);
        fields.finish(read)
    }

    #[test]
    fn paths_stay_inside_the_project() {
        let file = |path: &str| json!([{ "path": path, "text": "" }]);
        for path in ["hooks/a.ts", "a.ts", "node_modules/@s/a/x.js", "..a/b.ts", "ü.ts"] {
            assert!(read(&file(path)).is_ok(), "{path}");
        }
        for path in [
            "",
            "/etc/passwd",
            "../a.ts",
            "a/../../b",
            "a//b",
            "a/./b",
            "a/",
            "C:\\x",
            "a\\b",
            "a\nb",
            "a\0",
        ] {
            assert!(read(&file(path)).is_err(), "{path:?}");
        }
    }

    #[test]
    fn files_are_bounded_and_each_is_there_once() {
        let large = "x".repeat(MAX_FILE_BYTES);
        for (files, says) in [
            (json!([]), "at least one"),
            (
                json!([{ "path": "a", "text": "" }, { "path": "a", "text": "" }]),
                "twice",
            ),
            (
                json!([{ "path": "a", "text": "" }, { "path": "a.ts", "text": "" }, { "path": "a/b", "text": "" }]),
                "both as a file and as a directory",
            ),
            (json!([{ "path": "a", "text": format!("{large}x") }]), "of one file"),
            (
                json!([{ "path": "a", "text": large }, { "path": "b", "text": large }, { "path": "c", "text": "x" }]),
                "of a draft",
            ),
        ] {
            let refusal = read(&files).unwrap_err();
            assert!(refusal.details[0].problem.contains(says), "{refusal:?}");
        }
    }
}
