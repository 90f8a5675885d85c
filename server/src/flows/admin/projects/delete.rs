//! `DELETE /admin/api/v1/projects/{project}`

use aerocall_api_types::{Deleted, Permission};
use serde_json::json;

use super::{CONFIRM, confirmed};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::Slug,
        input::{Fields, text},
    },
    domain::audit::{Action, AuditEntry, Place},
    flows::steps::{
        audited::{self, Audited},
        endpoint::{Caller, Endpoint, Flow, Method, Proof, ServerAdmin},
    },
};

/// Deletes a project with all its environments.
pub(crate) struct DeleteProject;

impl Flow for DeleteProject {
    type Who = ServerAdmin;
    /// What it was confirmed with.
    type Input = String;
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::ServerManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, "/admin/api/v1/projects/{project}", "Delete a project")
        .about("Deletes the project with all environments, users, hooks, settings, databases and its part of the audit log. Keys and tokens stop working at once, on all nodes; the data is deleted in the background, and the id can be used again when that has ended, after about two minutes. It cannot be undone. Recorded in the server's audit log. Requires an admin token of the server.")
        .fields(&[CONFIRM])
        .example(r#"{"confirm":"shop"}"#)
        .answers(202, "The project is gone for everybody; its data is being deleted.", r#"{"deleted": "shop"}"#);

    fn read(fields: &mut Fields, (): &()) -> Option<String> {
        fields.required("confirm", text)
    }

    async fn run(app: &App, caller: &Caller<ServerAdmin>, confirm: String) -> Result<Deleted> {
        let id = Slug::parse(caller.part("project")?).map_err(|_| Refusal::not_found())?;
        let wanted = id.clone();
        let deleted = audited::change(app, Place::Server, caller.actor(), move |tx, now_ms| {
            tx.advisory_lock(&format!("project {wanted}"))?;
            let Some(project) = tx.project(&wanted)? else {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            };
            if let Err(problem) = confirmed(&confirm, wanted.as_str()) {
                return Ok(Audited::Unchanged(Err(problem)));
            }
            tx.remove_project(&wanted, &project.environments, now_ms)?;
            let entry = AuditEntry::new(Action::ProjectDeleted, wanted.as_str());
            let entry = entry.with(json!({ "name": project.name, "environments": project.environments }));
            Ok(Audited::Changed(Ok(()), entry))
        });
        deleted.await??;
        app.hooks.platform.removals.notify_one();
        Ok(Deleted {
            deleted: id.to_string(),
        })
    }
}
