//! `GET …/draft/summary`

use aerocall_api_types::{CodeSummary, Permission};
use aerocall_contract::errors;

use super::{ABOUT, by_model, example, keep, kept};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::{
        admin::{drafts, hooks::hook_name},
        steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
    },
    storage::store::DraftRow,
};

/// Says what a draft does.
pub(crate) struct SummarizeDraft;

impl Flow for SummarizeDraft {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = CodeSummary;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(
        "/admin/api/v1/projects/{project}/hooks/{hook}/draft/summary",
        "Summarise the draft of a hook",
    )
    .about(ABOUT)
    .answers(200, "What it does.", example!())
    .errors(&[errors::BUILD_FAILED, errors::COMPILE_LIMIT, errors::TOO_LARGE]);

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<CodeSummary> {
        let (project, hook) = (&caller.scope, hook_name(caller.part("hook")?)?);
        let draft = drafts::find(app, project, &hook).await?;
        let draft = draft.ok_or_else(Refusal::not_found)?;
        let digest = digest(&draft);
        let code = match kept(app, project, &digest).await? {
            Some(summary) => summary,
            None => {
                let mut output = drafts::build_draft(app, project, &hook, &draft).await?;
                let found = output.summary.take().ok_or_else(|| drafts::not_built(&output))?;
                keep(app, project, &digest, found).await?
            }
        };
        let sources = async || Ok(Some(drafts::Content::of(&draft)?.files));
        by_model::or_code(app, caller, (&hook, &digest), code, sources).await
    }
}

/// Of everything that a build of a draft reads.
fn digest(draft: &DraftRow) -> String {
    let content = [&draft.hook, &draft.files, &draft.settings, &draft.packages]
        .map(|part| aerocall_runtime::digest(part.as_bytes()));
    aerocall_runtime::digest(content.join("\n").as_bytes())
}
