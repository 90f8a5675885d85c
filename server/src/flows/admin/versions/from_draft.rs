//! A version made of a draft: the other thing that `POST …/versions` takes.

use aerocall_api_types::Version;

use super::upload::{Origin, store};
use crate::{
    app::App,
    base::{error::Result, ids::HookName},
    flows::{
        admin::{drafts, summaries},
        steps::endpoint::{Caller, ProjectAdmin, Put},
    },
};

/// Builds the draft of a hook, if it still has this revision, and makes a version of it, from which the draft goes on.
pub(super) async fn make(
    app: &App,
    caller: &Caller<ProjectAdmin>,
    hook: HookName,
    (revision, message): (i64, Option<String>),
) -> Result<Put<Version>> {
    let project = &caller.scope;
    let draft = drafts::at_revision(app, project, &hook, revision).await?;
    let mut output = drafts::build_draft(app, project, &hook, &draft).await?;
    let summary = output.summary.take();
    let (component, _) = drafts::built(output)?;
    if let Some(summary) = summary {
        summaries::keep(app, project, &aerocall_runtime::digest(&component), summary).await?;
    }
    let origin = Origin {
        message,
        draft: Some(draft),
    };
    store(app, caller.actor(), project, hook, (component, origin)).await
}
