//! The crate `aerocall-hooks`, which travels inside this program, so that a hook project has the one that fits: in a project it lies
//! in `.aerocall/sdk-rust`, where the manifest of its hooks looks.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// Where it lies in a project.
pub const DIRECTORY: &str = ".aerocall/sdk-rust";

/// Every file: path below the directory, and text.
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sdk_files.rs"));

/// How far below the project manifests are looked for, and where not.
const DEPTH: usize = 3;
const SKIPPED: [&str; 3] = ["target", "node_modules", "dist"];

/// Whether a manifest of the project looks for the crate where it is written.
#[must_use]
pub fn is_wanted(root: &Path) -> bool {
    wanted_below(root, DEPTH)
}

fn wanted_below(folder: &Path, depth: usize) -> bool {
    let names_it = |text: String| text.contains(DIRECTORY);
    if fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(names_it) {
        return true;
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut folders = folders.filter(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        !name.starts_with('.') && !SKIPPED.contains(&name.as_str())
    });
    depth > 0 && folders.any(|entry| wanted_below(&entry.path(), depth - 1))
}

/// Files that are missing, different or left over from another version.
#[must_use]
pub fn outdated(root: &Path) -> Vec<String> {
    let directory = root.join(DIRECTORY);
    let is_other = |name: &str, text: &str| fs::read_to_string(directory.join(name)).ok().as_deref() != Some(text);
    let changed = FILES.iter().filter(|(name, text)| is_other(name, text));
    let left_over = left_over(&directory).into_iter().filter_map(|path| {
        let name = path.strip_prefix(&directory).ok()?;
        Some(name.to_string_lossy().into_owned())
    });
    changed.map(|(name, _)| (*name).to_owned()).chain(left_over).collect()
}

/// Writes what is different; what another version left there goes.
///
/// # Errors
/// A file cannot be written or removed.
pub fn write(root: &Path) -> io::Result<()> {
    let directory = root.join(DIRECTORY);
    let named = |path: &Path, error: io::Error| io::Error::other(format!("{}: {error}", path.display()));
    for path in left_over(&directory) {
        fs::remove_file(&path).map_err(|error| named(&path, error))?;
    }
    for (name, text) in FILES {
        let path = directory.join(name);
        // What is the same keeps its time, so that cargo builds nothing again.
        if fs::read_to_string(&path).ok().as_deref() == Some(text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| named(folder, error))?;
        }
        fs::write(&path, text).map_err(|error| named(&path, error))?;
    }
    Ok(())
}

/// Brings the crate up to date in a project that wants it.
pub(crate) fn update(root: &Path) -> io::Result<()> {
    match is_wanted(root) {
        true => write(root),
        false => Ok(()),
    }
}

/// Sources there that are not of this version.
fn left_over(directory: &Path) -> Vec<PathBuf> {
    let known: BTreeSet<PathBuf> = FILES.iter().map(|(name, _)| directory.join(name)).collect();
    let mut found = Vec::new();
    let mut folders = vec![directory.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(_) if path.extension().is_some_and(|ending| ending == "rs") && !known.contains(&path) => {
                    found.push(path)
                }
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_is_written_where_it_is_wanted_and_kept_up_to_date() {
        let project = tempfile::tempdir().unwrap();
        let root = project.path();
        update(root).unwrap();
        assert!(!root.join(DIRECTORY).exists());
        fs::create_dir_all(root.join("hooks/a")).unwrap();
        let manifest = format!("[dependencies]\naerocall-hooks = {{ path = \"../../{DIRECTORY}\" }}\n");
        fs::write(root.join("hooks/a/Cargo.toml"), manifest).unwrap();
        update(root).unwrap();
        assert!(root.join(DIRECTORY).join("macros/src/lib.rs").is_file() && outdated(root).is_empty());
        fs::write(root.join(DIRECTORY).join("src/old.rs"), "").unwrap();
        fs::write(root.join(DIRECTORY).join("src/lib.rs"), "// mine").unwrap();
        assert_eq!(outdated(root), ["src/lib.rs", "src/old.rs"]);
        update(root).unwrap();
        assert!(outdated(root).is_empty());
    }

    #[test]
    fn the_crate_stands_by_itself() {
        for (name, text) in FILES.iter().filter(|(name, _)| name.ends_with("Cargo.toml")) {
            for line in text.lines() {
                assert!(!line.replace(' ', "").contains("workspace=true"), "{name}: {line}");
            }
        }
    }
}
