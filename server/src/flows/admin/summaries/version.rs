//! `GET …/versions/{number}/summary`

use aerocall_api_types::{CodeSummary, Permission};
use aerocall_contract::errors;
use aerocall_runtime::{BuildOutput, Manifest};

use super::{ABOUT, by_model, example, from_manifest, keep, kept};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        stored,
    },
    flows::{
        admin::{drafts, hooks::hook_name, versions},
        steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
    },
    storage::store::VersionRow,
};

/// Says what a version does.
pub(crate) struct SummarizeVersion;

impl Flow for SummarizeVersion {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = CodeSummary;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(
        "/admin/api/v1/projects/{project}/hooks/{hook}/versions/{number}/summary",
        "Summarise a version of a hook",
    )
    .about(ABOUT)
    .answers(200, "What it does. Of a version that carries no sources, or whose sources cannot be built here, what its manifest says.", example!());

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<CodeSummary> {
        let row = versions::named(app, caller).await?;
        let code = match kept(app, &caller.scope, &row.digest).await? {
            Some(summary) => summary,
            None => match built(app, caller, &row).await {
                Ok(Some(BuildOutput {
                    summary: Some(summary), ..
                })) => keep(app, &caller.scope, &row.digest, summary).await?,
                Ok(_) => return of_manifest(&row),
                // It is read when somebody asks again.
                Err(Error::Refused(refusal)) if refusal.code == errors::BUSY.name => return of_manifest(&row),
                Err(error) => return Err(error),
            },
        };
        let hook = hook_name(&row.name)?;
        let sources = async || {
            let bundled = versions::bundled(app, caller, &row).await?;
            Ok(bundled.map(|project| drafts::all_files(&project)))
        };
        by_model::or_code(app, caller, (&hook, &row.digest), code, sources).await
    }
}

/// A build of the sources that a version carries; `None` if it carries none, or not all, or they are in another language.
async fn built(app: &App, caller: &Caller<ProjectAdmin>, row: &VersionRow) -> Result<Option<BuildOutput>> {
    let manifest: Manifest = stored::json(&row.manifest)?;
    if manifest.language.is_some() {
        return Ok(None);
    }
    match versions::bundled(app, caller, row).await? {
        Some(project) if project.inputs.packages_omitted.is_none() => {
            let hook = hook_name(&row.name)?;
            drafts::build_bundled(app, &caller.scope, &hook, &project).await
        }
        _ => Ok(None),
    }
}

fn of_manifest(row: &VersionRow) -> Result<CodeSummary> {
    let manifest: Manifest = stored::json(&row.manifest)?;
    Ok(from_manifest::summary(&manifest))
}
