//! Summaries that a model writes, if a project wants that: asked for in the background, one at a time, and kept. Until there is one,
//! and wherever there is none to be had, the summary from the code is the answer.

use std::sync::Arc;

use aerocall_api_types::{CodeSummary, SummarySource};
use aerocall_runtime::ProjectFile;
use serde_json::json;

use super::{document, key};
use crate::{
    app::App,
    assistant::{Assistant, Choice, Prompt, Purpose, Silent},
    base::{
        error::{Error, Result, chain},
        ids::{HookName, Slug},
        shares::Share,
    },
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, ProjectAdmin},
    },
    outbound::models::Speaker,
    storage::store::SummaryRow,
};

/// Characters of a summary; what is longer is none.
const MAX_CHARACTERS: usize = 500;
/// Characters that are sent of each file.
const MAX_FILE_CHARACTERS: usize = 20_000;
/// Files that are sent.
const MAX_FILES: usize = 20;
/// Tokens of the answer, thinking included.
const OUTPUT_TOKENS: u32 = 2_048;
/// A model that failed is not asked again before.
const RETRY_MS: i64 = 600_000;
/// What the model is asked.
const QUESTION: &str = "Say in one or two plain sentences, together at most 300 characters, what this hook does, for an administrator who decides \
                        whether it may run. Begin with when it runs. Say only what the code does, and nothing about how. Answer with the sentences alone.";

/// The summary of a model, if the project has its summaries from one and there is one; else the one from the code, and the model is
/// asked, unless it is answering another question of the project.
pub(super) async fn or_code(
    app: &App,
    caller: &Caller<ProjectAdmin>,
    (hook, digest): (&HookName, &str),
    code: CodeSummary,
    sources: impl AsyncFnOnce() -> Result<Option<Vec<ProjectFile>>>,
) -> Result<CodeSummary> {
    let project = &caller.scope;
    let Some(assistant) = writer(app, project).await? else {
        return Ok(code);
    };
    let (key, model) = (key(digest), assistant.server.model.clone());
    if let Some(answer) = kept(app, project, &key, &model).await?.answer(&code) {
        return Ok(answer);
    }
    let Some(turn) = app.assistants.background.begin(project) else {
        return Ok(code);
    };
    // By whoever had the turn before.
    if let Some(answer) = kept(app, project, &key, &model).await?.answer(&code) {
        return Ok(answer);
    }
    if let (Some(files), Some(app)) = (sources().await?, app.shared()) {
        let about =
            json!({ "task": "summary", "digest": digest, "model": model, "provider": assistant.server.provider });
        let entry = AuditEntry::new(Action::AssistantAsked, hook.as_str()).with(about);
        caller.change(&app, |_, _| Ok(Audited::Changed((), entry))).await?;
        let work = Work {
            app,
            project: project.clone(),
            hook: hook.clone(),
            key,
            facts: code.facts.clone(),
            files,
            assistant: *assistant,
            _turn: turn,
        };
        tokio::spawn(work.run());
    }
    Ok(code)
}

/// The model that writes the summaries of a project, if it wants them from one.
pub(super) async fn model(app: &App, project: &Slug) -> Result<Option<String>> {
    let writer = writer(app, project).await?;
    Ok(writer.map(|assistant| assistant.server.model.clone()))
}

async fn writer(app: &App, project: &Slug) -> Result<Option<Box<Assistant>>> {
    Ok(match app.assistants.choice(project).await? {
        Choice::On(assistant) if assistant.summaries == SummarySource::Model => Some(assistant),
        _ => None,
    })
}

/// What is known of a model's summary.
pub(super) enum Kept {
    Written(Box<CodeSummary>),
    /// Not long ago.
    Failed,
    Nothing,
}

impl Kept {
    pub(super) fn of(row: Option<SummaryRow>, now_ms: i64) -> Result<Self> {
        Ok(match row {
            Some(row) if !row.text.is_empty() => Self::Written(Box::new(document(&row)?)),
            Some(failed) if now_ms - failed.created_ms < RETRY_MS => Self::Failed,
            _ => Self::Nothing,
        })
    }

    /// What is answered without asking the model.
    pub(super) fn answer(self, code: &CodeSummary) -> Option<CodeSummary> {
        match self {
            Self::Written(summary) => Some(*summary),
            Self::Failed => Some(code.clone()),
            Self::Nothing => None,
        }
    }
}

async fn kept(app: &App, project: &Slug, key: &str, model: &str) -> Result<Kept> {
    let (of, wanted, said_by) = (project.clone(), key.to_owned(), model.to_owned());
    let row = app.store.read(move |tx| tx.summary(&of, &wanted, &said_by)).await?;
    Kept::of(row, app.clock.now_ms())
}

/// A summary that is being written.
struct Work {
    app: Arc<App>,
    project: Slug,
    hook: HookName,
    key: String,
    facts: aerocall_api_types::CodeFacts,
    files: Vec<ProjectFile>,
    assistant: Assistant,
    _turn: Share,
}

impl Work {
    async fn run(self) {
        let model = self.assistant.server.model.clone();
        let text = match self.ask().await {
            Ok(text) => text,
            Err(error) => {
                tracing::info!(project = %self.project, hook = %self.hook, error = why(&error), "a model did not write a summary");
                String::new()
            }
        };
        let project = self.project.clone();
        if let Err(error) = self.keep(model, text).await {
            tracing::warn!(project = %project, error = why(&error), "a summary could not be kept");
        }
    }

    /// The sentences; empty if the answer is something else.
    async fn ask(&self) -> Result<String> {
        let mut assistant = self.assistant.clone();
        assistant.limits.output_tokens = assistant.limits.output_tokens.min(OUTPUT_TOKENS);
        let mut prompt = Prompt::default();
        let own = self.files.iter().filter(|file| !file.0.starts_with("node_modules/"));
        for file in own.take(MAX_FILES) {
            prompt.data(&format!("file {}", file.0), &file.1, MAX_FILE_CHARACTERS);
        }
        prompt.message(Speaker::Person, QUESTION);
        let mut asker = self.app.assistants.asker(&self.project, assistant).await?;
        asker.check(&prompt)?;
        let entry = format!("hooks/{}.ts", self.hook);
        let written = prompt.write(Purpose::Explain, self.hook.as_str(), &entry)?;
        let answered = asker.ask(&written.instructions, &written.turns, &mut Silent).await?;
        Ok(answered.map_or_else(String::new, |answered| sentences(&answered.text)))
    }

    async fn keep(self, model: String, text: String) -> Result<()> {
        let facts = serde_json::to_string(&self.facts);
        let row = SummaryRow {
            digest: self.key,
            model,
            text,
            facts: facts.map_err(|error| Error::unexpected("writing the facts of a summary", error))?,
            created_ms: self.app.clock.now_ms(),
        };
        let project = self.project;
        self.app.store.write(move |tx| tx.put_summary(&project, &row)).await?;
        Ok(())
    }
}

fn why(error: &Error) -> String {
    match error {
        Error::Refused(refusal) => refusal.message.clone().into_owned(),
        Error::Unexpected(unexpected) => chain(unexpected),
    }
}

/// An answer on one line; empty if it is no summary: too long, or with code in it.
fn sentences(answer: &str) -> String {
    let line: String = answer.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_summary = line.chars().count() <= MAX_CHARACTERS && !line.contains("```");
    match is_summary {
        true => line,
        false => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[test]
    fn a_summary_is_short_and_has_no_code() {
        assert_eq!(
            sentences(" Before sign-up:\n  denies free mail. "),
            "Before sign-up: denies free mail."
        );
        assert_eq!(sentences("```ts\nexport const on = {};\n```"), "");
        assert_eq!(sentences(&"word ".repeat(200)), "");
    }
}
