//! A node that cannot follow at once, and one that works on what another one has served.

use std::{io::ErrorKind, path::Path, sync::Arc};

use aerocall_compiler::EngineName;
use aerocall_runtime::{CompileCommand, Runtime, RuntimeConfig};

use super::*;
use crate::bundles;

const COMPILER: &str = env!("CARGO_BIN_EXE_aerocall-server-precompile");

/// A runtime that knows what is compiled by now, and compiles with a program that is not there yet.
async fn crippled(cache_dir: &Path, program: &Path) -> Arc<Runtime> {
    for file in std::fs::read_dir(bundles::cache_dir()).unwrap().flatten() {
        if file.file_type().unwrap().is_file() {
            let copied = std::fs::copy(file.path(), cache_dir.join(file.file_name()));
            // Other tests write there, too: what one of them has not finished is gone under its first name.
            assert!(
                copied
                    .as_ref()
                    .err()
                    .is_none_or(|error| error.kind() == ErrorKind::NotFound),
                "{copied:?}"
            );
        }
    }
    let config = RuntimeConfig {
        cache_dir: cache_dir.to_owned(),
        artifact_bytes: 1 << 30,
        compile: CompileCommand {
            program: program.to_owned(),
            arguments: Vec::new(),
        },
        build: crate::site::builder(cache_dir),
        engines: vec![EngineName::QuickJs.engine().unwrap().source()],
        max_instances: 8,
    };
    Runtime::new(config).await.unwrap()
}

#[test]
fn what_does_not_load_here_leaves_the_old_one_and_is_tried_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let url = format!("sqlite://{}/core.db", directory.path().display());
    let one = node(&url, &[]);
    let project = one.project("a");
    let salt = crate::services::unique("late");
    one.live("a", &[("gate", &gate("v1"))]);
    std::fs::create_dir(path("cache")).unwrap();
    let env = [("AEROCALL_DATABASE_URL", url.as_str()), ("AEROCALL_MASTER_KEY", KEY)];
    let other = Site::with_runtime(tempfile::tempdir().unwrap(), &env, async {
        crippled(&path("cache"), &path("compiler")).await
    });
    assert_eq!(sign_up(&other, &project, "1@example.com"), "v1");

    // New bytes, which nobody has compiled before.
    let new = format!("{}\n// {salt}\nexport const salt = '{salt}';", gate("v2"));
    let second = one.project("b");
    one.live("a", &[("gate", &new)]);
    one.live("b", &[("gate", &gate("v1"))]);
    assert_eq!(sign_up(&one, &project, "2@example.com"), "v2");
    time_to(&other, &second, "v1");
    until(|| (!logbook::lines_with("could not be applied").is_empty()).then_some(()));
    assert_eq!(sign_up(&other, &project, "3@example.com"), "v1", "what was live stays");

    std::os::unix::fs::symlink(COMPILER, path("compiler")).unwrap();
    time_to(&other, &project, "v2");
}

/// An event belongs to the deployment that was live when it happened, whichever process passes it on.
#[test]
fn a_worker_elsewhere_knows_the_deployment_that_an_event_belongs_to() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/core.db", directory.path().display());
    let serves = node(&url, &[("AEROCALL_WORKER_ENABLED", "false")]);
    let works = node(&url, &[]);
    let project = serves.project("a");
    for round in 0..5 {
        let name = format!("reported{round}");
        serves.live(
            "a",
            &[(name.as_str(), "export const on = { 'auth.signup': async () => {} };")],
        );
        serves.registered(&project.pk, &format!("{round}@example.com"));
        let queue = format!("auth.signup/{name}");
        until(|| {
            let jobs = works.admin("GET", &format!("{ENVIRONMENT}/jobs?limit=200"), None);
            let jobs = jobs.json["jobs"].as_array().unwrap();
            let done = |job: &&Value| job["queue"] == queue.as_str() && job["state"] == "done";
            jobs.iter().any(|job| done(&job)).then_some(())
        });
    }
}
