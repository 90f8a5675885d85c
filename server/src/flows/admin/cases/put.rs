//! `PUT /admin/api/v1/projects/{project}/hooks/{hook}/cases/{case}`

use aerocall_api_types::{HookCase, Permission};
use aerocall_contract::errors;

use super::{DOCUMENT, MAX_BODY_BYTES, ONE, case, document, example, insert, named};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::hooks::hook_name,
        steps::{
            audited::Audited,
            endpoint::{BodyLimit, Caller, Endpoint, Flow, Method, ProjectAdmin, Put},
        },
    },
    storage::store::CaseRow,
};

/// Creates a case, or replaces it.
pub(crate) struct PutCase;

impl Flow for PutCase {
    type Who = ProjectAdmin;
    /// A document that is a case.
    type Input = String;
    type Output = Put<HookCase>;

    const NEEDS: Option<Permission> = Some(Permission::HooksDeploy);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Put, ONE, "Create or replace a test case of a hook")
        .about("A hook has at most 100 cases.")
        .fields(&[DOCUMENT])
        .example(r#"{"document":{"hook":"beforeSignup","payload":{"user":{"email":"person1@gmail.com"}},"expect":{"reply":{"kind":"allow"}}}}"#)
        .answers(201, "The case.", example!())
        .errors(&[errors::LIMIT_REACHED]);

    const BODY: BodyLimit = BodyLimit::Bytes(MAX_BODY_BYTES);

    fn read(fields: &mut Fields, (): &()) -> Option<String> {
        fields.required("document", document)
    }

    fn status(output: &Put<HookCase>) -> u16 {
        output.status()
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, document: String) -> Result<Put<HookCase>> {
        let (project, hook) = (caller.scope.clone(), hook_name(caller.part("hook")?)?);
        let (name, owner, created_by) = (named(caller.part("case")?)?, hook.clone(), caller.actor().actor);
        let kept = caller.change(app, move |tx, now_ms| {
            let entry = AuditEntry::new(Action::CasePut, format!("{owner}/{name}"));
            if let Some(row) = tx.update_case(&project, &owner, &name, &document, now_ms)? {
                return Ok(Audited::Changed(Ok(Put::Replaced(row)), entry));
            }
            let row = CaseRow {
                name,
                document,
                created_by,
                created_ms: now_ms,
                updated_ms: now_ms,
            };
            Ok(match insert(tx, &project, &owner, &row)? {
                Ok(()) => Audited::Changed(Ok(Put::New(row)), entry),
                Err(refusal) => Audited::Unchanged(Err(refusal)),
            })
        });
        kept.await??.try_map(|row| case(&hook, row))
    }
}
