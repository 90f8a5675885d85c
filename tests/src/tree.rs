//! The repository's files in memory: what git would see, generated folders left out.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Made by builds and tools, never committed.
const GENERATED: &[&str] = &[
    ".git",
    ".hypothesis",
    ".schemathesis",
    ".venv",
    "node_modules",
    "target",
];
/// Where `make run` keeps its database, and what it builds for browsers.
const MADE: [&str; 2] = ["data", "admin/dist"];

/// Paths, relative to the root and with slashes, and what is in them.
#[derive(Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// The repository this crate is in.
    ///
    /// # Panics
    /// When a file cannot be read.
    #[must_use]
    pub fn repository() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut tree = Self::default();
        let mut folders = vec![PathBuf::new()];
        while let Some(folder) = folders.pop() {
            let entries = std::fs::read_dir(root.join(&folder)).expect("the repository can be read");
            for entry in entries.map(|entry| entry.expect("the repository can be read")) {
                let name = entry.file_name();
                let path = folder.join(&name);
                let kind = entry.file_type().expect("the repository can be read");
                if kind.is_dir() {
                    if !GENERATED.iter().any(|generated| name == *generated)
                        && !MADE.iter().any(|made| path == Path::new(made))
                    {
                        folders.push(path);
                    }
                } else if kind.is_file() && path.extension().is_none_or(|ending| ending != "log") {
                    let bytes = std::fs::read(root.join(&path)).expect("the repository can be read");
                    tree.files.insert(path.to_string_lossy().replace('\\', "/"), bytes);
                }
            }
        }
        tree
    }

    /// A tree for a test.
    #[must_use]
    pub fn planted(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Self { files: files.collect() }
    }

    /// Every path and its bytes.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// Every file that is text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files()
            .filter_map(|(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?)))
    }

    /// Every text whose path ends so, e.g. `.rs`.
    pub fn ending(&self, ending: &'static str) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(move |(path, _)| path.ends_with(ending))
    }

    /// The text of a file.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// Whether a path is a file or a folder with files in it.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.files.contains_key(path) || self.has_folder(path)
    }

    /// Whether a path is a folder with files in it.
    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.files
            .range(folder.clone()..)
            .next()
            .is_some_and(|(path, _)| path.starts_with(&folder))
    }

    /// The names without ending of the files right in a folder that end so.
    #[must_use]
    pub fn stems(&self, folder: &str, ending: &str) -> Vec<&str> {
        let stem = |path: &'_ str| -> Option<(usize, usize)> {
            let rest = path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(ending)?;
            (!rest.contains('/')).then_some((folder.len() + 1, folder.len() + 1 + rest.len()))
        };
        self.files
            .keys()
            .filter_map(|path| stem(path).map(|(from, to)| &path[from..to]))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn the_repository_is_read() {
        let tree = Tree::repository();
        for path in ["Cargo.toml", "wit/world.wit", "tests/src/tree.rs", ".ci/run"] {
            assert!(tree.text(path).is_some(), "{path} is missing");
        }
        assert!(
            tree.files()
                .all(|(path, _)| !path.contains("node_modules/") && !path.starts_with("target/"))
        );
    }

    #[test]
    fn folders_and_names_are_told_apart() {
        let tree = Tree::planted(&[("a/b.rs", ""), ("a/c/d.rs", ""), ("ab", "")]);
        assert!(tree.has("a/") && tree.has("a/c") && tree.has("ab") && !tree.has("a/b") && !tree.has_folder("ab"));
        assert_eq!(tree.stems("a", ".rs"), ["b"]);
    }
}
