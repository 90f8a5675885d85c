//! A hook project on disk: `aerocall.toml` and `hooks/`. Knows which files and folders are hooks, not what is in them.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use aerocall_compiler::source::ENTRY_EXTENSIONS;
use aerocall_contract::names::meant;

use crate::{
    Failed,
    settings::{self, Settings},
};

/// The ending of a component.
const COMPONENT: &str = "wasm";
/// The file that makes a folder a crate.
const CARGO: &str = "Cargo.toml";

/// A hook project.
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    pub(crate) settings: Settings,
    /// Sorted by name.
    pub(crate) hooks: Vec<HookFile>,
}

/// A hook: a file or folder of `hooks/`, or what `source` in `aerocall.toml` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HookFile {
    /// The file's name without ending, or the folder's.
    pub(crate) name: String,
    /// Relative to the project.
    pub(crate) path: String,
    pub(crate) kind: Kind,
}

/// What a hook is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file of TypeScript or JavaScript.
    Script,
    /// A folder with a Rust crate.
    Crate,
    /// A WebAssembly component that another tool built.
    Component,
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
                let known = || project.hooks.iter().map(|hook| hook.name.as_str());
                let message = format!("[hooks.{name}] is for no hook: hooks/ has no such file");
                let near = meant(name, known());
                let hint = near.map_or_else(
                    || format!("found: {}", known().collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean [hooks.{near}]?"),
                );
                return Err(project.settings.wrong(&["hooks", name], message, Some(&hint)));
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
        let hooks = all_hooks(&root, &settings)?;
        for hook in &hooks {
            check_settings(hook, &settings)?;
        }
        Ok(Self { root, settings, hooks })
    }

    /// The hook at a path, which is in the project around it. What is no hook of a project is one by itself, without settings.
    pub(crate) fn around(path: &Path) -> Result<(Self, HookFile), Failed> {
        let real = path.canonicalize().map_err(|error| Failed::file(path, &error))?;
        let real = crate_of(&real).unwrap_or(real);
        let root = root_of(&real).to_path_buf();
        let settings = Settings::read(&root)?;
        let inside = relative(&root, &real);
        let own = |hook: &HookFile| hook.path == inside;
        // Others of the project may be wrong.
        let known = all_hooks(&root, &settings)
            .ok()
            .and_then(|hooks| hooks.into_iter().find(own));
        let is_in_hooks = known.is_some() || real.parent() == Some(&root.join("hooks"));
        let hook = known.unwrap_or_else(|| alone(&real, inside));
        if hook.kind == Kind::Crate && !is_in_hooks {
            return Err(Failed::Usage(format!(
                "{} is a Rust crate, but no hook of a project: move it into hooks/ of one, or name it in {} with `source`",
                path.display(),
                settings::FILE
            )));
        }
        let settings = match is_in_hooks {
            true => settings,
            false => Settings::default(),
        };
        check_settings(&hook, &settings)?;
        let hooks = vec![hook.clone()];
        Ok((Self { root, settings, hooks }, hook))
    }
}

/// Whether a command that got this path means all hooks of a project: a directory that is no crate of a hook.
pub(crate) fn is_project(path: &Path) -> bool {
    let has = |name: &str| path.join(name).exists();
    path.is_dir() && (!has(CARGO) || has(settings::FILE) || has("hooks"))
}

/// The crate that a path is in or is, if it is of Rust.
fn crate_of(path: &Path) -> Option<PathBuf> {
    let is_of_rust = path.extension().is_some_and(|ending| ending == "rs") || path.ends_with(CARGO) || path.is_dir();
    let mut folders = path.ancestors().filter(|folder| is_of_rust && folder.is_dir());
    folders
        .find(|folder| folder.join(CARGO).exists())
        .map(Path::to_path_buf)
}

/// A file or crate that belongs to no project.
fn alone(path: &Path, inside: String) -> HookFile {
    let kind = match path.extension() {
        _ if path.is_dir() => Kind::Crate,
        Some(ending) if ending == COMPONENT => Kind::Component,
        _ => Kind::Script,
    };
    let name = match kind {
        Kind::Crate => path.file_name(),
        Kind::Script | Kind::Component => path.file_stem(),
    };
    HookFile {
        name: name.unwrap_or_default().to_string_lossy().into_owned(),
        path: inside,
        kind,
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

fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The hooks of `hooks/`, and those that `aerocall.toml` names elsewhere.
fn all_hooks(root: &Path, settings: &Settings) -> Result<Vec<HookFile>, Failed> {
    let mut hooks = hooks(root)?;
    hooks.extend(elsewhere(root, settings)?);
    hooks.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    if let Some(pair) = hooks.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(Failed::Usage(format!(
            "{} and {} would be the same hook `{}`: rename one of them",
            pair[0].path, pair[1].path, pair[0].name
        )));
    }
    Ok(hooks)
}

/// The hooks in `hooks/`: files of code, components, and folders that are crates. Names that start with `_` or `.` are helpers, and so
/// are tests and declarations.
fn hooks(root: &Path) -> Result<Vec<HookFile>, Failed> {
    let directory = root.join("hooks");
    let entries = match std::fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failed::file(&directory, &error)),
    };
    let mut hooks = Vec::new();
    for entry in entries {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let path = format!("hooks/{file}");
        match hook_name(&file) {
            _ if entry.path().is_dir() => hooks.extend(crate_in(&entry.path(), file, path)?),
            Some((name, kind)) => hooks.push(HookFile {
                name: name.to_owned(),
                path,
                kind,
            }),
            None => check_no_rust(&file, &path)?,
        }
    }
    Ok(hooks)
}

/// The hook that a folder is.
fn crate_in(folder: &Path, name: String, path: String) -> Result<Option<HookFile>, Failed> {
    if name.starts_with(['_', '.']) {
        return Ok(None);
    }
    let kind = Kind::Crate;
    if folder.join(CARGO).exists() {
        return Ok(Some(HookFile { name, path, kind }));
    }
    match folder.join("src/lib.rs").exists() {
        true => Err(Failed::Usage(format!(
            "{path} has src/lib.rs, but no {CARGO}: a hook in Rust is a crate, see `aerocall new --lang rust <directory>`"
        ))),
        false => Ok(None),
    }
}

/// Rust in a file of `hooks/` is nothing that cargo builds.
fn check_no_rust(file: &str, path: &str) -> Result<(), Failed> {
    match file.strip_suffix(".rs").filter(|name| !name.starts_with(['_', '.'])) {
        None => Ok(()),
        Some(name) => Err(Failed::Usage(format!(
            "{path}: a hook in Rust is a crate, not a file: move it to hooks/{name}/src/lib.rs, beside a {CARGO} in hooks/{name}"
        ))),
    }
}

/// The hooks that `source` in `aerocall.toml` names.
fn elsewhere(root: &Path, settings: &Settings) -> Result<Vec<HookFile>, Failed> {
    let named = settings
        .hooks
        .iter()
        .filter_map(|(name, hook)| Some((name, hook.source.as_ref()?)));
    let mut hooks = Vec::new();
    for (name, source) in named {
        let wrong = |problem: String| settings.wrong(&["hooks", name, "source"], format!("source {problem}"), None);
        let real = root.join(source).canonicalize();
        let real = real.map_err(|error| wrong(format!("{source:?} cannot be opened: {error}")))?;
        if !real.starts_with(root) || real == root {
            return Err(wrong(format!("{source:?} is not inside the project")));
        }
        let hook = alone(&real, relative(root, &real));
        let is_hook = match hook.kind {
            Kind::Crate => real.join(CARGO).exists(),
            Kind::Component => true,
            Kind::Script => hook_name(&hook.path).is_some(),
        };
        if !is_hook {
            return Err(wrong(format!(
                "{source:?} is none of a folder with {CARGO}, a component (.wasm), a file of TypeScript or JavaScript"
            )));
        }
        if hook.kind == Kind::Script && hook.name != *name {
            return Err(wrong(format!(
                "{source:?} is the hook `{}`: a hook is called like its file",
                hook.name
            )));
        }
        let name = name.clone();
        hooks.push(HookFile { name, ..hook });
    }
    Ok(hooks)
}

/// Settings that are for hooks of another kind.
fn check_settings(hook: &HookFile, settings: &Settings) -> Result<(), Failed> {
    let wrong = |key: &str, of: &str| {
        let message = format!("`{key}` is for {of}, and the hook is {}: remove it", hook.path);
        Err(settings.wrong(&["hooks", &hook.name, key], message, None))
    };
    let own = settings.hook(&hook.name);
    if own.target.is_some() && hook.kind != Kind::Crate {
        return wrong("target", "Rust crates");
    }
    if own.exports.is_some() && hook.kind != Kind::Component {
        return wrong("exports", "components that other tools built");
    }
    Ok(())
}

/// The name of the hook that a file would be, and what it is made of.
fn hook_name(file: &str) -> Option<(&str, Kind)> {
    let file = file.rsplit('/').next().unwrap_or(file);
    let (stem, extension) = file.rsplit_once('.')?;
    let helper = stem.is_empty()
        || stem.starts_with(['_', '.'])
        || [".d", ".test", ".spec"].iter().any(|ending| stem.ends_with(ending));
    let kind = match extension {
        COMPONENT => Kind::Component,
        extension if ENTRY_EXTENSIONS.contains(&extension) => Kind::Script,
        _ => return None,
    };
    (!helper).then_some((stem, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_hooks_from_helpers() {
        assert_eq!(hook_name("signup.ts"), Some(("signup", Kind::Script)));
        assert_eq!(hook_name("block-list.mjs"), Some(("block-list", Kind::Script)));
        assert_eq!(hook_name("signup.wasm"), Some(("signup", Kind::Component)));
        for file in [
            "_shared.ts",
            "types.d.ts",
            "signup.test.ts",
            "data.json",
            "README",
            ".hidden.ts",
            "_old.wasm",
        ] {
            assert_eq!(hook_name(file), None, "{file}");
        }
    }
}
