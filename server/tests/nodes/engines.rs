//! Hooks run on the engine that they were built for, also on a server whose release has another one. Of the two engines that there
//! are, each release here has one.

use aerocall_compiler::EngineName;

use super::*;
use crate::{bundles, site};

const OLD: EngineName = EngineName::Javy;
const NEW: EngineName = EngineName::QuickJs;

/// A server of a release with this engine. What has been compiled is there for all of them; it helps nobody without the engine itself.
fn release(database: &str, engine: EngineName) -> Site {
    let env = [("AEROCALL_DATABASE_URL", database), ("AEROCALL_MASTER_KEY", KEY)];
    let runtime = async { site::runtime_with(&bundles::cache_dir(), &[engine]).await };
    Site::with_runtime(tempfile::tempdir().unwrap(), &env, runtime)
}

/// Makes a hook live that was built for the engine.
fn live(site: &Site, engine: EngineName, code: &str) {
    let uploaded = site.upload("a", "gate", &bundles::compile(engine, "gate", &gate(code)));
    assert_eq!(uploaded.status, 201, "{uploaded:?}");
    let deployed = site.deploy("a", json!([{ "name": "gate", "number": uploaded.json["number"] }]));
    assert_eq!(deployed.status, 201, "{deployed:?}");
}

fn update(database: &str) {
    let old = release(database, OLD);
    let project = old.project("a");
    live(&old, OLD, "from_before");
    assert_eq!(sign_up(&old, &project, "1@example.com"), "from_before");

    // While nodes of both run, each has what the other one made live.
    let new = release(database, NEW);
    assert_eq!(sign_up(&new, &project, "2@example.com"), "from_before");
    live(&new, NEW, "from_now");
    time_to(&old, &project, "from_now");
    // Whoever has the program of the release before goes on with it.
    live(&new, OLD, "built_before");
    time_to(&old, &project, "built_before");
    drop(old);

    let back = |to: u64| {
        let path = format!("{ENVIRONMENT}/deployments/{to}/rollback");
        let deployed = new.admin("POST", &path, Some(json!({})));
        assert_eq!(deployed.status, 201, "{deployed:?}");
    };
    back(2);
    assert_eq!(sign_up(&new, &project, "3@example.com"), "from_now");
    back(1);
    assert_eq!(sign_up(&new, &project, "4@example.com"), "from_before");
    drop(new);
    let again = release(database, NEW);
    assert_eq!(sign_up(&again, &project, "5@example.com"), "from_before");
}

#[test]
fn hooks_of_another_release_go_on_with_a_file() {
    let directory = tempfile::tempdir().unwrap();
    update(&format!("sqlite://{}/core.db", directory.path().display()));
}

#[test]
fn hooks_of_another_release_go_on_with_postgresql() {
    let Some(core) = Postgres::new() else { return };
    let url = core.url(Postgres::ADDRESS);
    update(&url);

    // What is not what its digest says is no engine: the hook does not run, and its policy decides.
    assert_eq!(core.run("SELECT count(*)::text FROM engines"), ["2"]);
    core.run("UPDATE engines SET module = 'x'");
    let new = release(&url, NEW);
    let project = new.project("b");
    assert_eq!(sign_up(&new, &project, "1@example.com"), "created");
    let live = new.admin("GET", &format!("{ENVIRONMENT}/hooks"), None);
    let problem = live.json["hooks"][0]["problem"].to_string();
    assert!(problem.contains("does not have"), "{live:?}");
}
