//! `POST …/hooks/{hook}/draft`

use aerocall_api_types::{Draft, Permission};
use aerocall_contract::errors;
use aerocall_runtime::{BundledProject, Runtime};
use serde_json::{Value, json};

use super::{Content, DRAFT, MAX_DRAFTS, content::not_editable, document, draft_example, etag};
use crate::{
    app::App,
    base::{
        error::{Error, Refusal, Result},
        ids::{HookName, Slug},
        input::{Fields, Parsed},
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::hooks::hook_name,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectAdmin, Revisions},
        },
    },
    storage::store::{DraftBase, DraftRow, NewDraft, StoreError, Tx},
};

/// Begins a draft from a version.
pub(crate) struct CreateDraft;

impl Flow for CreateDraft {
    type Who = ProjectAdmin;
    /// The number of the version.
    type Input = i32;
    type Output = Draft;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const REVISIONS: Revisions = Revisions::Answered;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, DRAFT, "Begin a draft from a version")
        .about("The draft has the sources and settings that the version was built from, and the files of its npm packages. A hook has one draft: if there is one, it has to be deleted first. A version that carries no sources, or is not written in JavaScript or TypeScript, cannot be edited.")
        .fields(&[Field::required("from", FieldKind::Number(1, i32::MAX as i64), "Number of the version.")])
        .example(r#"{"from":3}"#)
        .answers(201, "The draft.", draft_example!())
        .errors(&[errors::DRAFT_EXISTS, errors::NO_SOURCES, errors::LIMIT_REACHED]);

    fn read(fields: &mut Fields, (): &()) -> Option<i32> {
        fields.required("from", number)
    }

    fn etag(draft: &Draft) -> Option<String> {
        Some(etag(draft.revision))
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, from: i32) -> Result<Draft> {
        let hook = hook_name(caller.part("hook")?)?;
        let new = of_version(app, caller, &hook, from).await?;
        let (project, name) = (caller.scope.clone(), hook);
        let made = caller.change(app, move |tx, now_ms| {
            let new = NewDraft { now_ms, ..new };
            Ok(match insert(tx, &project, &name, &new)? {
                Err(refusal) => Audited::Unchanged(Err(refusal)),
                Ok(row) => {
                    let about = json!({ "revision": row.revision, "from": from });
                    let entry = AuditEntry::new(Action::DraftCreated, name.as_str()).with(about);
                    Audited::Changed(Ok(row), entry)
                }
            })
        });
        document(&made.await??)
    }
}

/// The version's project as a new draft.
async fn of_version(app: &App, caller: &Caller<ProjectAdmin>, hook: &HookName, from: i32) -> Result<NewDraft> {
    let (project, name) = (caller.scope.clone(), hook.clone());
    let found = app
        .store
        .read(move |tx| match tx.version_by_number(&project, &name, from)? {
            None => Ok(None),
            Some(row) => Ok(tx.component(&project, &row.id)?.map(|component| (row, component))),
        });
    let (version, component) = found.await?.ok_or_else(Refusal::not_found)?;
    if let Some(language) = Runtime::inspect(&component).ok().and_then(|manifest| manifest.language) {
        let reason = format!(
            "it is written in {language}, and only JavaScript and TypeScript are built here; change it in its project, and deploy with `aerocall deploy`"
        );
        return Err(not_editable(from, &reason).into());
    }
    let bundled = BundledProject::of(&component).ok_or_else(|| {
        not_editable(
            from,
            "its bundle carries no sources; upload it again, built by this version of `aerocall`",
        )
    })?;
    if let Some(reason) = &bundled.inputs.packages_omitted {
        return Err(not_editable(from, &format!("its bundle does not carry its npm packages: {reason}")).into());
    }
    let content = Content::of_bundle(&bundled).map_err(|reason| not_editable(from, &reason))?;
    let packages = serde_json::to_string(&bundled.inputs.packages);
    Ok(NewDraft {
        content: content.stored()?,
        packages: packages.map_err(|error| Error::unexpected("writing the packages of a draft", error))?,
        base: Some(DraftBase {
            number: version.number,
            digest: version.digest,
        }),
        now_ms: 0,
        by: caller.actor().author(),
    })
}

/// Keeps a draft, unless the hook has one or the project has too many.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    project: &Slug,
    hook: &HookName,
    new: &NewDraft,
) -> std::result::Result<std::result::Result<DraftRow, Refusal>, StoreError> {
    tx.lock_drafts(project)?;
    if let Some(there) = tx.draft(project, hook)? {
        let message = format!(
            "The hook has a draft of revision {}, changed by {}: go on with it, or delete it first",
            there.revision, there.updated_by
        );
        return Ok(Err(Refusal::new(errors::DRAFT_EXISTS, message)));
    }
    if tx.count_drafts(project)? >= MAX_DRAFTS {
        let message = format!("A project can have at most {MAX_DRAFTS} drafts");
        return Ok(Err(Refusal::limit_reached(message)));
    }
    Ok(Ok(tx.insert_draft(project, hook, new)?))
}

fn number(value: Value) -> Parsed<i32> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    number
        .filter(|number| *number > 0)
        .ok_or_else(|| "must be the number of a version".to_owned())
}
