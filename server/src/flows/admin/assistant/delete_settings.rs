//! `DELETE …/settings/assistant`

use aerocall_api_types::{AssistantSettings, Permission};

use super::{SETTINGS, SETTINGS_EXAMPLE};
use crate::{
    app::App,
    base::error::Result,
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, Flow, Method, ProjectAdmin},
    },
};

/// Returns a project to the assistant of the installation.
pub(crate) struct DeleteAssistantSettings;

impl Flow for DeleteAssistantSettings {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = AssistantSettings;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, SETTINGS, "Delete the settings of the assistant")
        .about("Deletes what the project has set, its key included. Those of the installation apply again.")
        .answers(200, "The settings that apply now.", SETTINGS_EXAMPLE);

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<AssistantSettings> {
        let project = caller.scope.clone();
        let deleted = caller.change(app, move |tx, _| {
            Ok(match tx.delete_assistant_setting(&project)? {
                false => Audited::Unchanged(()),
                true => Audited::Changed((), AuditEntry::new(Action::SettingPut, "assistant")),
            })
        });
        deleted.await?;
        app.assistants.document(&caller.scope).await
    }
}
