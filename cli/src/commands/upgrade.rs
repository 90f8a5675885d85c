//! `aerocall upgrade`: brings what this program writes into a project up to date, and says which bundles have to be built again, and
//! what of the contract has changed for those that do not.

use std::path::{Path, PathBuf};

use aerocall_compiler::CONTRACT;
use aerocall_runtime::{Manifest, Runtime};
use aerocall_rust_build::{contract_of, sdk};
use serde::Serialize;

use crate::{
    Failed, bundles,
    output::Output,
    project::{Kind, Project},
    sdk_types,
    terminal::{self, plain},
};

/// What each release of the contract brought, and what an author has to do about it: sections below headings with the release.
const CHANGES: &str = include_str!("../../../wit/CHANGES.md");

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  aerocall upgrade\n  aerocall upgrade --check --json")]
pub(crate) struct Arguments {
    /// The project directory
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// Write nothing; fail if something is out of date
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    output: Output,
}

/// One release of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Change {
    contract: String,
    what: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    release: &'static str,
    contract: &'static str,
    /// Files that were out of date, below the project.
    files: Vec<String>,
    bundles: Vec<Found>,
    /// Since the oldest contract among the bundles.
    changes: Vec<Change>,
}

/// A bundle of the project, or a component that another tool built.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    file: String,
    /// What it was built against; `null` if that cannot be read.
    contract: Option<String>,
    /// Why it has to be built again; `null` if it runs.
    problem: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let project = Project::open(&arguments.directory)?;
    let files = outdated(&project.root);
    if !arguments.check {
        write(&project.root)?;
    }
    let bundles = found(&project)?;
    let summary = Summary {
        release: env!("CARGO_PKG_VERSION"),
        contract: CONTRACT,
        files,
        changes: changes(&bundles),
        bundles,
    };
    arguments
        .output
        .print(&summary, |summary| show(summary, arguments.check))?;
    let has_old = summary.bundles.iter().any(|found| found.problem.is_some());
    match arguments.check && (has_old || !summary.files.is_empty()) {
        true => Err(Failed::Checked),
        false => Ok(()),
    }
}

/// Files of ours that are missing or of another release.
fn outdated(root: &Path) -> Vec<String> {
    let below = |directory: &'static str| move |name: String| format!("{directory}/{name}");
    let mut files = Vec::new();
    if sdk_types::is_wanted(root) {
        files.extend(sdk_types::outdated(root).into_iter().map(below(sdk_types::DIRECTORY)));
    }
    if sdk::is_wanted(root) {
        files.extend(sdk::outdated(root).into_iter().map(below(sdk::DIRECTORY)));
    }
    files
}

fn write(root: &Path) -> Result<(), Failed> {
    if sdk_types::is_wanted(root) {
        sdk_types::write(root)?;
    }
    if sdk::is_wanted(root) {
        sdk::write(root)?;
    }
    Ok(())
}

/// What was built: in `dist/`, and by other tools.
fn found(project: &Project) -> Result<Vec<Found>, Failed> {
    let components = project.hooks.iter().filter(|hook| hook.kind == Kind::Component);
    let mut files: Vec<String> = components.map(|hook| hook.path.clone()).collect();
    for entry in std::fs::read_dir(project.root.join("dist"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        files.extend(name.ends_with(".wasm").then(|| format!("dist/{name}")));
    }
    files.sort();
    let look = |file: String| {
        let path = project.root.join(&file);
        let bytes = std::fs::read(&path).map_err(|error| Failed::file(&path, &error))?;
        Ok(look(file, &bytes))
    };
    files.into_iter().map(look).collect()
}

fn look(file: String, bytes: &[u8]) -> Found {
    let manifest = Runtime::inspect(bytes);
    let contract = manifest.as_ref().ok().map(|manifest| manifest.contract.clone());
    let contract = contract.or_else(|| contract_of(bytes));
    let is_bundle = file.starts_with("dist/");
    let problem = match (&manifest, &contract) {
        (Ok(manifest), _) => problem_of(manifest),
        (Err(refused), _) if is_bundle => Some(format!(
            "{}: build the hook again with `aerocall build`",
            refused.message
        )),
        (Err(_), Some(contract)) => unknown(contract),
        (Err(_), None) => None,
    };
    Found {
        file,
        contract,
        problem,
    }
}

fn problem_of(manifest: &Manifest) -> Option<String> {
    bundles::engine_problem(manifest).or_else(|| unknown(&manifest.contract))
}

/// A contract that this release does not take: it takes those with the same first two numbers up to its own.
fn unknown(contract: &str) -> Option<String> {
    let takes = |(own, built): ([u32; 3], [u32; 3])| own[..2] == built[..2] && built[2] <= own[2];
    let is_taken = release(CONTRACT).zip(release(contract)).is_some_and(takes);
    (!is_taken).then(|| format!("this release does not have the contract {contract}: build it against {CONTRACT}"))
}

/// The numbers of a contract's release.
fn release(contract: &str) -> Option<[u32; 3]> {
    let (_, version) = contract.split_once('@')?;
    let numbers: Option<Vec<u32>> = version.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}

/// Every release, the newest last.
fn all_changes() -> Vec<Change> {
    let sections = CHANGES
        .split("\n## ")
        .skip(1)
        .filter_map(|section| section.split_once('\n'));
    let mut changes: Vec<Change> = sections
        .map(|(version, what)| Change {
            contract: format!("aerocall:hooks@{}", version.trim()),
            what: what.trim().to_owned(),
        })
        .collect();
    changes.sort_by_key(|change| release(&change.contract));
    changes
}

/// What has changed since the oldest contract of what was built.
fn changes(bundles: &[Found]) -> Vec<Change> {
    let built = bundles.iter().filter_map(|found| release(found.contract.as_deref()?));
    let Some(oldest) = built.min() else {
        return Vec::new();
    };
    let is_newer = |change: &Change| release(&change.contract).is_some_and(|release| release > oldest);
    all_changes().into_iter().filter(is_newer).collect()
}

fn show(summary: &Summary, is_check: bool) {
    terminal::answer(format!("aerocall {}, contract {}", summary.release, summary.contract));
    let (verb, none) = match is_check {
        true => ("out of date", "no file is out of date"),
        false => ("wrote", "every file was up to date"),
    };
    for file in &summary.files {
        terminal::answer(format!("{verb}  {}", plain(file)));
    }
    if summary.files.is_empty() {
        terminal::answer(none);
    }
    for found in &summary.bundles {
        let contract = found.contract.as_deref().unwrap_or("no contract");
        let state = found.problem.as_deref().unwrap_or("runs as it is");
        terminal::answer(format!(
            "{} ({}): {}",
            plain(&found.file),
            plain(contract),
            plain(state)
        ));
    }
    for change in &summary.changes {
        terminal::answer(format!("{}: {}", change.contract, change.what));
    }
    if summary.bundles.is_empty() || summary.changes.is_empty() {
        terminal::answer("nothing of the contract has changed for what was built");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_of_the_contract_is_in_the_list() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit/releases");
        let mut released: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| format!("aerocall:hooks@{}", entry.unwrap().file_name().to_string_lossy()))
            .collect();
        released.sort_by_key(|contract| release(contract));
        let listed: Vec<String> = all_changes().into_iter().map(|change| change.contract).collect();
        assert_eq!(listed, released);
        assert_eq!(listed.last().map(String::as_str), Some(CONTRACT));
        assert!(all_changes().iter().all(|change| !change.what.is_empty()));
        for (contract, is_taken) in [
            (CONTRACT, true),
            ("aerocall:hooks@0.0.9", false),
            ("aerocall:hooks", false),
        ] {
            assert_eq!(unknown(contract).is_none(), is_taken, "{contract}");
        }
    }
}
