//! `GET …/hooks/{hook}/draft`

use aerocall_api_types::{Draft, Permission};

use super::{DRAFT, document, draft_example, etag, find};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::{
        admin::hooks::hook_name,
        steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin, Revisions},
    },
};

/// Shows the draft of a hook.
pub(crate) struct GetDraft;

impl Flow for GetDraft {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = Draft;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const REVISIONS: Revisions = Revisions::Answered;
    const ENDPOINT: Endpoint = Endpoint::get(DRAFT, "Get the draft of a hook")
        .about("The header `ETag` has the revision, which a change of the draft sends back in `If-Match`.")
        .answers(200, "The draft with its files.", draft_example!());

    fn etag(draft: &Draft) -> Option<String> {
        Some(etag(draft.revision))
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<Draft> {
        let hook = hook_name(caller.part("hook")?)?;
        let row = find(app, &caller.scope, &hook).await?;
        document(&row.ok_or_else(Refusal::not_found)?)
    }
}
