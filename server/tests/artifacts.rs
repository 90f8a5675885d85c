//! Compiled artefacts that somebody altered on disk: compiled again, never loaded.

use std::{fs, path::PathBuf, sync::Arc};

use aerocall_compiler::EngineName;
use aerocall_runtime::{Call, Context, Host, Limits, Outcome, Runtime};
use tempfile::TempDir;

use crate::{
    bundles::{self, hook},
    site,
};

struct Cache {
    directory: TempDir,
    tokio: tokio::runtime::Runtime,
    runtime: Arc<Runtime>,
}

impl Cache {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tokio = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let runtime = tokio.block_on(site::runtime_with(directory.path(), &[EngineName::QuickJs]));
        Self {
            directory,
            tokio,
            runtime,
        }
    }

    /// Loads the bundle and calls it; answers the code of its denial.
    fn decision(&self, bundle: &[u8]) -> String {
        self.tokio.block_on(async {
            let hook = self.runtime.load(bundle).await.unwrap();
            let context = Context {
                hook: "beforeSignup".to_owned(),
                ..Context::default()
            };
            let call = Call {
                context,
                payload: "{}".to_owned(),
            };
            match hook.call(call, &Limits::DEFAULT, Host::default()).await.outcome {
                Outcome::Deny(denial) => denial.code,
                other => panic!("{other:?}"),
            }
        })
    }

    fn files(&self, kind: &str, ending: &str) -> Vec<PathBuf> {
        let paths = fs::read_dir(self.directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let wanted = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.starts_with(kind) && name.ends_with(ending)
        };
        paths.filter(wanted).collect()
    }
}

fn denying(code: &str) -> Arc<[u8]> {
    bundles::bundle(
        "gate",
        &hook("beforeSignup", &format!("return {{ deny: {{ code: '{code}' }} }};")),
    )
}

#[test]
fn one_bit_anywhere_and_it_is_compiled_again() {
    let cache = Cache::new();
    let bundle = denying("right");
    assert_eq!(cache.decision(&bundle), "right");
    for path in [cache.files("hook-", ".bin"), cache.files("hook-", ".mac")].concat() {
        let honest = fs::read(&path).unwrap();
        for n in 0..40 {
            let mut altered = honest.clone();
            let at = n * (altered.len() - 1) / 39;
            altered[at] ^= 1 << (n % 8);
            fs::write(&path, &altered).unwrap();
            assert_eq!(cache.decision(&bundle), "right", "bit {at} of {path:?}");
            assert_eq!(
                fs::read(&path).unwrap(),
                honest,
                "bit {at} of {path:?}: the altered file is still there"
            );
        }
        for length in [0, 1, honest.len() - 1] {
            fs::write(&path, &honest[..length]).unwrap();
            assert_eq!(cache.decision(&bundle), "right");
            assert_eq!(fs::read(&path).unwrap(), honest, "cut to {length}");
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(cache.decision(&bundle), "right");
        assert_eq!(fs::read(&path).unwrap(), honest);
    }
}

#[test]
fn an_artefact_in_the_place_of_another_is_not_taken_for_it() {
    let cache = Cache::new();
    let (right, other) = (denying("right"), denying("other"));
    assert_eq!(cache.decision(&right), "right");
    let [ours] = cache.files("hook-", ".bin").try_into().unwrap();
    assert_eq!(cache.decision(&other), "other");
    let theirs = cache
        .files("hook-", ".bin")
        .into_iter()
        .find(|path| *path != ours)
        .unwrap();
    // With its own tag: both files of the other hook, whole and authentic.
    for ending in ["bin", "mac"] {
        fs::copy(theirs.with_extension(ending), ours.with_extension(ending)).unwrap();
    }
    assert_eq!(cache.decision(&right), "right");
    assert_ne!(fs::read(&ours).unwrap(), fs::read(&theirs).unwrap());
}

#[test]
fn an_altered_engine_is_compiled_again() {
    let cache = Cache::new();
    let bundle = denying("right");
    assert_eq!(cache.decision(&bundle), "right");
    let [engine] = cache.files("engine-", ".bin").try_into().unwrap();
    let honest = fs::read(&engine).unwrap();
    let mut altered = honest.clone();
    altered[honest.len() / 2] ^= 1;
    fs::write(&engine, &altered).unwrap();
    let Cache {
        directory,
        tokio,
        runtime,
    } = cache;
    drop(runtime);
    let runtime = tokio.block_on(site::runtime_with(directory.path(), &[EngineName::QuickJs]));
    let cache = Cache {
        directory,
        tokio,
        runtime,
    };
    assert_eq!(cache.decision(&bundle), "right");
    assert_eq!(fs::read(&engine).unwrap(), honest);
}
