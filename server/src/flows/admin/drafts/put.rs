//! `PUT …/hooks/{hook}/draft`

use aerocall_api_types::{Draft, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{
    ABOUT_FILES, ABOUT_SETTINGS, Content, DRAFT, FILES, SETTINGS, conflict, document, draft_example, etag,
    expected_revision, find,
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::HookName,
        input::Fields,
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::hooks::hook_name,
        steps::{
            audited::Audited,
            endpoint::{BodyLimit, Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectAdmin, Revisions},
        },
    },
};

/// Replaces the content of a draft.
pub(crate) struct PutDraft;

impl Flow for PutDraft {
    type Who = ProjectAdmin;
    type Input = Content;
    type Output = Draft;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const REVISIONS: Revisions = Revisions::Required;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Put, DRAFT, "Replace the draft of a hook")
        .about("Replaces files and settings, if the draft still has the revision in `If-Match`. If not, nothing is changed, and `error.conflict` of the answer has both sides: `yours` with the revision that was sent, and `theirs` with the draft as it is, or `null` if it was deleted. What is not live is not run: see `POST …/versions`.")
        .fields(&[
            Field::required("files", FieldKind::Json(FILES), ABOUT_FILES),
            Field::optional("settings", FieldKind::Json(SETTINGS), ABOUT_SETTINGS),
        ])
        .example(r#"{"files":[{"path":"hooks/signup.ts","text":"export const beforeSignup = async () => {};\n"}],"settings":{"capabilities":["cache"]}}"#)
        .answers(200, "The draft with its new revision.", draft_example!())
        .errors(&[errors::DRAFT_CONFLICT, errors::PRECONDITION_REQUIRED]);

    const BODY: BodyLimit = BodyLimit::Bundle;

    fn read(fields: &mut Fields, (): &()) -> Option<Content> {
        Content::read(fields)
    }

    fn status(_: &Draft) -> u16 {
        200
    }

    fn etag(draft: &Draft) -> Option<String> {
        Some(etag(draft.revision))
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, content: Content) -> Result<Draft> {
        let hook = hook_name(caller.part("hook")?)?;
        let revision = expected_revision(caller)?;
        let (project, name, author) = (caller.scope.clone(), hook.clone(), caller.actor().author());
        let (files, content) = (content.files.len(), content.stored()?);
        let changed = caller.change(app, move |tx, now_ms| {
            let updated = tx.update_draft(&project, &name, revision, &content, (now_ms, &author))?;
            Ok(match updated {
                None => Audited::Unchanged(None),
                Some(row) => {
                    let about = json!({ "revision": row.revision, "files": files });
                    let entry = AuditEntry::new(Action::DraftUpdated, name.as_str()).with(about);
                    Audited::Changed(Some(row), entry)
                }
            })
        });
        match changed.await? {
            Some(row) => document(&row),
            None => Err(not_changed(app, caller, &hook, revision).await?.into()),
        }
    }
}

/// Why a draft could not be changed: it is another one by now, or the hook has none and never had.
pub(in crate::flows::admin) async fn not_changed(
    app: &App,
    caller: &Caller<ProjectAdmin>,
    hook: &HookName,
    revision: i64,
) -> Result<Refusal> {
    let theirs = find(app, &caller.scope, hook).await?;
    if theirs.is_some() {
        return Ok(conflict(revision, theirs.as_ref()));
    }
    let project = caller.scope.clone();
    let last_deleted = app.store.read(move |tx| tx.last_deleted_draft(&project)).await?;
    Ok(match last_deleted >= revision {
        true => conflict(revision, None),
        false => Refusal::not_found(),
    })
}
