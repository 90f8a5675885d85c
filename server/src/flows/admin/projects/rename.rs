//! `PATCH /admin/api/v1/projects/{project}`

use aerocall_api_types::{Permission, Project};
use serde_json::json;

use super::{PROJECT, project};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Fields, short_text},
    },
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectOwner},
    },
};

/// Gives a project another display name.
pub(crate) struct RenameProject;

impl Flow for RenameProject {
    type Who = ProjectOwner;
    type Input = String;
    type Output = Project;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Patch, "/admin/api/v1/projects/{project}", "Rename a project")
        .about("Changes the display name. The id never changes: tokens, URLs and logs contain it. Requires an admin token of the server or of the project.")
        .fields(&[Field::required("name", FieldKind::Text(100), "Display name.")])
        .example(r#"{"name":"Shop"}"#)
        .answers(200, "The project.", PROJECT);

    fn read(fields: &mut Fields, (): &()) -> Option<String> {
        fields.required("name", short_text(100))
    }

    async fn run(app: &App, caller: &Caller<ProjectOwner>, name: String) -> Result<Project> {
        let id = caller.scope.clone();
        let renamed = caller.change(app, move |tx, _| {
            let Some(before) = tx.project(&id)? else {
                return Ok(Audited::Unchanged(None));
            };
            if before.name == name {
                return Ok(Audited::Unchanged(Some(before)));
            }
            tx.rename_project(&id, &name)?;
            let entry = AuditEntry::new(Action::ProjectRenamed, id.as_str());
            let entry = entry.with(json!({ "from": before.name, "to": name }));
            Ok(Audited::Changed(tx.project(&id)?, entry))
        });
        Ok(renamed.await?.map(project).ok_or_else(Refusal::not_found)?)
    }
}
