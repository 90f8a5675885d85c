//! `POST …/settings/assistant/test`

use std::time::Instant;

use aerocall_api_types::{AssistantTest, Permission};
use aerocall_contract::errors;
use serde_json::json;

use crate::{
    app::App,
    assistant::Silent,
    base::error::{Error, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, Flow, Method, ProjectAdmin},
    },
    outbound::models::{Speaker, Turn},
};

/// Tokens of the answer: enough for a model that thinks before it says one word.
const OUTPUT_TOKENS: u32 = 512;

/// Asks the model for one word.
pub(crate) struct TestAssistant;

impl Flow for TestAssistant {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = AssistantTest;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        "/admin/api/v1/projects/{project}/settings/assistant/test",
        "Test the assistant",
    )
    .about("Sends one short request to the model with the stored settings, and says what came of it. Nothing of the project is sent.")
    .answers(
        200,
        "The model answers.",
        r#"{"model": "qwen3-coder", "milliseconds": 412, "inputTokens": 14, "outputTokens": 2}"#,
    )
    .errors(&[
        errors::ASSISTANT_OFF,
        errors::ASSISTANT_LIMIT,
        errors::MODEL_UNREACHABLE,
        errors::MODEL_REFUSED,
        errors::MODEL_RATE_LIMITED,
        errors::MODEL_TIMEOUT,
        errors::MODEL_ANSWER_INVALID,
    ]);

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<AssistantTest> {
        let mut assistant = app.assistants.of(&caller.scope).await?;
        assistant.limits.output_tokens = assistant.limits.output_tokens.min(OUTPUT_TOKENS);
        let configured = assistant.server.model.clone();
        let about = json!({ "provider": assistant.server.provider, "model": configured });
        let entry = AuditEntry::new(Action::AssistantTested, "assistant").with(about);
        caller.change(app, |_, _| Ok(Audited::Changed((), entry))).await?;
        let mut asker = app.assistants.asker(&caller.scope, assistant).await?;
        let turns = [Turn {
            speaker: Speaker::Person,
            text: "Answer with the one word: ready".to_owned(),
        }];
        let begun = Instant::now();
        let answered = asker.ask("You answer with one word.", &turns, &mut Silent).await?;
        let answered = answered.ok_or_else(|| Error::unexpected("testing the assistant", "nobody listened"))?;
        Ok(AssistantTest {
            model: answered.model.unwrap_or(configured),
            milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            input_tokens: asker.used().input_tokens,
            output_tokens: asker.used().output_tokens,
        })
    }
}
