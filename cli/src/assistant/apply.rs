//! A proposal becomes files of the project: only if a person said so, only sources, and only where nothing changed meanwhile.

use std::{
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use aerocall_api_types::{FileChange, Proposal};

use crate::{
    Failed,
    project::Project,
    prompt,
    terminal::{self, plain},
};

/// Endings of files that are written.
const ENDINGS: [&str; 7] = [".ts", ".mts", ".tsx", ".js", ".mjs", ".jsx", ".json"];
/// Files that decide how a project is built, and are never written.
const SETTINGS: [&str; 4] = ["package.json", "package-lock.json", "tsconfig.json", "jsconfig.json"];

/// What a person has accepted in advance.
pub(crate) struct Accepted {
    pub(crate) unverified: Unverified,
    /// Capabilities by name.
    pub(crate) capabilities: Vec<String>,
}

/// Whether a proposal may be written that is not verified.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unverified {
    Accepted,
    Refused,
}

/// Writes the files of a proposal, after asking if somebody is there to be asked.
///
/// # Errors
/// It is not verified, may do more than was accepted, or cannot be written; which has been said.
pub(crate) fn apply(project: &Project, proposal: &Proposal, accepted: &Accepted) -> Result<Vec<String>, Failed> {
    check_accepted(proposal, accepted)?;
    let writes: Vec<(PathBuf, &FileChange)> = proposal
        .files
        .iter()
        .map(|file| Ok((place(&project.root, file)?, file)))
        .collect::<Result<_, Failed>>()?;
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        let question = format!("Write {} files? [y/N]", writes.len());
        if !matches!(prompt::line(&question)?.trim(), "y" | "Y" | "yes") {
            terminal::say("nothing was written");
            return Err(Failed::Checked);
        }
    }
    writes.iter().try_for_each(|(path, file)| write(path, file))?;
    Ok(writes.into_iter().map(|(_, file)| file.path.clone()).collect())
}

fn check_accepted(proposal: &Proposal, accepted: &Accepted) -> Result<(), Failed> {
    if !proposal.verified && accepted.unverified == Unverified::Refused {
        terminal::say(
            "error: the proposal is not verified, nothing was written: ask again, or add --accept-unverified",
        );
        return Err(Failed::Checked);
    }
    let new = |name: &&String| !accepted.capabilities.contains(name);
    let missing: Vec<&str> = proposal
        .capabilities
        .added
        .iter()
        .filter(new)
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        terminal::say(format!(
            "error: the proposal may do more than the hook does now, nothing was written: read what is new, and add --accept-capabilities {}",
            plain(&missing.join(","))
        ));
        return Err(Failed::Checked);
    }
    Ok(())
}

/// Where a file goes: inside of the project, a source, and as it was when the question was asked.
fn place(root: &Path, file: &FileChange) -> Result<PathBuf, Failed> {
    let refused = |why: &str| {
        Err(Failed::Environment(format!(
            "{}: {why}; nothing was written",
            plain(&file.path)
        )))
    };
    let parts: Vec<&str> = file.path.split('/').collect();
    let is_odd = |part: &&str| {
        part.is_empty() || part.starts_with('.') || *part == "node_modules" || part.contains(['\\', ':', '\0'])
    };
    let name = parts.last().copied().unwrap_or_default().to_ascii_lowercase();
    if parts.iter().any(is_odd) {
        return refused("is no path of a source of the project");
    }
    if SETTINGS.contains(&name.as_str()) || !ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return refused("is no source");
    }
    let path = root.join(&file.path);
    // A link must not lead out of the project.
    let there = path.ancestors().find(|above| above.exists()).unwrap_or(root);
    let real = there.canonicalize().map_err(|error| Failed::file(there, &error))?;
    if !real.starts_with(root) || path.is_symlink() {
        return refused("leads out of the project");
    }
    let now = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Failed::file(&path, &error)),
    };
    let same = now.as_deref().unwrap_or_default() == file.before.as_deref().unwrap_or_default();
    match same {
        true => Ok(path),
        false => refused("has changed since the question was asked"),
    }
}

/// Whole or not at all.
fn write(path: &Path, file: &FileChange) -> Result<(), Failed> {
    let failed = |error: std::io::Error| Failed::file(path, &error);
    let Some(text) = &file.after else {
        return std::fs::remove_file(path).map_err(failed);
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let beside = folder.join(format!(".aerocall-{}.new", std::process::id()));
    let written = std::fs::File::create(&beside).and_then(|mut new| new.write_all(text.as_bytes()));
    written.and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        drop(std::fs::remove_file(&beside));
        failed(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, before: Option<&str>) -> FileChange {
        FileChange {
            path: path.to_owned(),
            before: before.map(String::from),
            after: Some("new".to_owned()),
        }
    }

    fn why(root: &Path, path: &str, before: Option<&str>) -> String {
        place(root, &change(path, before))
            .err()
            .map(Failed::message)
            .unwrap_or_default()
    }

    #[test]
    fn files_are_sources_inside_of_the_project_that_nobody_changed() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("hooks")).unwrap();
        std::fs::write(root.join("hooks/a.ts"), "old").unwrap();
        std::os::unix::fs::symlink("/tmp", root.join("out")).unwrap();
        std::os::unix::fs::symlink("/tmp/x.ts", root.join("hooks/link.ts")).unwrap();
        let new = change("lib/deep/b.ts", None);
        write(&place(&root, &new).unwrap(), &new).unwrap();
        assert_eq!(std::fs::read_to_string(root.join("lib/deep/b.ts")).unwrap(), "new");
        assert_eq!(why(&root, "hooks/a.ts", Some("old")), "");
        assert_eq!(
            std::fs::read_dir(root.join("lib/deep")).unwrap().count(),
            1,
            "nothing is left beside"
        );
        assert!(why(&root, "hooks/a.ts", Some("older")).contains("has changed"));
        for path in [
            "../a.ts",
            "/etc/a.ts",
            ".git/hooks/a.ts",
            "node_modules/a/b.js",
            "a\\b.ts",
            "hooks//a.ts",
            "hooks/./a.ts",
        ] {
            assert!(why(&root, path, None).contains("no path"), "{path}");
        }
        for path in [
            "package.json",
            "lib/tsconfig.json",
            "aerocall.toml",
            "run.sh",
            "migrations/1.sql",
        ] {
            assert!(why(&root, path, None).contains("no source"), "{path}");
        }
        for path in ["out/a.ts", "hooks/link.ts"] {
            assert!(why(&root, path, None).contains("leads out"), "{path}");
        }
    }
}
