//! `POST …/hooks/{hook}/proposals/{proposal}/apply`: the one place where what a model wrote becomes part of a draft. Source files
//! alone are written; settings, cases and secrets stay as they are.

use aerocall_api_types::{Draft, Permission, Proposal};
use aerocall_contract::errors;
use serde_json::{Value, json};

use super::get_proposal::find;
use crate::{
    app::App,
    assistant::{Acceptance, Proposed, Unverified},
    base::{
        error::{Refusal, Result},
        ids::HookName,
        input::{Fields, Parsed, Toggle},
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::{
            drafts::{self, Content, at_revision, expected_revision, not_changed},
            hooks::hook_name,
        },
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectAdmin, Revisions},
        },
    },
    storage::store::{DraftContent, DraftRow},
};

/// Capabilities that are named.
const MAX_CAPABILITIES: usize = 200;
const CAPABILITIES: &str = r#"{"type":"array","maxItems":200,"items":{"type":"string"}}"#;

/// Applies a proposal to the draft.
pub(crate) struct ApplyProposal;

impl Flow for ApplyProposal {
    type Who = ProjectAdmin;
    type Input = Acceptance;
    type Output = Draft;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const REVISIONS: Revisions = Revisions::Required;
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        "/admin/api/v1/projects/{project}/hooks/{hook}/proposals/{proposal}/apply",
        "Apply a proposal of the assistant to the draft",
    )
    .about("Writes the files of the proposal to the draft, as a new revision. `If-Match` has the revision that the proposal began from. Nothing goes live: see `POST …/versions`. What was accepted is in the audit log.")
    .fields(&[
        Field::optional("acceptUnverified", FieldKind::Flag, "Applies a proposal that cannot be built or fails test cases."),
        Field::optional("acceptCapabilities", FieldKind::Json(CAPABILITIES), "What the proposal may do that the draft may not, each as in `capabilities.added`."),
    ])
    .example(r#"{"acceptCapabilities":["http:api.example.com"]}"#)
    .answers(200, "The draft with its new revision.", drafts::draft_example!())
    .errors(&[
        errors::PROPOSAL_UNVERIFIED,
        errors::PROPOSAL_WIDENS_CAPABILITIES,
        errors::PROPOSAL_APPLIED,
        errors::DRAFT_CONFLICT,
        errors::PRECONDITION_REQUIRED,
    ]);

    fn read(fields: &mut Fields, (): &()) -> Option<Acceptance> {
        let unverified = fields.optional("acceptUnverified", Toggle::parse);
        let capabilities = fields.optional("acceptCapabilities", names);
        Some(Acceptance {
            unverified: match unverified.is_some_and(Toggle::is_on) {
                true => Unverified::Accepted,
                false => Unverified::Refused,
            },
            capabilities: capabilities.unwrap_or_default(),
        })
    }

    fn status(_: &Draft) -> u16 {
        200
    }

    fn etag(draft: &Draft) -> Option<String> {
        Some(drafts::etag(draft.revision))
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, said: Acceptance) -> Result<Draft> {
        let hook = hook_name(caller.part("hook")?)?;
        let revision = expected_revision(caller)?;
        let proposal = find(app, &caller.scope, &hook, caller.part("proposal")?).await?;
        if proposal.applied_at.is_some() {
            return Err(applied().into());
        }
        let draft = at_revision(app, &caller.scope, &hook, revision).await?;
        if proposal.revision != Some(revision) {
            return Err(drafts::conflict(proposal.revision.unwrap_or(0), Some(&draft)).into());
        }
        let content = accepted(&proposal, &said, &draft)?;
        write(app, caller, &hook, (revision, proposal, said), content).await
    }
}

/// The draft with what was accepted.
fn accepted(proposal: &Proposal, said: &Acceptance, draft: &DraftRow) -> Result<DraftContent> {
    let accepted = Proposed::accept(proposal, said)?;
    let before = Content::of(draft)?;
    let files = accepted.onto(&before.files);
    let content = Content::of_files(files, before.settings).map_err(|problem| {
        Refusal::new(
            errors::PROPOSAL_UNVERIFIED,
            format!("The files cannot be a draft: the project {problem}"),
        )
    })?;
    content.stored()
}

async fn write(
    app: &App,
    caller: &Caller<ProjectAdmin>,
    hook: &HookName,
    (revision, proposal, said): (i64, Proposal, Acceptance),
    content: DraftContent,
) -> Result<Draft> {
    let (project, name, author) = (caller.scope.clone(), hook.clone(), caller.actor().author());
    let about = json!({
        "proposal": proposal.id,
        "files": proposal.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>(),
        "verified": proposal.verified,
        "acceptUnverified": said.unverified == Unverified::Accepted,
        "acceptCapabilities": proposal.capabilities.added,
    });
    let changed = caller.change(app, move |tx, now_ms| {
        let Some(row) = tx.update_draft(&project, &name, revision, &content, (now_ms, &author))? else {
            return Ok(Audited::Unchanged(None));
        };
        // Of two who apply it at the same time, the draft has taken one.
        tx.proposal_applied(&proposal.id, row.revision, now_ms)?;
        let mut about = about;
        about["revision"] = row.revision.into();
        let entry = AuditEntry::new(Action::ProposalApplied, name.as_str()).with(about);
        Ok(Audited::Changed(Some(row), entry))
    });
    match changed.await? {
        Some(row) => drafts::document(&row),
        None => Err(not_changed(app, caller, hook, revision).await?.into()),
    }
}

fn applied() -> Refusal {
    Refusal::new(errors::PROPOSAL_APPLIED, "The proposal was applied before")
}

fn names(value: Value) -> Parsed<Vec<String>> {
    let wrong = || format!("must be a list of at most {MAX_CAPABILITIES} texts");
    let Value::Array(items) = value else {
        return Err(wrong());
    };
    if items.len() > MAX_CAPABILITIES {
        return Err(wrong());
    }
    let text = |item: Value| item.as_str().map(str::to_owned).ok_or_else(wrong);
    items.into_iter().map(text).collect()
}
