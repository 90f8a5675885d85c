//! Hooks of a project and their drafts: sources that are edited on the server, and become versions. A draft has a revision that
//! every change names, so that nobody overwrites what they have not seen.

mod build;
mod check;
mod content;
mod create;
mod create_hook;
mod delete;
mod get;
mod list_hooks;
mod packages;
mod put;
mod types;

use aerocall_api_types::{Draft, DraftBase, DraftSummary};
use aerocall_contract::errors;
use serde_json::{Value, json};

pub(crate) use check::CheckHook;
pub(crate) use create::CreateDraft;
pub(crate) use create_hook::CreateHook;
pub(crate) use delete::DeleteDraft;
pub(crate) use get::GetDraft;
pub(crate) use list_hooks::ListHooks;
pub(crate) use put::PutDraft;

pub(in crate::flows::admin) use build::{build, build_bundled, errors_in};
pub(in crate::flows) use build::{build_draft, built, not_built};
pub(in crate::flows::admin) use check::diagnostic;
pub(crate) use content::Content;
pub(in crate::flows::admin) use content::{all_files, settings_document, source_files};
pub(in crate::flows::admin) use packages::packages;
pub(in crate::flows::admin) use put::not_changed;
pub(in crate::flows::admin) use types::{NO_COMPILER, check_types, compiler_options, declarations, untyped_packages};

use crate::{
    app::App,
    base::{
        clock,
        error::{Problem, Refusal, Result},
        ids::{HookName, Slug},
        input::Parsed,
        stored,
    },
    flows::steps::endpoint::{Caller, ProjectAdmin},
    storage::store::{DraftRow, DraftSummaryRow},
};

/// The hooks of a project.
const HOOKS: &str = "/admin/api/v1/projects/{project}/hooks";
/// The draft of a hook.
const DRAFT: &str = "/admin/api/v1/projects/{project}/hooks/{hook}/draft";

/// Drafts of one project.
const MAX_DRAFTS: i64 = 200;

/// For the reference.
macro_rules! draft_example {
    () => {
        r#"{"hook": "signup", "revision": 4, "files": [{"path": "hooks/signup.ts", "text": "export const beforeSignup = async () => {};\n"}], "packages": [{"name": "nanoid", "version": "5.1.6", "files": 3, "sizeBytes": 4096}], "settings": {"entry": null, "capabilities": ["cache"], "limits": {"deadlineMs": 500}, "schedules": {}}, "base": {"number": 3, "digest": "sha256:…"}, "updatedAt": "2026-01-31T12:00:00.000Z", "updatedBy": "admin:…"}"#
    };
}

pub(in crate::flows::admin) use draft_example;

/// Schema of the files of a draft.
pub(in crate::flows::admin) const FILES: &str = r#"{"type":"array","minItems":1,"maxItems":1000,"items":{"type":"object","additionalProperties":false,"required":["path","text"],"properties":{"path":{"type":"string","minLength":1,"maxLength":200},"text":{"type":"string"}}}}"#;
/// What is said of them.
pub(in crate::flows::admin) const ABOUT_FILES: &str = "The source files: at most 1,000, of at most 1 MiB each and 2 MiB together. Paths are relative to the project, with `/`. The hook is `settings.entry`, or else `hooks/<name>.ts` or another file with its name. Files of npm packages can be added below `node_modules/`.";
/// Schema of the settings of a draft.
pub(in crate::flows::admin) const SETTINGS: &str = r#"{"type":"object","additionalProperties":false,"properties":{"entry":{"type":["string","null"],"maxLength":200},"capabilities":{"type":["array","null"],"maxItems":100,"items":{"type":"string","maxLength":500}},"limits":{"type":"object","additionalProperties":{"type":"integer","minimum":0}},"schedules":{"type":"object","maxProperties":100,"additionalProperties":{"type":"string","maxLength":500}}}}"#;
/// What is said of them.
pub(in crate::flows::admin) const ABOUT_SETTINGS: &str = "What a build needs besides the files, as `aerocall.toml` has it: the file that the hook is, the most that it may touch and use, and when it is called at set times. Nothing if omitted.";

/// A draft as the admin API shows it.
pub(in crate::flows::admin) fn document(row: &DraftRow) -> Result<Draft> {
    let content = Content::of(row)?;
    Ok(Draft {
        hook: row.hook.clone(),
        revision: row.revision,
        settings: settings_document(&content.settings)?,
        files: source_files(content.files),
        packages: packages(&stored::json::<Vec<_>>(&row.packages)?),
        base: base(row.base_number, row.base_digest.as_ref()),
        updated_at: clock::iso(row.updated_ms).into(),
        updated_by: row.updated_by.clone(),
    })
}

fn summary(row: DraftSummaryRow) -> DraftSummary {
    DraftSummary {
        revision: row.revision,
        base: base(row.base_number, row.base_digest.as_ref()),
        updated_at: clock::iso(row.updated_ms).into(),
        updated_by: row.updated_by,
    }
}

fn base(number: Option<i32>, digest: Option<&String>) -> Option<DraftBase> {
    let digest = digest.cloned();
    number.zip(digest).map(|(number, digest)| DraftBase { number, digest })
}

/// The draft of a hook, if there is one.
pub(in crate::flows) async fn find(app: &App, project: &Slug, hook: &HookName) -> Result<Option<DraftRow>> {
    let (project, hook) = (project.clone(), hook.clone());
    Ok(app.store.read(move |tx| tx.draft(&project, &hook)).await?)
}

/// The draft of a hook, at the revision that the caller has seen.
///
/// # Errors
/// `not_found` if there is none, `draft_conflict` if it has another revision.
pub(in crate::flows) async fn at_revision(
    app: &App,
    project: &Slug,
    hook: &HookName,
    revision: i64,
) -> Result<DraftRow> {
    let row = find(app, project, hook).await?.ok_or_else(Refusal::not_found)?;
    match row.revision == revision {
        true => Ok(row),
        false => Err(conflict(revision, Some(&row)).into()),
    }
}

/// The draft has changed since the caller read it: both sides, the caller's as far as the server knows it.
pub(in crate::flows::admin) fn conflict(sent: i64, theirs: Option<&DraftRow>) -> Refusal {
    let message = match theirs {
        Some(row) => format!(
            "The draft has revision {} by now, by {}; yours began from {sent}",
            row.revision, row.updated_by
        ),
        None => format!("The draft of revision {sent} was deleted"),
    };
    let theirs = theirs.and_then(|row| serde_json::to_value(document(row).ok()?).ok());
    Refusal {
        conflict: Some(Box::new(json!({ "yours": { "revision": sent }, "theirs": theirs }))),
        ..Refusal::new(errors::DRAFT_CONFLICT, message)
    }
}

/// The revision that the header `If-Match` names.
pub(in crate::flows::admin) fn expected_revision(caller: &Caller<ProjectAdmin>) -> Result<i64> {
    let Some(sent) = &caller.request.if_match else {
        return Err(Refusal::new(
            errors::PRECONDITION_REQUIRED,
            "Name the revision that you have read: If-Match: \"<revision>\"",
        )
        .into());
    };
    let tag = sent.strip_prefix("W/").unwrap_or(sent);
    let quoted = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    let revision = quoted.and_then(|revision| revision.parse().ok());
    Ok(revision.ok_or_else(|| {
        Refusal::invalid_input(vec![Problem {
            field: "If-Match".to_owned(),
            problem: "must be one revision in quotes, as in the ETag of the draft: \"4\"".to_owned(),
        }])
    })?)
}

/// As the header has it.
pub(in crate::flows::admin) fn etag(revision: i64) -> String {
    format!("\"{revision}\"")
}

/// A revision in a body.
pub(in crate::flows::admin) fn revision(value: &Value) -> Parsed<i64> {
    value
        .as_i64()
        .filter(|revision| *revision > 0)
        .ok_or_else(|| "must be the revision of the draft".to_owned())
}
