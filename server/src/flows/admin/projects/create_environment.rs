//! `POST /admin/api/v1/projects/{project}/environments`

use aerocall_api_types::{Permission, ProjectKeys};
use aerocall_contract::errors;

use super::{FirstKeys, SLUG, slug};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{Scope, Slug},
        input::Fields,
    },
    domain::audit::{Action, AuditEntry, Place},
    flows::steps::{
        audited::{self, Audited},
        endpoint::{Caller, Endpoint, Field, Flow, Method, ServerAdmin},
    },
};

/// Creates another environment of a project, with keys of its own and nothing in it.
pub(crate) struct CreateEnvironment;

impl Flow for CreateEnvironment {
    type Who = ServerAdmin;
    type Input = Slug;
    type Output = ProjectKeys;

    const NEEDS: Option<Permission> = Some(Permission::ServerManage);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        "/admin/api/v1/projects/{project}/environments",
        "Create an environment",
    )
    .about("Creates an empty environment with its own API keys. The secret key is returned only here. Requires an admin token.")
    .fields(&[Field::required(
        "name",
        SLUG,
        "1 to 63 characters of `a-z`, `0-9` and `-`, not beginning with `-`.",
    )])
    .example(r#"{"name":"staging"}"#)
    .answers(
        201,
        "The API keys of the environment.",
        r#"{"project_id": "shop", "environment": "staging", "publishable_key": "pk_…", "secret_key": "sk_…"}"#,
    )
    .errors(&[errors::ENVIRONMENT_EXISTS]);

    fn read(fields: &mut Fields, (): &()) -> Option<Slug> {
        fields.required("name", slug)
    }

    async fn run(app: &App, caller: &Caller<ServerAdmin>, environment: Slug) -> Result<ProjectKeys> {
        let project = Slug::parse(caller.part("project")?).map_err(|_| Refusal::not_found())?;
        let scope = Scope { project, environment };
        let (keys, place) = (FirstKeys::new()?, Place::Environment(scope.clone()));
        let created = audited::change(app, place, caller.actor(), move |tx, now_ms| {
            tx.advisory_lock(&format!("project {}", scope.project))?;
            if tx.project(&scope.project)?.is_none() {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            }
            if tx.is_environment_taken(&scope)? {
                let refusal = Refusal::new(errors::ENVIRONMENT_EXISTS, taken(tx.is_environment(&scope)?));
                return Ok(Audited::Unchanged(Err(refusal)));
            }
            let keys = keys.insert_environment(tx, &scope, now_ms)?;
            let entry = AuditEntry::new(Action::EnvironmentCreated, scope.environment.as_str());
            Ok(Audited::Changed(Ok(keys), entry))
        });
        Ok(created.await??)
    }
}

fn taken(is_there: bool) -> &'static str {
    match is_there {
        true => "The project has an environment with this name already",
        false => "The environment with this name is being deleted; its name is free when that has ended",
    }
}
