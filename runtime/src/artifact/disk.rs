//! What compiled hooks take on disk: never more than a quota. What is loaded stays; of the rest, what was not used for the
//! longest time goes first. All of it can be compiled again.

use std::{
    collections::HashMap,
    fs::{self, DirEntry},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

/// How file names of hooks begin and end; the digest is between.
pub(super) const HOOK: &str = "hook";
pub(super) const CODE: &str = "bin";
pub(super) const TAG: &str = "mac";
/// How names of files begin that are being written.
pub(super) const TEMPORARY: &str = ".tmp-";
/// Nobody writes a file for so long: its process has died.
const ABANDONED: Duration = Duration::from_secs(3_600);

/// Hooks that are loaded in this process, by digest, with how often.
#[derive(Clone, Debug, Default)]
pub(crate) struct InUse(Arc<Mutex<HashMap<String, usize>>>);

/// A hook is loaded: its artefact stays.
#[derive(Debug)]
pub(crate) struct Loaded {
    digest: String,
    all: InUse,
}

impl InUse {
    /// Until what is answered is dropped, the hook counts as loaded.
    pub(super) fn load(&self, digest: &str) -> Loaded {
        let digest = short(digest).to_owned();
        *self.count().entry(digest.clone()).or_default() += 1;
        Loaded {
            digest,
            all: self.clone(),
        }
    }

    pub(super) fn has(&self, digest: &str) -> bool {
        self.count().contains_key(short(digest))
    }

    fn count(&self) -> std::sync::MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        let mut count = self.all.count();
        if let Some(times) = count.get_mut(&self.digest) {
            *times -= 1;
            if *times == 0 {
                count.remove(&self.digest);
            }
        }
    }
}

/// A digest without its algorithm, as file names have it.
pub(super) fn short(digest: &str) -> &str {
    digest.trim_start_matches("sha256:")
}

/// An artefact of a hook.
struct Kept {
    path: PathBuf,
    digest: String,
    bytes: u64,
    used: SystemTime,
}

/// Removes hooks that are not loaded until there is room for so many bytes within the quota. Whether there is.
pub(super) fn make_room(directory: &Path, in_use: &InUse, wanted: u64, quota: u64) -> io::Result<bool> {
    let mut kept = Vec::new();
    for entry in fs::read_dir(directory)?.flatten() {
        if is_abandoned(&entry) {
            let _ = fs::remove_file(entry.path());
        } else {
            kept.extend(hook(&entry));
        }
    }
    kept.sort_by_key(|artifact| artifact.used);
    let mut taken: u64 = kept.iter().map(|artifact| artifact.bytes).sum();
    for artifact in kept {
        if taken + wanted <= quota {
            break;
        }
        if !in_use.has(&artifact.digest) {
            remove(&artifact.path);
            taken -= artifact.bytes;
        }
    }
    Ok(taken + wanted <= quota)
}

/// Removes an artefact and its tag.
pub(super) fn remove(code: &Path) {
    // The code first: it never stands without its tag.
    for path in [code.to_owned(), code.with_extension(TAG)] {
        let _ = fs::remove_file(path);
    }
}

/// The artefact, if the file is the code of one.
fn hook(entry: &DirEntry) -> Option<Kept> {
    let path = entry.path();
    let name = path.file_stem()?.to_str()?;
    let (digest, _) = name.strip_prefix(HOOK)?.strip_prefix('-')?.split_once('-')?;
    if path.extension()? != CODE {
        return None;
    }
    let about = entry.metadata().ok()?;
    Some(Kept {
        digest: digest.to_owned(),
        bytes: about.len(),
        used: about.modified().ok()?,
        path,
    })
}

fn is_abandoned(entry: &DirEntry) -> bool {
    let is_temporary = entry
        .file_name()
        .to_str()
        .is_some_and(|name| name.starts_with(TEMPORARY));
    let written = entry.metadata().and_then(|about| about.modified());
    is_temporary && written.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > ABANDONED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(directory: &Path, name: &str, bytes: usize, age_s: u64) {
        let path = directory.join(name);
        fs::write(&path, vec![0; bytes]).unwrap();
        let at = SystemTime::now() - Duration::from_secs(age_s);
        fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(at)
            .unwrap();
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_not_used_for_the_longest_time_goes_first_and_what_is_loaded_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        for (name, age_s) in [
            ("hook-a-1", 400),
            ("hook-b-1", 300),
            ("hook-c-1", 200),
            ("hook-d-2", 100),
        ] {
            file(path, &format!("{name}.bin"), 100, age_s);
            file(path, &format!("{name}.mac"), 32, age_s);
        }
        file(path, "engine-x-1.bin", 1_000, 9_000);
        file(path, ".tmp-dead", 1_000, 9_000);
        file(path, ".tmp-alive", 1_000, 10);
        let in_use = InUse::default();
        let loaded = [in_use.load("sha256:a"), in_use.load("sha256:a")];
        assert!(make_room(path, &in_use, 100, 300).unwrap());
        let left = [
            ".tmp-alive",
            "engine-x-1.bin",
            "hook-a-1.bin",
            "hook-a-1.mac",
            "hook-d-2.bin",
            "hook-d-2.mac",
        ];
        assert_eq!(names(path), left);
        assert!(
            !make_room(path, &in_use, 250, 300).unwrap(),
            "what is loaded takes the rest"
        );
        assert!(names(path).contains(&"hook-a-1.bin".to_owned()));
        drop(loaded);
        assert!(make_room(path, &in_use, 250, 300).unwrap());
    }
}
