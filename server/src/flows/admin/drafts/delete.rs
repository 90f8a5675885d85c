//! `DELETE …/hooks/{hook}/draft`

use aerocall_api_types::{Deleted, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{DRAFT, expected_revision, put::not_changed};
use crate::{
    app::App,
    base::error::Result,
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::hooks::hook_name,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Flow, Method, ProjectAdmin, Revisions},
        },
    },
};

/// Deletes the draft of a hook; its versions stay. Without a version nothing is left of the hook.
pub(crate) struct DeleteDraft;

impl Flow for DeleteDraft {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const REVISIONS: Revisions = Revisions::Expected;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, DRAFT, "Delete the draft of a hook")
        .about(
            "Deletes it if it still has the revision in `If-Match`. Versions stay. If the hook has none, it is gone, and its test cases with it.",
        )
        .answers(200, "The draft was deleted.", r#"{"deleted": "signup"}"#)
        .errors(&[errors::DRAFT_CONFLICT, errors::PRECONDITION_REQUIRED]);

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<Deleted> {
        let hook = hook_name(caller.part("hook")?)?;
        let revision = expected_revision(caller)?;
        let (project, name) = (caller.scope.clone(), hook.clone());
        let deleted = caller.change(app, move |tx, _| {
            tx.lock_drafts(&project)?;
            if !tx.delete_draft(&project, &name, revision)? {
                return Ok(Audited::Unchanged(false));
            }
            // None is made of the draft meanwhile.
            tx.lock_versions(&project)?;
            let mut about = json!({ "revision": revision });
            if tx.versions(&project, &name)?.is_empty() {
                about["cases"] = tx.delete_cases(&project, &name)?.into();
            }
            let entry = AuditEntry::new(Action::DraftDeleted, name.as_str());
            Ok(Audited::Changed(true, entry.with(about)))
        });
        match deleted.await? {
            true => Ok(Deleted {
                deleted: hook.to_string(),
            }),
            false => Err(not_changed(app, caller, &hook, revision).await?.into()),
        }
    }
}
