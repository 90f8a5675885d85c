//! What is compiled: an entry file inside a project, on disk or held in memory (the server's editor).
//!
//! Paths inside a project are strings relative to its root, with `/`: they are what appears in the bundle, in the
//! source map and in diagnostics, so that the same project gives the same bytes wherever it lies. Knows no bundler.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::diagnostics::{Diagnostic, codes};

/// Endings of files that may hold hooks.
pub const ENTRY_EXTENSIONS: &[&str] = &["ts", "tsx", "mts", "js", "mjs", "jsx", "cjs", "cts"];

/// Where a project held in memory pretends to lie. Nothing exists there, so look-ups on disk find nothing.
const MEMORY_ROOT: &str = "/.aerocall/memory";

/// An entry file and everything it may import.
#[derive(Clone, Debug)]
pub struct Source {
    root: PathBuf,
    entry: String,
    files: Files,
}

/// Where the project's own files come from.
#[derive(Clone, Debug)]
pub(crate) enum Files {
    /// From the directory of the project; imports may leave it (a monorepo).
    Disk,
    /// From the directory of the project, and nothing from anywhere else.
    Confined,
    /// From here alone; packages from below the root, and nothing from anywhere else.
    Memory(Arc<BTreeMap<String, Arc<str>>>),
}

impl Source {
    /// A file of a project on disk. `entry` is absolute or relative to `root`.
    ///
    /// # Errors
    /// [`codes::BAD_ENTRY`] if the root or the entry does not exist, the entry is outside of the root, or its ending is
    /// none of [`ENTRY_EXTENSIONS`].
    pub fn project(root: impl AsRef<Path>, entry: impl AsRef<Path>) -> Result<Self, Diagnostic> {
        let (root, entry) = (root.as_ref(), entry.as_ref());
        let shown = entry.to_string_lossy();
        let bad = |message: String| Diagnostic::about_file(codes::BAD_ENTRY, message, &shown);
        let real_root = root
            .canonicalize()
            .map_err(|error| bad(format!("cannot open the project {}: {error}", root.display())))?;
        let real_entry = real_root
            .join(entry)
            .canonicalize()
            .map_err(|error| bad(format!("cannot open {shown}: {error}")))?;
        let Ok(inside) = real_entry.strip_prefix(&real_root) else {
            return Err(bad(format!("{shown} is outside of the project {}", root.display())));
        };
        let entry = slashed(inside);
        check_extension(&entry)?;
        Ok(Self {
            root: real_root,
            entry,
            files: Files::Disk,
        })
    }

    /// A file of a project on disk whose imports may not leave its directory, for sources of somebody else.
    ///
    /// # Errors
    /// As [`Source::project`].
    pub fn confined(root: impl AsRef<Path>, entry: impl AsRef<Path>) -> Result<Self, Diagnostic> {
        let source = Self::project(root, entry)?;
        Ok(Self {
            files: Files::Confined,
            ..source
        })
    }

    /// A project held in memory: relative paths and their texts. It has no packages unless
    /// [`Source::with_packages_of`] names a directory that has.
    ///
    /// # Errors
    /// [`codes::BAD_ENTRY`] if a path is absolute or leaves the project, or if the entry is missing or no code.
    pub fn memory<P: AsRef<str>, T: Into<String>>(
        entry: &str,
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Result<Self, Diagnostic> {
        let files = files
            .into_iter()
            .map(|(path, text)| Ok((checked(path.as_ref())?, Arc::from(text.into()))));
        let files: BTreeMap<String, Arc<str>> = files.collect::<Result<_, Diagnostic>>()?;
        let entry = checked(entry)?;
        check_extension(&entry)?;
        if !files.contains_key(&entry) {
            let message = format!("the entry {entry} is not among the files");
            return Err(Diagnostic::about_file(codes::BAD_ENTRY, message, &entry));
        }
        Ok(Self {
            root: PathBuf::from(MEMORY_ROOT),
            entry,
            files: Files::Memory(Arc::new(files)),
        })
    }

    /// The same, with packages from the `node_modules` of a directory on disk. Nothing outside of that directory is
    /// ever read for a project held in memory.
    ///
    /// # Errors
    /// [`codes::BAD_ENTRY`] if the directory cannot be opened.
    pub fn with_packages_of(mut self, directory: impl AsRef<Path>) -> Result<Self, Diagnostic> {
        let directory = directory.as_ref();
        self.root = directory.canonicalize().map_err(|error| {
            let message = format!("cannot open the packages in {}: {error}", directory.display());
            Diagnostic::about_file(codes::BAD_ENTRY, message, &self.entry)
        })?;
        Ok(self)
    }

    /// The hook's name: its file's name without ending.
    #[must_use]
    pub fn name(&self) -> &str {
        let file = self.entry.rsplit('/').next().unwrap_or(&self.entry);
        file.rsplit_once('.').map_or(file, |(stem, _)| stem)
    }

    /// The entry file, relative to the root.
    #[must_use]
    pub fn entry(&self) -> &str {
        &self.entry
    }

    /// The project's directory, absolute; a made-up one for a project in memory without packages.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// The absolute path of a file of the project.
    pub(crate) fn absolute(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The path of a file as it appears in all outputs, from its absolute path.
    pub(crate) fn relative(&self, absolute: &str) -> String {
        let path = Path::new(absolute);
        if !path.is_absolute() {
            return absolute.trim_start_matches('\0').to_owned();
        }
        let path = without_parents(path);
        let shared = self
            .root
            .components()
            .zip(path.components())
            .take_while(|(a, b)| a == b)
            .count();
        let up = self.root.components().count() - shared;
        let down = path
            .components()
            .skip(shared)
            .map(|part| part.as_os_str().to_string_lossy());
        std::iter::repeat_n("..".into(), up)
            .chain(down)
            .collect::<Vec<_>>()
            .join("/")
    }

    /// The entry's text, without a byte-order mark.
    pub(crate) fn entry_text(&self) -> Result<Arc<str>, Diagnostic> {
        if let Files::Memory(files) = &self.files
            && let Some(text) = files.get(&self.entry)
        {
            return Ok(Arc::from(without_bom(text)));
        }
        let text = std::fs::read_to_string(self.absolute(&self.entry)).map_err(|error| {
            Diagnostic::about_file(
                codes::BAD_ENTRY,
                format!("cannot read {}: {error}", self.entry),
                &self.entry,
            )
        })?;
        Ok(Arc::from(without_bom(&text)))
    }
}

/// Text as the parser should see it: a byte-order mark is no part of the program.
pub(crate) fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Whether a path, as it appears in outputs, belongs to an installed package rather than to the author.
pub(crate) fn is_package(path: &str) -> bool {
    path.split('/').any(|part| part == "node_modules")
}

/// The ending of a path, in lower case.
pub(crate) fn extension(path: &str) -> Option<String> {
    let file = path.rsplit('/').next()?;
    file.rsplit_once('.').map(|(_, extension)| extension.to_lowercase())
}

fn check_extension(entry: &str) -> Result<(), Diagnostic> {
    if extension(entry).is_some_and(|extension| ENTRY_EXTENSIONS.contains(&extension.as_str())) {
        return Ok(());
    }
    let message = format!("{entry} is not a TypeScript or JavaScript file");
    let hint = format!("a hook's file ends in one of .{}", ENTRY_EXTENSIONS.join(", ."));
    Err(Diagnostic::about_file(codes::BAD_ENTRY, message, entry).hint(hint))
}

/// A path of a file held in memory, in the one form in which it is kept.
fn checked(path: &str) -> Result<String, Diagnostic> {
    let forward = path.replace('\\', "/");
    let bad = || {
        let message = format!("{path:?} is not a path inside the project");
        Diagnostic::about_file(codes::BAD_ENTRY, message, path)
    };
    if forward.starts_with('/') || forward.contains(['\0', ':']) {
        return Err(bad());
    }
    normalized(&forward).filter(|path| !path.is_empty()).ok_or_else(bad)
}

/// `a/./b/../c` as `a/c`; none if it leaves the project.
pub(crate) fn normalized(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `/a/b/../c` as `/a/c`, without asking the disk.
pub(crate) fn without_parents(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

fn slashed(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_paths_inside_the_project() {
        assert_eq!(checked("hooks\\a/./b/../c.ts").unwrap(), "hooks/a/c.ts");
        for path in ["/etc/passwd", "../x.ts", "a/../../x.ts", "C:\\x.ts", ""] {
            assert!(checked(path).is_err(), "{path}");
        }
    }

    #[test]
    fn names_a_hook_after_its_file() {
        let source = Source::memory("hooks/block.disposable.ts", [("hooks/block.disposable.ts", "")]).unwrap();
        assert_eq!(source.name(), "block.disposable");
    }

    #[test]
    fn makes_paths_relative_even_outside() {
        let source = Source::memory("a.ts", [("a.ts", "")]).unwrap();
        let parent = source.root().parent().unwrap().join("shared/x.ts");
        assert_eq!(source.relative(parent.to_str().unwrap()), "../shared/x.ts");
    }
}
