//! `DELETE /admin/api/v1/projects/{project}/environments/{environment}`

use aerocall_api_types::{Deleted, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{CONFIRM, confirmed};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{Scope, Slug},
        input::{Fields, text},
    },
    domain::audit::{Action, AuditEntry, Place},
    flows::steps::{
        audited::{self, Audited},
        endpoint::{Caller, Endpoint, Flow, Method, Proof, ServerAdmin, environment},
    },
};

/// Deletes an environment of a project.
pub(crate) struct DeleteEnvironment;

impl Flow for DeleteEnvironment {
    type Who = ServerAdmin;
    /// What it was confirmed with.
    type Input = String;
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::ServerManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, environment!(""), "Delete an environment")
        .about("Deletes the environment with all users, deployments, settings, its database and its part of the audit log. Its keys stop working at once, on all nodes; the data is deleted in the background, and the name can be used again when that has ended, after about two minutes. It cannot be undone. The last environment cannot be deleted: delete the project. Recorded in the server's audit log. Requires an admin token of the server.")
        .fields(&[CONFIRM])
        .example(r#"{"confirm":"staging"}"#)
        .answers(202, "The environment is gone for everybody; its data is being deleted.", r#"{"deleted": "staging"}"#)
        .errors(&[errors::LAST_ENVIRONMENT]);

    fn read(fields: &mut Fields, (): &()) -> Option<String> {
        fields.required("confirm", text)
    }

    async fn run(app: &App, caller: &Caller<ServerAdmin>, confirm: String) -> Result<Deleted> {
        let slug = |text| Slug::parse(text).map_err(|_| Refusal::not_found());
        let scope = Scope {
            project: slug(caller.part("project")?)?,
            environment: slug(caller.part("environment")?)?,
        };
        let wanted = scope.clone();
        let deleted = audited::change(app, Place::Server, caller.actor(), move |tx, now_ms| {
            tx.advisory_lock(&format!("project {}", wanted.project))?;
            let name = wanted.environment.as_str();
            let project = tx.project(&wanted.project)?;
            let environments = project.map(|project| project.environments).unwrap_or_default();
            if !environments.iter().any(|environment| environment == name) {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            }
            if let Err(problem) = confirmed(&confirm, name) {
                return Ok(Audited::Unchanged(Err(problem)));
            }
            if environments.len() == 1 {
                let message = "This is the last environment of the project: delete the project instead";
                return Ok(Audited::Unchanged(Err(Refusal::new(errors::LAST_ENVIRONMENT, message))));
            }
            tx.remove_environment(&wanted, now_ms)?;
            let entry = AuditEntry::new(Action::EnvironmentDeleted, name);
            Ok(Audited::Changed(
                Ok(()),
                entry.with(json!({ "project": wanted.project })),
            ))
        });
        deleted.await??;
        app.hooks.platform.removals.notify_one();
        Ok(Deleted {
            deleted: scope.environment.to_string(),
        })
    }
}
