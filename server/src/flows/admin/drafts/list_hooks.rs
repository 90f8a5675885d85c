//! `GET …/projects/{project}/hooks`

use std::collections::BTreeMap;

use aerocall_api_types::{HookEnvironment, HookList, HookSummary, Permission};

use super::{HOOKS, summary};
use crate::{
    app::App,
    base::{error::Result, ids::Scope, stored},
    flows::steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
    security::access,
    storage::store::{StoreError, Tx},
};

/// Lists the hooks of a project with their drafts and where they are live.
pub(crate) struct ListHooks;

impl Flow for ListHooks {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = HookList;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(HOOKS, "List the hooks of a project").answers(
        200,
        "Every hook that has a version or a draft.",
        r#"{"hooks": [{"name": "signup", "versions": 3, "newest": 3, "draft": {"revision": 4, "base": {"number": 3, "digest": "sha256:…"}, "updatedAt": "2026-01-31T12:00:00.000Z", "updatedBy": "admin:…"}, "live": [{"environment": "production", "number": 2, "state": "enabled", "deployment": 7}]}]}"#,
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
            Ok((drafts, versions, live(tx, &scopes)?))
        });
        let (drafts, versions, live) = read.await?;
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
        for (name, number, state, (environment, deployment)) in live {
            if let Some(hook) = hooks.get_mut(&name) {
                hook.live.push(HookEnvironment {
                    environment,
                    number,
                    state: stored::word(&state)?,
                    deployment,
                });
            }
        }
        Ok(HookList {
            hooks: hooks.into_values().collect(),
        })
    }
}

/// Hook, version, state; environment and deployment.
type LiveLine = (String, i32, String, (String, i32));

fn live(tx: &mut Tx<'_>, scopes: &[Scope]) -> std::result::Result<Vec<LiveLine>, StoreError> {
    let mut lines = Vec::new();
    for scope in scopes {
        let Some(deployment) = tx.deployments(scope, 1)?.pop() else {
            continue;
        };
        for hook in tx.deployed_hooks(&deployment.id)? {
            let place = (scope.environment.to_string(), deployment.number);
            lines.push((hook.version.name, hook.version.number, hook.state, place));
        }
    }
    Ok(lines)
}
