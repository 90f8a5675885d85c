//! `POST /admin/api/v1/projects`

use aerocall_api_types::{Permission, ProjectKeys, Role};
use aerocall_contract::errors;

use super::{FirstKeys, SLUG, slug};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{Scope, Slug},
        input::{Fields, short_text},
    },
    domain::audit::{Action, AuditEntry, Place},
    flows::steps::{
        audited::{self, Audited},
        endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, ServerAdmin},
    },
};

/// Creates a project with its first environment and the keys of that.
pub(crate) struct CreateProject;

/// What the client sends: `{ id, name?, environment? }`.
pub(crate) struct Input {
    scope: Scope,
    name: String,
}

impl Flow for CreateProject {
    type Who = ServerAdmin;
    type Input = Input;
    type Output = ProjectKeys;

    const NEEDS: Option<Permission> = Some(Permission::ServerManage);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/projects", "Create a project")
        .about("Creates a project with its first environment and that environment's API keys. The secret key is returned only here. An administrator who creates a project with their account is its first owner. Requires an admin of the server.")
        .fields(&[
            Field::required("id", SLUG, "1 to 63 characters of `a-z`, `0-9` and `-`, not beginning with `-`."),
            Field::optional("name", FieldKind::Text(100), "Display name; the id if omitted."),
            Field::optional("environment", SLUG, "Name of the first environment; `production` if omitted."),
        ])
        .example(r#"{"id":"shop","name":"Shop"}"#)
        .answers(
            201,
            "The API keys of the environment.",
            r#"{"project_id": "shop", "environment": "production", "publishable_key": "pk_…", "secret_key": "sk_…"}"#,
        )
        .errors(&[errors::PROJECT_EXISTS]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let project = fields.required("id", slug);
        let environment = fields.optional("environment", slug);
        let name = fields.optional("name", short_text(100));
        project.map(|project| {
            let environment = environment.unwrap_or_else(Slug::production);
            let name = name.unwrap_or_else(|| project.to_string());
            Input {
                scope: Scope { project, environment },
                name,
            }
        })
    }

    async fn run(app: &App, caller: &Caller<ServerAdmin>, input: Input) -> Result<ProjectKeys> {
        let Input { scope, name } = input;
        let owner = caller.who.admin.person().map(|person| person.account.id.clone());
        let (keys, place) = (FirstKeys::new()?, Place::Environment(scope.clone()));
        let created = audited::change(app, place, caller.actor(), move |tx, now_ms| {
            tx.advisory_lock(&format!("project {}", scope.project))?;
            if tx.is_project_taken(&scope.project)? {
                let refusal = Refusal::new(errors::PROJECT_EXISTS, taken(tx.project(&scope.project)?.is_some()));
                return Ok(Audited::Unchanged(Err(refusal)));
            }
            tx.insert_project(&scope.project, &name, now_ms)?;
            if let Some(owner) = &owner {
                tx.insert_member(&scope.project, owner, Role::Owner, now_ms)?;
            }
            let keys = keys.insert_environment(tx, &scope, now_ms)?;
            let entry = AuditEntry::new(Action::ProjectCreated, scope.project.as_str());
            Ok(Audited::Changed(Ok(keys), entry))
        });
        Ok(created.await??)
    }
}

fn taken(is_there: bool) -> &'static str {
    match is_there {
        true => "There is a project with this id already",
        false => "A project with this id is being deleted; its id is free when that has ended",
    }
}
