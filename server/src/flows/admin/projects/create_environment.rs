//! `POST /admin/api/v1/projects/{project}/environments`

use aerocall_api_types::ProjectKeys;

use super::{SLUG, insert_environment, new_keys, slug};
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
    .errors(&["environment_exists"]);

    fn read(fields: &mut Fields, (): &()) -> Option<Slug> {
        fields.required("name", slug)
    }

    async fn run(app: &App, caller: &Caller<ServerAdmin>, environment: Slug) -> Result<ProjectKeys> {
        let project = Slug::parse(caller.part("project")?).map_err(|_| Refusal::not_found())?;
        let scope = Scope { project, environment };
        let keys = new_keys(&scope)?;
        let (stored, place) = (keys.clone(), Place::Environment(scope.clone()));
        let created = audited::change(app, place, caller.actor(), move |tx, now_ms| {
            tx.advisory_lock(&format!("project {}", scope.project))?;
            let Some(project) = tx.project(&scope.project)? else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            let name = scope.environment.as_str();
            if project.environments.iter().any(|existing| existing == name) {
                let message = "The project has an environment with this name already";
                let refusal = Refusal::new(409, "environment_exists", message);
                return Ok(Audited::Unchanged(Err(refusal)));
            }
            insert_environment(tx, &scope, &stored, now_ms)?;
            Ok(Audited::Changed(
                Ok(()),
                AuditEntry::new(Action::EnvironmentCreated, name),
            ))
        });
        created.await??;
        Ok(keys)
    }
}
