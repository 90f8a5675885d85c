//! A hook project on disk: `aerocall.toml` and `hooks/`. Knows which files are hooks, not what is in them.

use std::path::{Path, PathBuf};

use aerocall_compiler::{Source, source::ENTRY_EXTENSIONS};

use crate::{
    Failed,
    settings::{self, Settings},
};

/// A hook project.
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    pub(crate) settings: Settings,
    /// Sorted by name.
    pub(crate) hooks: Vec<HookFile>,
}

/// A file of `hooks/`.
#[derive(Clone, Debug)]
pub(crate) struct HookFile {
    /// The file's name without ending.
    pub(crate) name: String,
    /// Relative to the project.
    pub(crate) path: String,
}

impl Project {
    /// Opens the project in a directory.
    pub(crate) fn open(directory: &Path) -> Result<Self, Failed> {
        let project = Self::open_or_empty(directory)?;
        if project.hooks.is_empty() {
            return Err(Failed::Environment(format!(
                "{} has no hooks: add one in hooks/, or create a project with `aerocall new <directory>`",
                directory.display()
            )));
        }
        for name in project.settings.hooks.keys() {
            if !project.hooks.iter().any(|hook| hook.name == *name) {
                let known: Vec<&str> = project.hooks.iter().map(|hook| hook.name.as_str()).collect();
                return Err(Failed::Usage(format!(
                    "{} has [hooks.{name}], but hooks/ has no such file; found: {}",
                    settings::FILE,
                    known.join(", ")
                )));
            }
        }
        Ok(project)
    }

    /// The same where hooks may be yet to be written.
    pub(crate) fn open_or_empty(directory: &Path) -> Result<Self, Failed> {
        let root = directory
            .canonicalize()
            .map_err(|error| Failed::file(directory, &error))?;
        let settings = Settings::read(&root)?;
        let hooks = hooks(&root)?;
        Ok(Self { root, settings, hooks })
    }

    /// What the compiler reads for a hook.
    pub(crate) fn source(&self, hook: &HookFile) -> Result<Source, Failed> {
        Source::project(&self.root, &hook.path).map_err(|problem| Failed::Environment(problem.to_string()))
    }
}

/// The project around a file: the nearest directory above with `aerocall.toml` or `package.json`, else the one that has
/// the file in its `hooks/`, else the file's own.
pub(crate) fn root_of(file: &Path) -> &Path {
    let parent = file.parent().unwrap_or(Path::new("/"));
    let is_root =
        |directory: &&Path| directory.join(settings::FILE).exists() || directory.join("package.json").exists();
    let has_it = parent.parent().filter(|_| parent.ends_with("hooks"));
    parent.ancestors().find(is_root).or(has_it).unwrap_or(parent)
}

/// The hooks of a project: code directly in `hooks/`. Names that start with `_` or `.` are helpers, and so are tests and
/// declarations.
fn hooks(root: &Path) -> Result<Vec<HookFile>, Failed> {
    let directory = root.join("hooks");
    let entries = match std::fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failed::file(&directory, &error)),
    };
    let mut hooks = Vec::new();
    for entry in entries {
        let file = entry?.file_name().to_string_lossy().into_owned();
        if let Some(name) = hook_name(&file) {
            hooks.push(HookFile {
                name: name.to_owned(),
                path: format!("hooks/{file}"),
            });
        }
    }
    hooks.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    if let Some(pair) = hooks.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(Failed::Usage(format!(
            "{} and {} would be the same hook `{}`: rename one of them",
            pair[0].path, pair[1].path, pair[0].name
        )));
    }
    Ok(hooks)
}

fn hook_name(file: &str) -> Option<&str> {
    let (stem, extension) = file.rsplit_once('.')?;
    let helper = stem.starts_with(['_', '.']) || [".d", ".test", ".spec"].iter().any(|ending| stem.ends_with(ending));
    (!helper && ENTRY_EXTENSIONS.contains(&extension)).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_hooks_from_helpers() {
        assert_eq!(hook_name("signup.ts"), Some("signup"));
        assert_eq!(hook_name("block-list.mjs"), Some("block-list"));
        for file in [
            "_shared.ts",
            "types.d.ts",
            "signup.test.ts",
            "data.json",
            "README",
            ".hidden.ts",
        ] {
            assert_eq!(hook_name(file), None, "{file}");
        }
    }
}
