//! `GET …/projects/{project}/types`

use aerocall_api_types::{Object, Permission, SdkTypes, SourceFile};
use aerocall_contract::{names::queue_of, sdk_types::PACKAGE};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::project::{self, Names};
use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Refusal, Result},
        ids::{HookName, Scope, Slug},
        input::{Fields, query},
        stored,
    },
    flows::{
        admin::drafts,
        steps::endpoint::{AdminWho as _, Caller, Endpoint, Field, FieldKind, Flow, ProjectAdmin},
    },
    security::access,
};

/// Gives an editor the types of the SDK and of a project.
pub(crate) struct GetSdkTypes;

impl Flow for GetSdkTypes {
    type Who = ProjectAdmin;
    /// The hook that is edited.
    type Input = Option<HookName>;
    type Output = SdkTypes;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/projects/{project}/types", "Get the types for an editor of hooks")
        .about("The declarations of `@aerocall/hooks`, as `aerocall types` writes them, and one file with the names that the project uses: queues that its live hooks handle, and secrets of the environments that the caller may see, if the caller may read the settings.")
        .fields(&[Field::optional(
            "hook",
            FieldKind::Text(64),
            "The hook that is edited: the npm packages of its draft are declared, without types of their own.",
        )])
        .answers(
            200,
            "The declarations, and the options to read them with.",
            r#"{"etag": "5d41402a…", "compilerOptions": {"target": "ESNext", "module": "ESNext", "strict": true}, "files": [{"path": "node_modules/@aerocall/hooks/index.d.ts", "text": "export type * from \"./auth.js\";\n"}]}"#,
        );

    fn read(fields: &mut Fields, (): &()) -> Option<Option<HookName>> {
        Some(fields.optional("hook", |value| HookName::parse(&query::text(value)?)))
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, hook: Option<HookName>) -> Result<SdkTypes> {
        let packages = packages(app, &caller.scope, hook).await?;
        let names = names(app, caller).await?;
        let mut files = drafts::source_files(drafts::declarations(&drafts::untyped_packages(&packages)));
        files.push(SourceFile {
            path: format!("node_modules/{PACKAGE}/project.d.ts"),
            text: project::declarations(&names),
        });
        let compiler_options = drafts::compiler_options();
        Ok(SdkTypes {
            etag: etag(&compiler_options, &files),
            compiler_options,
            files,
        })
    }
}

fn etag(options: &Object, files: &[SourceFile]) -> String {
    let mut digest = Sha256::new();
    digest.update(json!(options).to_string());
    for file in files {
        digest.update([0]);
        digest.update(&file.path);
        digest.update([0]);
        digest.update(&file.text);
    }
    secret::hex(&digest.finalize()[..16])
}

/// The queues and secrets of the environments that the caller may see.
async fn names(app: &App, caller: &Caller<ProjectAdmin>) -> Result<Names> {
    let project = &caller.scope;
    let mut scopes: Vec<Scope> = Vec::new();
    for name in access::environments(&app.store, project).await? {
        if let Ok(scope) = caller.who.admin.scope(&app.store, project.as_str(), &name).await {
            scopes.push(scope);
        }
    }
    let mut names = Names::default();
    for live in scopes.iter().filter_map(|scope| app.hooks.registry.live(scope)) {
        let events = live.hooks.iter().flat_map(|hook| &hook.manifest.events);
        let queues = events.filter_map(|event| queue_of(event).map(str::to_owned));
        names.queues.extend(queues);
    }
    if caller.who.permissions().has(Permission::SettingsRead) {
        let secrets = app.store.read(move |tx| {
            let all = scopes.iter().map(|scope| tx.secrets(scope));
            all.collect::<std::result::Result<Vec<_>, _>>()
        });
        names.secrets = secrets.await?.into_iter().flatten().map(|row| row.name).collect();
    }
    Ok(names)
}

/// The npm packages of the draft of a hook.
async fn packages(app: &App, project: &Slug, hook: Option<HookName>) -> Result<Vec<String>> {
    let Some(hook) = hook else {
        return Ok(Vec::new());
    };
    if let Some(draft) = drafts::find(app, project, &hook).await? {
        let packages = drafts::packages(&stored::json::<Vec<_>>(&draft.packages)?);
        return Ok(packages.into_iter().map(|package| package.name).collect());
    }
    let (project, name) = (project.clone(), hook);
    let versions = app.store.read(move |tx| tx.versions(&project, &name)).await?;
    match versions.is_empty() {
        true => Err(Refusal::not_found().into()),
        false => Ok(Vec::new()),
    }
}
