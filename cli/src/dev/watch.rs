//! Changes of a project's files: the only place that names `notify`.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _, event::ModifyKind};

use crate::Failed;

/// Editors write a file in several steps. What comes within this time is one change.
const TOGETHER: Duration = Duration::from_millis(10);
/// Folders that hold nothing that an author writes.
const SKIPPED: [&str; 3] = ["node_modules", "dist", "target"];

/// Watches a project until it is dropped.
pub(crate) struct Watch {
    root: PathBuf,
    watcher: RecommendedWatcher,
    changes: Receiver<notify::Result<notify::Event>>,
    /// Folders of the project that are watched.
    watched: Vec<PathBuf>,
}

impl Watch {
    pub(crate) fn begin(root: &Path) -> Result<Self, Failed> {
        let (sender, changes) = channel();
        let watcher = notify::recommended_watcher(move |event| drop(sender.send(event))).map_err(failed)?;
        let mut watch = Self {
            root: root.to_owned(),
            watcher,
            changes,
            watched: Vec::new(),
        };
        watch.watcher.watch(root, RecursiveMode::NonRecursive).map_err(failed)?;
        watch.folders()?;
        Ok(watch)
    }

    /// Waits for a change. `None`: nothing is watched any more.
    pub(crate) fn next(&mut self) -> Option<()> {
        let mut is_change = false;
        loop {
            let event = match is_change {
                false => self.changes.recv().ok()?,
                true => match self.changes.recv_timeout(TOGETHER) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return None,
                },
            };
            is_change |= event.is_ok_and(|event| self.is_of_author(&event));
        }
        // A folder that is new is watched from now on.
        self.folders().ok();
        Some(())
    }

    /// Whether something that an author wrote is different.
    fn is_of_author(&self, event: &notify::Event) -> bool {
        let changes = match event.kind {
            EventKind::Create(_)
            | EventKind::Remove(_)
            | EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Name(_)) => true,
            EventKind::Modify(ModifyKind::Any) | EventKind::Any => true,
            EventKind::Modify(_) | EventKind::Access(_) | EventKind::Other => false,
        };
        let is_written = |path: &PathBuf| {
            let mut parts = path.strip_prefix(&self.root).into_iter().flat_map(Path::components);
            parts.all(|part| !is_skipped(&part.as_os_str().to_string_lossy()))
        };
        changes && event.paths.iter().any(is_written)
    }

    /// Watches every folder at the top that authors write in.
    fn folders(&mut self) -> Result<(), Failed> {
        for entry in std::fs::read_dir(&self.root)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !is_skipped(&name) && !self.watched.contains(&path) {
                self.watcher.watch(&path, RecursiveMode::Recursive).map_err(failed)?;
                self.watched.push(path);
            }
        }
        Ok(())
    }
}

fn is_skipped(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || SKIPPED.contains(&name)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn failed(error: notify::Error) -> Failed {
    Failed::Environment(format!("the project cannot be watched: {error}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_no_author_writes_is_skipped() {
        for name in [
            "node_modules",
            ".git",
            ".aerocall",
            "dist",
            "signup.ts~",
            ".signup.ts.swp",
        ] {
            assert!(super::is_skipped(name), "{name}");
        }
        for name in ["hooks", "signup.ts", "aerocall.toml", "migrations", "lib"] {
            assert!(!super::is_skipped(name), "{name}");
        }
    }
}
