//! The files of the project that a crate was built from: what the compiler says it read, and the manifests above. A bundle
//! carries them, so that others see what they run.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use aerocall_compiler::diagnostics::Diagnostic;
use aerocall_runtime::ProjectFile;

use crate::{
    Hook,
    cargo::{Output, Package, relative},
    problem_codes, sdk,
};

/// Bytes of all files.
const MAX_BYTES: usize = 4 << 20;
/// Files of a workspace that a build reads, beside manifests.
const OF_WORKSPACE: [&str; 4] = [
    "Cargo.lock",
    "rust-toolchain.toml",
    "rust-toolchain",
    ".cargo/config.toml",
];

/// What a bundle carries.
pub(crate) struct Sources {
    pub(crate) files: Vec<ProjectFile>,
    /// Why it carries nothing.
    pub(crate) omitted: Option<Diagnostic>,
}

/// The files of a build.
pub(crate) fn of(hook: &Hook<'_>, package: &Package, output: &Output) -> Sources {
    match files(hook, package, output) {
        Ok(files) => Sources { files, omitted: None },
        Err(reason) => {
            let message = format!("the bundle does not carry its sources: {reason}");
            let warning = Diagnostic::about_file(problem_codes::SOURCES_OMITTED, message, hook.path).into_warning();
            Sources {
                files: Vec::new(),
                omitted: Some(
                    warning.hint("the hook runs as it is; only the server cannot show what it was built from"),
                ),
            }
        }
    }
}

fn files(hook: &Hook<'_>, package: &Package, output: &Output) -> Result<Vec<ProjectFile>, String> {
    let record = output.artifact.with_extension("d");
    let text = std::fs::read_to_string(&record).map_err(|error| format!("{}: {error}", record.display()))?;
    let mut paths = BTreeSet::new();
    for path in dependencies(&text) {
        if path.starts_with(&output.target_directory) || path.starts_with(hook.root.join(sdk::DIRECTORY)) {
            continue;
        }
        let file = relative(hook.root, &path);
        if file.is_none() && is_sdk(&path) {
            continue;
        }
        let file =
            file.ok_or_else(|| format!("it is built with {}, which is outside of the project", path.display()))?;
        paths.extend(manifests(hook.root, &path));
        paths.insert(file);
    }
    let of_workspace = OF_WORKSPACE.iter().map(|name| package.workspace.join(name));
    let of_workspace = of_workspace.chain([package.workspace.join("Cargo.toml")]);
    paths.extend(
        of_workspace
            .filter(|path| path.is_file())
            .filter_map(|path| relative(hook.root, &path)),
    );
    read(hook.root, paths)
}

/// Whether a file is of the crate `aerocall-hooks`, wherever that lies.
fn is_sdk(file: &Path) -> bool {
    let manifests = file.ancestors().skip(1).map(|folder| folder.join("Cargo.toml"));
    let text = manifests.map(std::fs::read_to_string).find_map(Result::ok);
    text.is_some_and(|text| text.contains("name = \"aerocall-hooks"))
}

fn read(root: &Path, paths: BTreeSet<String>) -> Result<Vec<ProjectFile>, String> {
    let (mut files, mut bytes) = (Vec::with_capacity(paths.len()), 0);
    for path in paths {
        let text = std::fs::read_to_string(root.join(&path)).map_err(|error| format!("{path}: {error}"))?;
        bytes += text.len();
        if bytes > MAX_BYTES {
            return Err(format!("they have more than {} MiB", MAX_BYTES >> 20));
        }
        files.push(ProjectFile(path, text));
    }
    Ok(files)
}

/// The manifest of the package that a file is of, relative to the project.
fn manifests(root: &Path, file: &Path) -> Option<String> {
    let folders = file.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    let mut manifests = folders.map(|folder| folder.join("Cargo.toml"));
    relative(root, &manifests.find(|manifest| manifest.is_file())?)
}

/// The files of a dep-info file: `target: file file …`, with `\ ` for a space.
fn dependencies(text: &str) -> Vec<PathBuf> {
    let line = text.lines().next().unwrap_or_default();
    let rest = line.split_once(": ").map_or("", |(_, rest)| rest);
    let (mut paths, mut path) = (Vec::new(), String::new());
    let mut letters = rest.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek() == Some(&' ') => path.extend(letters.next()),
            ' ' => paths.push(std::mem::take(&mut path)),
            letter => path.push(letter),
        }
    }
    paths.push(path);
    paths
        .into_iter()
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_build_are_read_with_spaces_in_their_names() {
        let read = dependencies("/t/a.wasm: /p/my\\ hooks/src/lib.rs /p/data.json\n\n/p/data.json:\n");
        assert_eq!(
            read,
            [PathBuf::from("/p/my hooks/src/lib.rs"), PathBuf::from("/p/data.json")]
        );
        assert!(dependencies("").is_empty());
    }

    #[test]
    fn sources_that_are_too_large_or_no_text_are_said() {
        let project = tempfile::tempdir().unwrap();
        std::fs::write(project.path().join("large.rs"), vec![b'x'; MAX_BYTES + 1]).unwrap();
        std::fs::write(project.path().join("picture.png"), [0xff, 0xfe]).unwrap();
        let of = |name: &str| read(project.path(), [name.to_owned()].into()).unwrap_err();
        assert!(of("large.rs").contains("more than 4 MiB"));
        assert!(of("picture.png").contains("picture.png: "));
    }
}
