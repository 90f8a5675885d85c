//! Test cases of a hook project: documents in `tests/*.json`. Finds and reads them, and finds the bundle of each; what a case is and
//! how it is run is the server's own code, which runs the cases that are kept with a hook.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use aerocall_runtime::Runtime;
use aerocall_server::local::{self, Case, CaseResult, LocalFault};
use serde_json::Value;

use crate::{
    Failed,
    bundles::{Bundle, no_such_hook},
    documents,
    migrations::Migration,
};

/// A case and the file that it stands in.
pub(crate) struct Located {
    /// Relative to the project.
    pub(crate) file: String,
    pub(crate) name: String,
    case: Case,
}

/// Reads every case below `tests/`, in the order of file names. Names that start with `_` or `.` are no tests.
pub(crate) fn read_all(root: &Path) -> Result<Vec<Located>, Failed> {
    let mut files = Vec::new();
    json_files(&root.join("tests"), &mut files)?;
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        cases.extend(read(root, &file)?);
    }
    Ok(cases)
}

fn json_files(directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failed> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failed::file(directory, &error)),
    };
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with(['_', '.']) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            json_files(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "json") {
            found.push(path);
        }
    }
    Ok(())
}

fn read(root: &Path, file: &Path) -> Result<Vec<Located>, Failed> {
    let text = documents::text(file)?;
    let shown = file.strip_prefix(root).unwrap_or(file).to_string_lossy().into_owned();
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // The list is looked at first, so that a mistake in one case is reported with its place.
    let list = documents::parse::<Value>(file, &text)?.is_array();
    let cases: Vec<Case> = match list {
        true => documents::parse(file, &text)?,
        false => vec![documents::parse(file, &text)?],
    };
    let named = |(index, case): (usize, Case)| {
        let name = match (&case.name, list) {
            (Some(name), _) => name.clone(),
            (None, false) => stem.clone(),
            (None, true) => format!("{stem} {}", index + 1),
        };
        Located {
            file: shown.clone(),
            name,
            case,
        }
    };
    Ok(cases.into_iter().enumerate().map(named).collect())
}

impl Located {
    /// File and name.
    pub(crate) fn title(&self) -> String {
        format!("{} · {}", self.file, self.name)
    }

    /// Whether one of the bundles has the hook that it is about.
    pub(crate) fn is_of(&self, bundles: &[Bundle]) -> bool {
        match &self.case.file {
            Some(file) => bundles.iter().any(|bundle| bundle.name == *file),
            None => bundles.iter().any(|bundle| bundle.answers(&self.case.hook)),
        }
    }

    /// The file of the bundle that it is about; empty if it cannot be told.
    pub(crate) fn bundle<'b>(&self, bundles: &'b [Bundle]) -> &'b str {
        bundle_of(&self.case, bundles).map_or("", |bundle| &bundle.file)
    }

    /// Runs the case and answers what is not as it must be; nothing means that it passed. What is given and cannot be
    /// fails the case like a reply that is not the expected one: the others are run all the same.
    pub(crate) async fn run(
        &self,
        migrations: &[Migration],
        runtime: &Arc<Runtime>,
        bundles: &[Bundle],
    ) -> Result<CaseResult, Failed> {
        let bundle = match bundle_of(&self.case, bundles) {
            Ok(bundle) => bundle,
            Err(problem) => return Ok(CaseResult::not_run(problem)),
        };
        if !bundle.answers(&self.case.hook) {
            return Ok(CaseResult::not_run(no_such_hook(&self.case.hook, &bundle.points())));
        }
        let hook = match runtime.load(&bundle.component).await {
            Ok(hook) => hook,
            Err(refused) => return Ok(CaseResult::not_run(format!("{}: {}", refused.code, refused.message))),
        };
        let limits = local::limits(&bundle.manifest.limits)?;
        let migrations: Vec<_> = migrations.iter().cloned().map(Migration::into_parts).collect();
        match self.case.run(&hook, &limits, &migrations).await {
            Ok(result) => Ok(result),
            Err(LocalFault::Given(problem)) => Ok(CaseResult::not_run(problem)),
            Err(LocalFault::Machine(problem)) => Err(Failed::Environment(problem)),
        }
    }
}

/// The bundle that a case is about.
fn bundle_of<'b>(case: &Case, bundles: &'b [Bundle]) -> Result<&'b Bundle, String> {
    if let Some(file) = &case.file {
        let known = || {
            bundles
                .iter()
                .map(|bundle| bundle.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        return bundles
            .iter()
            .find(|bundle| bundle.name == *file)
            .ok_or_else(|| format!("`file` names no hook of this project: {file:?}; found: {}", known()));
    }
    let mut having = bundles.iter().filter(|bundle| bundle.answers(&case.hook));
    match (having.next(), having.next()) {
        (Some(bundle), None) => Ok(bundle),
        (Some(one), Some(other)) => Err(format!(
            "{} and {} both have `{}`: add \"file\": {:?} to the case",
            one.file, other.file, case.hook, one.name
        )),
        (None, _) => {
            let known: Vec<&str> = bundles.iter().flat_map(Bundle::points).collect();
            Err(no_such_hook(&case.hook, &known))
        }
    }
}
