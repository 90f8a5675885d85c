//! `POST /admin/api/v1/projects/{project}/hooks/{hook}/cases`

use aerocall_api_types::{HookCase, Permission};
use aerocall_contract::errors;

use super::{DOCUMENT, MAX_BODY_BYTES, PATH, case, document, example, insert, name};
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, text},
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::hooks::hook_name,
        steps::{
            audited::Audited,
            endpoint::{BodyLimit, Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectAdmin},
        },
    },
    storage::store::CaseRow,
};

/// Creates a case.
pub(crate) struct CreateCase;

/// What is asked for.
pub(crate) struct Input {
    name: String,
    document: String,
}

impl Flow for CreateCase {
    type Who = ProjectAdmin;
    type Input = Input;
    type Output = HookCase;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, PATH, "Create a test case of a hook")
        .about("A hook has at most 100 cases.")
        .fields(&[
            Field::required("name", FieldKind::Text(64), "1 to 64 of A-Z, a-z, 0-9, _ and -."),
            DOCUMENT,
        ])
        .example(r#"{"name":"free-mail","document":{"hook":"beforeSignup","payload":{"user":{"email":"person1@gmail.com"}},"expect":{"reply":{"kind":"allow"}}}}"#)
        .answers(201, "The case.", example!())
        .errors(&[errors::CASE_EXISTS, errors::LIMIT_REACHED]);

    const BODY: BodyLimit = BodyLimit::Bytes(MAX_BODY_BYTES);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let name = fields.required("name", |value| name(&text(value)?));
        let document = fields.required("document", document);
        name.zip(document).map(|(name, document)| Input { name, document })
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, input: Input) -> Result<HookCase> {
        let (project, hook) = (caller.scope.clone(), hook_name(caller.part("hook")?)?);
        let (owner, created_by) = (hook.clone(), caller.actor().actor);
        let kept = caller.change(app, move |tx, now_ms| {
            let row = CaseRow {
                name: input.name,
                document: input.document,
                created_by,
                created_ms: now_ms,
                updated_ms: now_ms,
            };
            Ok(match insert(tx, &project, &owner, &row)? {
                Ok(()) => {
                    let entry = AuditEntry::new(Action::CasePut, format!("{owner}/{}", row.name));
                    Audited::Changed(Ok(row), entry)
                }
                Err(refusal) => Audited::Unchanged(Err(refusal)),
            })
        });
        case(&hook, kept.await??)
    }
}
