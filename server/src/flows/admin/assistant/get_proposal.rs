//! `GET …/hooks/{hook}/proposals/{proposal}`

use aerocall_api_types::{Permission, Proposal};

use crate::{
    app::App,
    base::{
        clock,
        error::{Error, Refusal, Result},
        ids::{HookName, Slug},
    },
    flows::{
        admin::hooks::hook_name,
        steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
    },
    storage::store::ProposalRow,
};

/// For the reference.
const EXAMPLE: &str = r#"{"id": "prp_…", "hook": "signup", "point": "beforeSignup", "revision": 41, "createdAt": "2026-01-31T12:00:00.000Z", "createdBy": "account:acc_…", "model": "qwen3-coder", "provider": "openai", "text": "Denies sign-ups of free e-mail providers.", "files": [{"path": "hooks/signup.ts", "before": "// 1\n", "after": "// 2\n"}], "diff": "--- a/hooks/signup.ts\n+++ b/hooks/signup.ts\n@@ -1 +1 @@\n-// 1\n+// 2\n", "verified": false, "problems": ["1 of 2 test cases fail"], "rounds": [{"number": 1, "compiles": true, "types": {"status": "not_checked", "reason": "the server has no TypeScript compiler"}, "diagnostics": [], "cases": {"total": 2, "passed": 1, "failed": [{"name": "free-mail", "message": "reply.kind: expected \"deny\", got \"allow\""}]}, "problems": ["1 of 2 test cases fail"]}], "capabilities": {"added": ["http:api.example.com"], "removed": [], "words": ["may send requests to api.example.com"]}, "cases": [{"name": "denies-a-free-provider", "case": {"hook": "beforeSignup", "payload": {}, "expect": {}}, "passed": true, "message": null}], "hidden": [{"part": "answer 1", "characters": ["U+200B"], "count": 1}], "appliedAt": null, "appliedRevision": null}"#;

/// Shows what the assistant has proposed.
pub(crate) struct GetProposal;

impl Flow for GetProposal {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = Proposal;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(
        "/admin/api/v1/projects/{project}/hooks/{hook}/proposals/{proposal}",
        "Get a proposal of the assistant",
    )
    .about("Kept for a day, and the newest 100 of a project.")
    .answers(200, "The proposal.", EXAMPLE);

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<Proposal> {
        let hook = hook_name(caller.part("hook")?)?;
        find(app, &caller.scope, &hook, caller.part("proposal")?).await
    }
}

/// A proposal that is kept.
pub(super) async fn find(app: &App, project: &Slug, hook: &HookName, id: &str) -> Result<Proposal> {
    let (project, hook, id) = (project.clone(), hook.clone(), id.to_owned());
    let row = app.store.read(move |tx| tx.proposal(&project, &hook, &id)).await?;
    document(row.ok_or_else(Refusal::not_found)?)
}

fn document(row: ProposalRow) -> Result<Proposal> {
    let proposal: Proposal =
        serde_json::from_str(&row.document).map_err(|error| Error::unexpected("reading a proposal", error))?;
    Ok(Proposal {
        applied_at: row.applied_ms.map(|ms| clock::iso(ms).into()),
        applied_revision: row.applied_revision,
        ..proposal
    })
}
