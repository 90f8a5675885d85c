//! `GET …/settings/assistant`

use aerocall_api_types::{AssistantSettings, Permission};

use super::{SETTINGS, SETTINGS_EXAMPLE};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
};

/// Shows which model answers in a project, and what was used today.
pub(crate) struct GetAssistantSettings;

impl Flow for GetAssistantSettings {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = AssistantSettings;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(SETTINGS, "Get the settings of the assistant")
        .about("Which model answers, whose settings these are, the limits, and what the project has used today. The key is never answered.")
        .answers(200, "The settings.", SETTINGS_EXAMPLE);

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<AssistantSettings> {
        app.assistants.document(&caller.scope).await
    }
}
