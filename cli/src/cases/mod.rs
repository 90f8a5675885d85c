//! Test cases of a hook project: documents in `tests/*.json`, each one call and what must come of it. In order: the
//! document, the call, the comparison (`expect`).

mod expect;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use aerocall_runtime::Runtime;
use serde::Deserialize;
use serde_json::Value;

use self::expect::Expect;
use crate::{
    Failed,
    bundles::{Bundle, NotBuilt, no_such_hook},
    call,
    context::ContextDocument,
    documents,
    local::{Given, Local},
    migrations::Migration,
    recorded::Recorded,
};

/// When a test runs unless its context says otherwise: the same moment every time.
const TEST_TIME_MS: u64 = 1_767_225_600_000;

/// One call and what must come of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "CaseDocument")]
pub(crate) struct Case {
    name: Option<String>,
    hook: String,
    file: Option<String>,
    payload: Value,
    context: ContextDocument,
    given: Given,
    expect: Expect,
}

/// A case as it is written down.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct CaseDocument {
    /// For people; the file's name when left out.
    #[serde(default)]
    name: Option<String>,
    /// The hook point or event.
    #[serde(default)]
    hook: Option<String>,
    /// Which file of `hooks/`, without ending; needed when several have the hook.
    #[serde(default)]
    file: Option<String>,
    #[serde(default, deserialize_with = "some")]
    payload: Option<Value>,
    #[serde(default)]
    context: Option<ContextDocument>,
    /// As a server recorded it: hook, payload and context of the case, as far as the case has none of its own.
    #[serde(default)]
    invocation: Option<Recorded>,
    /// What is there before the call.
    #[serde(default)]
    given: Given,
    /// The same as `given.cache`, which wins where both have a key.
    #[serde(default)]
    cache: BTreeMap<String, Value>,
    expect: Expect,
}

impl TryFrom<CaseDocument> for Case {
    type Error = String;

    fn try_from(mut document: CaseDocument) -> Result<Self, String> {
        for (key, value) in document.cache {
            document.given.cache.entry(key).or_insert(value);
        }
        let (point, context, payload) = match document.invocation {
            Some(recorded) => (Some(recorded.point), Some(recorded.context), Some(recorded.payload)),
            None => (None, None, None),
        };
        let missing = |name: &str| format!("missing field `{name}`");
        Ok(Self {
            name: document.name,
            hook: document.hook.or(point).ok_or_else(|| missing("hook"))?,
            file: document.file,
            payload: document.payload.or(payload).ok_or_else(|| missing("payload"))?,
            context: document.context.or(context).unwrap_or_default(),
            given: document.given,
            expect: document.expect,
        })
    }
}

/// A payload that is `null` is one.
fn some<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

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
    /// Runs the case and answers what is not as it must be; nothing means that it passed. What is given and cannot be
    /// fails the case like a reply that is not the expected one: the others are run all the same.
    pub(crate) async fn run(
        &self,
        migrations: &[Migration],
        runtime: &Arc<Runtime>,
        bundles: &[Bundle],
    ) -> Result<Vec<String>, Failed> {
        let bundle = match self.case.bundle(bundles) {
            Ok(bundle) => bundle,
            Err(problem) => return Ok(vec![problem]),
        };
        let context = self.case.context.context(&self.case.hook, TEST_TIME_MS);
        let given = self.case.given.clone().offline();
        let local = match Local::open(&context, &bundle.manifest, &given, migrations).await {
            Ok(local) => local,
            Err(Failed::Usage(problem)) => return Ok(vec![problem]),
            Err(failed) => return Err(failed),
        };
        let payload = self.case.payload.to_string();
        let report = match call::call(runtime, bundle, context, payload, &local).await {
            Ok(report) => report,
            Err(NotBuilt::Refused(code, message)) => return Ok(vec![format!("{code}: {message}")]),
            Err(NotBuilt::Problems(_)) => return Err(Failed::Checked),
            Err(NotBuilt::Failed(failed)) => return Err(failed),
        };
        let mut problems = self.case.expect.problems(&report);
        problems.extend(self.case.expect.left_behind(&local).await?);
        problems.extend(local.not_asked_for());
        Ok(problems)
    }
}

impl Case {
    fn bundle<'b>(&self, bundles: &'b [Bundle]) -> Result<&'b Bundle, String> {
        if let Some(file) = &self.file {
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
        let mut having = bundles.iter().filter(|bundle| bundle.answers(&self.hook));
        match (having.next(), having.next()) {
            (Some(bundle), None) => Ok(bundle),
            (Some(one), Some(other)) => Err(format!(
                "{} and {} both have `{}`: add \"file\": {:?} to the case",
                one.file, other.file, self.hook, one.name
            )),
            (None, _) => {
                let known: Vec<&str> = bundles.iter().flat_map(Bundle::points).collect();
                Err(no_such_hook(&self.hook, &known))
            }
        }
    }
}
