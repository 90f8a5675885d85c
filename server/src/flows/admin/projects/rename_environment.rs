//! `PATCH /admin/api/v1/projects/{project}/environments/{environment}`

use aerocall_api_types::{Environment, Permission};
use serde_json::json;

use super::{ENVIRONMENT, environment as shown};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Fields, short_text},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentOwner, Field, FieldKind, Flow, Method, environment},
    },
};

/// Gives an environment another display name.
pub(crate) struct RenameEnvironment;

impl Flow for RenameEnvironment {
    type Who = EnvironmentOwner;
    type Input = String;
    type Output = Environment;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Patch, environment!(""), "Rename an environment")
        .about("Changes the display name. The name never changes: tokens, URLs and logs contain it. Requires an admin token of the server or of the project.")
        .fields(&[Field::required("displayName", FieldKind::Text(100), "Display name.")])
        .example(r#"{"displayName":"Staging (EU)"}"#)
        .answers(200, "The environment.", ENVIRONMENT);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<String> {
        fields.required("displayName", short_text(100))
    }

    async fn run(app: &App, caller: &Caller<EnvironmentOwner>, name: String) -> Result<Environment> {
        let scope = caller.scope.clone();
        let renamed = caller.change(app, move |tx, _| {
            let Some(before) = tx.environment(&scope)? else {
                return Ok(Audited::Unchanged(None));
            };
            if before.display_name.as_deref() == Some(name.as_str()) {
                return Ok(Audited::Unchanged(Some(before)));
            }
            tx.rename_environment(&scope, &name)?;
            let entry = AuditEntry::new(Action::EnvironmentRenamed, scope.environment.as_str());
            let entry = entry.with(json!({ "from": before.display_name, "to": name }));
            Ok(Audited::Changed(tx.environment(&scope)?, entry))
        });
        Ok(renamed.await?.map(shown).ok_or_else(Refusal::not_found)?)
    }
}
