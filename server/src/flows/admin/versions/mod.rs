//! Versions of hooks: uploaded bundles, which never change.

mod compare;
mod files;
mod from_draft;
mod get;
mod list;
mod upload;

use aerocall_api_types::Version;

pub(crate) use compare::CompareVersions;
pub(in crate::flows::admin) use compare::{difference, manifest_changes};
pub(crate) use files::GetVersionFiles;
pub(in crate::flows::admin) use files::bundled;
pub(crate) use get::GetVersion;
pub(crate) use list::ListVersions;
pub(in crate::flows::admin) use upload::{MAX_MESSAGE, inspect, message};
pub(crate) use upload::{UploadVersion, upload};

use super::hooks::hook_name;
use crate::{
    app::App,
    base::{
        clock,
        error::{Error, Refusal, Result},
        ids::{HookName, Slug},
    },
    flows::steps::endpoint::{Caller, ProjectAdmin},
    storage::store::VersionRow,
};

fn version(row: VersionRow) -> Result<Version> {
    let manifest =
        serde_json::from_str(&row.manifest).map_err(|error| Error::unexpected("reading a stored manifest", error))?;
    Ok(Version {
        name: row.name,
        number: row.number,
        digest: row.digest,
        size_bytes: row.component_bytes,
        created_at: clock::iso(row.created_ms).into(),
        author: row.created_by,
        message: row.message,
        base: row.base_number,
        manifest,
    })
}

/// The version that the path names.
pub(in crate::flows::admin) async fn named(app: &App, caller: &Caller<ProjectAdmin>) -> Result<VersionRow> {
    let hook = hook_name(caller.part("hook")?)?;
    let number = caller.part("number")?.parse().map_err(|_| Refusal::not_found())?;
    numbered(app, &caller.scope, &hook, number).await
}

/// The version of a hook with this number.
async fn numbered(app: &App, project: &Slug, hook: &HookName, number: i32) -> Result<VersionRow> {
    let (project, hook) = (project.clone(), hook.clone());
    let found = app.store.read(move |tx| tx.version_by_number(&project, &hook, number));
    Ok(found.await?.ok_or_else(Refusal::not_found)?)
}

/// The path of one version.
const ONE: &str = "/admin/api/v1/projects/{project}/hooks/{hook}/versions/{number}";
/// The path of all versions.
const PATH: &str = "/admin/api/v1/projects/{project}/hooks/{hook}/versions";

/// For the reference.
macro_rules! example {
    () => {
        r#"{"name": "signup", "number": 1, "digest": "sha256:…", "sizeBytes": 24576, "createdAt": "2026-01-31T12:00:00.000Z", "author": "admin:…", "message": "Refuse disposable addresses", "base": null, "manifest": {"format": 1, "name": "signup", "contract": "0.1.0", "engine": {"name": "quickjs", "digest": "sha256:…"}, "hooks": ["beforeSignup"], "events": ["queue.welcome"], "priority": {"queue.welcome": "low"}, "capabilities": ["cache"], "limits": {"deadlineMs": 500}, "sourceDigest": "sha256:…"}}"#
    };
}

use example;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use aerocall_runtime::{EngineRef, Manifest, Priority, RequestedLimits};

    #[test]
    fn the_manifest_that_is_answered_is_the_one_of_the_bundle() {
        let named = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let whole = Manifest {
            format: 1,
            name: "a".to_owned(),
            contract: "1".to_owned(),
            engine: Some(EngineRef {
                name: "quickjs".to_owned(),
                digest: "sha256:1".to_owned(),
            }),
            language: None,
            toolchain: None,
            hooks: vec![crate::hooks::Step::Signup.before().name().to_owned()],
            events: vec!["queue.a".to_owned()],
            schedules: named("nightly", "0 3 * * *"),
            order: named("queue.a", "customer"),
            priority: BTreeMap::from([("queue.a".to_owned(), Priority::Low)]),
            capabilities: vec!["cache".to_owned()],
            limits: RequestedLimits {
                fuel: Some(1),
                ..RequestedLimits::default()
            },
            source_digest: "sha256:2".to_owned(),
        };
        let native = Manifest {
            engine: None,
            language: Some("rust".to_owned()),
            toolchain: Some("rustc 1.95.0".to_owned()),
            ..whole.clone()
        };
        let least = Manifest {
            engine: None,
            schedules: BTreeMap::new(),
            order: BTreeMap::new(),
            priority: BTreeMap::new(),
            limits: RequestedLimits::default(),
            ..whole.clone()
        };
        for manifest in [whole, native, least] {
            let stored = serde_json::to_value(manifest).unwrap();
            let answered: aerocall_api_types::Manifest = serde_json::from_value(stored.clone()).unwrap();
            assert_eq!(serde_json::to_value(answered).unwrap(), stored);
        }
    }
}
