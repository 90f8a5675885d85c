//! `POST …/projects/{project}/hooks`

use aerocall_api_types::{Draft, Permission};
use aerocall_contract::errors;
use serde_json::{Value, json};

use super::{Content, HOOKS, create::insert, document, draft_example, etag};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{HookName, Slug},
        input::{Fields, text},
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::hook_templates::{self, Template},
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectAdmin, Revisions},
        },
    },
    storage::store::{CaseRow, NewDraft, StoreError, Tx},
};

/// Creates a hook: a draft of a hook that has no version.
pub(crate) struct CreateHook;

/// What the hook is called, and what it begins as.
pub(crate) struct NewHook {
    name: HookName,
    template: &'static Template,
}

impl Flow for CreateHook {
    type Who = ProjectAdmin;
    type Input = NewHook;
    type Output = Draft;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const REVISIONS: Revisions = Revisions::Answered;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, HOOKS, "Create a hook")
        .about("Creates a draft with the files of a template, `hooks/<name>.ts` first, its settings and its test cases. A project has at most 200 drafts. The hook has no version until one is made of the draft (`POST …/versions`), and is not run until a version of it is deployed.")
        .fields(&[
            Field::required("name", FieldKind::Json(r#"{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"}"#), "Name of the hook."),
            Field::optional(
                "template",
                FieldKind::OneOf(hook_templates::NAMES),
                "What the hook begins as (`GET /admin/api/v1/hook-templates`). `before-signup` if omitted.",
            ),
        ])
        .example(r#"{"name":"signup","template":"before-signup"}"#)
        .answers(201, "The draft.", draft_example!())
        .errors(&[errors::HOOK_EXISTS, errors::LIMIT_REACHED]);

    fn read(fields: &mut Fields, (): &()) -> Option<NewHook> {
        let name = fields.required("name", |value| HookName::parse(&text(value)?));
        let template = fields.optional("template", |value| hook_templates::named(&text(value)?));
        name.map(|name| NewHook {
            name,
            template: template.unwrap_or(hook_templates::FIRST),
        })
    }

    fn etag(draft: &Draft) -> Option<String> {
        Some(etag(draft.revision))
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, hook: NewHook) -> Result<Draft> {
        let NewHook { name, template } = hook;
        let content = Content {
            files: template.files(name.as_str()),
            settings: template.settings()?,
        };
        let (cases, actor) = (template.cases()?, caller.actor().actor);
        let (project, by, content) = (caller.scope.clone(), caller.actor().author(), content.stored()?);
        let made = caller.change(app, move |tx, now_ms| {
            let cases = cases.into_iter().map(|case| CaseRow {
                name: case.name,
                document: Value::Object(case.document).to_string(),
                created_by: actor.clone(),
                created_ms: now_ms,
                updated_ms: now_ms,
            });
            let cases: Vec<CaseRow> = cases.collect();
            let new = NewDraft {
                content,
                packages: "[]".to_owned(),
                base: None,
                now_ms,
                by,
            };
            tx.lock_drafts(&project)?;
            let exists = tx.draft(&project, &name)?.is_some() || !tx.versions(&project, &name)?.is_empty();
            if exists {
                let message = format!("The project has a hook `{name}`: choose another name, or begin a draft of it");
                return Ok(Audited::Unchanged(Err(Refusal::new(errors::HOOK_EXISTS, message))));
            }
            Ok(match insert(tx, &project, &name, &new)? {
                Err(refusal) => Audited::Unchanged(Err(refusal)),
                Ok(row) => {
                    insert_cases(tx, &project, &name, &cases)?;
                    let about = json!({ "revision": row.revision, "template": template.name });
                    let entry = AuditEntry::new(Action::DraftCreated, name.as_str()).with(about);
                    Audited::Changed(Ok(row), entry)
                }
            })
        });
        document(&made.await??)
    }
}

/// Keeps the cases of a template, unless a hook of this name that was deleted has left ones of the same names.
fn insert_cases(
    tx: &mut Tx<'_>,
    project: &Slug,
    hook: &HookName,
    cases: &[CaseRow],
) -> std::result::Result<(), StoreError> {
    for case in cases {
        if tx.case(project, hook, &case.name)?.is_none() {
            tx.insert_case(project, hook, case)?;
        }
    }
    Ok(())
}
