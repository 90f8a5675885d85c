//! `GET …/projects/{project}/hooks`

use std::collections::{BTreeMap, HashMap};

use aerocall_api_types::{HookEnvironment, HookList, HookSummary, Permission, VersionSummary};
use aerocall_runtime::Manifest;

use super::{HOOKS, summary};
use crate::{
    app::App,
    base::{
        error::Result,
        ids::{Scope, Slug},
        stored,
    },
    flows::{
        admin::summaries,
        steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
    },
    security::access,
    storage::store::{DeployedHook, StoreError, Tx, VersionRow},
};

/// Lists the hooks of a project with their drafts and where they are live.
pub(crate) struct ListHooks;

impl Flow for ListHooks {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = HookList;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(HOOKS, "List the hooks of a project")
        .about("`summaries` says what the versions that are live and the newest ones do, as far as that is known already.")
        .answers(
        200,
        "Every hook that has a version or a draft.",
        r#"{"hooks": [{"name": "signup", "versions": 3, "newest": 3, "draft": {"revision": 4, "base": {"number": 3, "digest": "sha256:…"}, "updatedAt": "2026-01-31T12:00:00.000Z", "updatedBy": "admin:…"}, "live": [{"environment": "production", "number": 2, "state": "enabled", "deployment": 7}]}], "summaries": [{"hook": "signup", "version": 2, "summary": {"text": "Before sign-up: can deny with `free_provider` (403).", "origin": "code", "model": null, "facts": {"points": ["beforeSignup"], "denies": [{"code": "free_provider", "status": 403, "message": null, "file": "hooks/signup.ts", "line": 12}], "patches": [], "calls": [], "hosts": [], "secrets": [], "queues": []}}}]}"#,
    );

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<HookList> {
        let project = caller.scope.clone();
        let mut scopes = Vec::new();
        for name in access::environments(&app.store, &project).await? {
            // A caller of one environment does not get to know the others.
            if let Ok(scope) = caller.who.admin.scope(&app.store, project.as_str(), &name).await {
                scopes.push(scope);
            }
        }
        let read = app.store.read(move |tx| {
            let (drafts, versions) = (tx.drafts(&project)?, tx.hook_versions(&project)?);
            Ok((drafts, versions, tx.newest_versions(&project)?, live(tx, &scopes)?))
        });
        let (drafts, versions, newest, live) = read.await?;
        let shown = newest.iter().chain(live.iter().map(|(hook, _)| &hook.version));
        let summaries = summaries(app, &caller.scope, shown).await?;
        let mut hooks: BTreeMap<String, HookSummary> = BTreeMap::new();
        let empty = |name: &str| HookSummary {
            name: name.to_owned(),
            versions: 0,
            newest: None,
            draft: None,
            live: Vec::new(),
        };
        for line in versions {
            let hook = hooks.entry(line.hook.clone()).or_insert_with(|| empty(&line.hook));
            (hook.versions, hook.newest) = (line.count, Some(line.newest));
        }
        for row in drafts {
            let name = row.hook.clone();
            hooks.entry(name.clone()).or_insert_with(|| empty(&name)).draft = Some(summary(row));
        }
        for (deployed, (environment, deployment)) in live {
            if let Some(hook) = hooks.get_mut(&deployed.version.name) {
                hook.live.push(HookEnvironment {
                    environment,
                    number: deployed.version.number,
                    state: stored::word(&deployed.state)?,
                    deployment,
                });
            }
        }
        Ok(HookList {
            hooks: hooks.into_values().collect(),
            summaries,
        })
    }
}

/// As far as they are known, each version once: nothing is built for a list.
async fn summaries(
    app: &App,
    project: &Slug,
    versions: impl Iterator<Item = &VersionRow>,
) -> Result<Vec<VersionSummary>> {
    let mut shown = BTreeMap::new();
    for row in versions {
        shown.insert((&row.name, row.number), (&row.digest, &row.manifest));
    }
    let mut manifests: HashMap<&str, Manifest> = HashMap::new();
    for (digest, manifest) in shown.values() {
        manifests.insert(digest, stored::json(manifest)?);
    }
    let wanted = manifests.iter().map(|(digest, manifest)| (*digest, manifest));
    let known = summaries::known(app, project, wanted).await?;
    let mut summaries = Vec::new();
    for ((hook, number), (digest, _)) in shown {
        let (Some(summary), Ok(version)) = (known.get(digest), u32::try_from(number)) else {
            continue;
        };
        summaries.push(VersionSummary {
            hook: hook.clone(),
            version,
            summary: summary.clone(),
        });
    }
    Ok(summaries)
}

/// A hook, with the environment and the number of the deployment.
type LiveLine = (DeployedHook, (String, i32));

fn live(tx: &mut Tx<'_>, scopes: &[Scope]) -> std::result::Result<Vec<LiveLine>, StoreError> {
    let mut lines = Vec::new();
    for scope in scopes {
        let Some(deployment) = tx.deployments(scope, 1)?.pop() else {
            continue;
        };
        for hook in tx.deployed_hooks(&deployment.id)? {
            let place = (scope.environment.to_string(), deployment.number);
            lines.push((hook, place));
        }
    }
    Ok(lines)
}
