//! The rounds of a question: the model answers, what it wrote is verified, and what failed goes back to it. It goes on beside the
//! request, and ends with whoever listens.

use std::sync::Arc;

use aerocall_api_types::{
    AssistantDone, AssistantFailed, AssistantResult, AssistantRound, AssistantStarted, AssistantTask, FileChange,
    HiddenCharacters, Proposal, ProposalRound,
};
use aerocall_contract::errors;
use serde_json::json;

use super::{
    context::listed,
    events::Events,
    input::Input,
    verify::{Base, Verification, Verified},
};
use crate::{
    app::App,
    assistant::{Answer, Answered, Asker, Proposed, Written, fenced_data, hidden_in, unified},
    base::{
        clock,
        error::{Error, Refusal, Result, chain},
        ids::{HookName, Scope},
    },
    domain::audit::{Action, Actor, AuditEntry, Place},
    flows::steps::audited::{self, Audited},
    outbound::models::{Ending, Speaker, Turn},
    storage::store::ProposalRow,
};

/// Proposals that a project has at the same time; of more, the newest.
const MAX_PROPOSALS: i64 = 100;
/// Characters of what goes back to the model.
const MAX_FEEDBACK_CHARS: usize = 12_000;
/// Bytes of a kept proposal.
const MAX_DOCUMENT_BYTES: usize = 8 << 20;

/// A question under way.
pub(super) struct Work {
    pub(super) app: Arc<App>,
    pub(super) scope: Scope,
    pub(super) hook: HookName,
    pub(super) id: String,
    pub(super) actor: Actor,
    pub(super) asker: Asker,
    pub(super) input: Input,
    pub(super) base: Base,
    pub(super) entry: String,
    pub(super) hidden: Vec<HiddenCharacters>,
    pub(super) written: Written,
    pub(super) events: Events,
}

/// What the rounds came to so far.
#[derive(Default)]
struct Rounds {
    rounds: Vec<ProposalRound>,
    /// The files of all rounds: a later one may name only those that it corrects.
    proposed: Proposed,
    text: String,
    last: Option<Verified>,
    model: Option<String>,
}

/// How a question ended.
enum Ended {
    Proposal(AssistantResult),
    Text,
    /// Nobody listens any more.
    Gone,
}

impl Work {
    /// Goes on by itself.
    pub(super) fn begin(mut self) {
        tokio::spawn(async move {
            let ended = Box::pin(self.run()).await;
            let told = match ended {
                Ok(Ended::Gone) => Ok(()),
                Ok(Ended::Proposal(result)) => self.done(result).await,
                Ok(Ended::Text) => self.done(AssistantResult::Text).await,
                Err(error) => self.failed(error).await,
            };
            if let Err(error) = told {
                tracing::warn!(error = error.described(), "the end of a question could not be told");
            }
        });
    }

    async fn run(&mut self) -> Result<Ended> {
        self.started().await?;
        let mut rounds = Rounds::default();
        let mut turns = self.written.turns.clone();
        let most = match self.input.task {
            AssistantTask::Explain => 1,
            AssistantTask::Change | AssistantTask::Cases => self.asker.assistant.limits.rounds,
        };
        for number in 1..=most {
            self.events.in_round(number);
            self.events.tell("round", &AssistantRound { number, of: most }).await?;
            let answered = match self
                .asker
                .ask(&self.written.instructions, &turns, &mut self.events)
                .await
            {
                Ok(Some(answered)) => answered,
                Ok(None) => return Ok(Ended::Gone),
                Err(error) => {
                    self.give_up(&mut rounds, number, error)?;
                    break;
                }
            };
            self.hidden
                .extend(hidden_in(&format!("answer {number}"), &answered.removed));
            let answer = self.read(&answered);
            if !answer.is_proposal() {
                match rounds.last {
                    None => return Ok(Ended::Text),
                    Some(_) => break,
                }
            }
            self.verified(&mut rounds, number, &answered, answer).await?;
            let Some(round) = rounds.rounds.last().filter(|round| !round.problems.is_empty()) else {
                break;
            };
            turns.push(turn(Speaker::Model, &answered.text));
            turns.push(turn(Speaker::Person, &feedback(round)?));
        }
        self.propose(rounds).await
    }

    /// What an answer is, by what was asked for.
    fn read(&self, answered: &Answered) -> Answer {
        if self.input.task == AssistantTask::Explain {
            return Answer::default();
        }
        let mut answer = Answer::read(&answered.text, &self.entry);
        if self.input.task == AssistantTask::Cases {
            // Files were not asked for.
            answer.files.clear();
        }
        if answered.ending == Ending::TokensUsedUp && answer.is_proposal() {
            let most = self.asker.assistant.limits.output_tokens;
            answer
                .problems
                .push(format!("the answer was cut after {most} tokens: write less"));
        }
        answer
    }

    async fn verified(&mut self, rounds: &mut Rounds, number: u32, answered: &Answered, answer: Answer) -> Result<()> {
        rounds.proposed = Proposed::of(&answer.files).and(&rounds.proposed);
        let verification = Verification {
            app: &self.app,
            scope: &self.scope,
            hook: &self.hook,
            base: &self.base,
            point: self.input.point.as_deref(),
            migrations: &self.input.migrations,
        };
        let verified = verification.verify(number, &rounds.proposed, &answer).await?;
        self.events.tell("verified", &verified.round).await?;
        rounds.rounds.push(verified.round.clone());
        rounds.last = Some(verified);
        rounds.model.clone_from(&answered.model);
        rounds.text = answer.text;
        Ok(())
    }

    /// A model that fails after it has proposed something leaves what it has proposed.
    fn give_up(&self, rounds: &mut Rounds, number: u32, error: Error) -> Result<()> {
        let Some(last) = &mut rounds.last else {
            return Err(error);
        };
        match error {
            Error::Refused(refusal) => {
                let problem = format!("round {number}: {}", refusal.message);
                last.round.problems.push(problem);
                Ok(())
            }
            unexpected => Err(unexpected),
        }
    }

    /// Keeps the proposal, with its line of the audit log, and tells it.
    async fn propose(&mut self, rounds: Rounds) -> Result<Ended> {
        let Some(last) = rounds.last else {
            return Ok(Ended::Text);
        };
        let files = rounds.proposed.changes_to(&self.base.content.files);
        let result = match files.is_empty() && !last.cases.is_empty() {
            true => AssistantResult::Cases,
            false => AssistantResult::Proposal,
        };
        let mut problems = last.round.problems.clone();
        if files.is_empty() && last.cases.is_empty() && problems.is_empty() {
            problems.push("the files are as they were".to_owned());
        }
        let now_ms = self.app.clock.now_ms();
        let configured = self.asker.assistant.server.model.clone();
        let proposal = Proposal {
            id: self.id.clone(),
            hook: self.hook.to_string(),
            point: self.input.point.clone(),
            revision: self.base.revision,
            created_at: clock::iso(now_ms).into(),
            created_by: self.actor.author(),
            model: rounds.model.unwrap_or(configured),
            provider: self.asker.assistant.server.provider,
            text: rounds.text,
            diff: unified(&files),
            files,
            verified: problems.is_empty(),
            problems,
            rounds: rounds.rounds,
            capabilities: last.capabilities,
            cases: last.cases,
            hidden: self.hidden.clone(),
            applied_at: None,
            applied_revision: None,
        };
        self.keep(&proposal, now_ms).await?;
        self.events.tell("proposal", &proposal).await?;
        Ok(Ended::Proposal(result))
    }

    async fn keep(&self, proposal: &Proposal, now_ms: i64) -> Result<()> {
        let document =
            serde_json::to_string(proposal).map_err(|error| Error::unexpected("writing a proposal", error))?;
        if document.len() > MAX_DOCUMENT_BYTES {
            let message = format!(
                "The proposal has {} bytes, more than the {MAX_DOCUMENT_BYTES} that are kept",
                document.len()
            );
            return Err(Refusal::new(errors::MODEL_ANSWER_INVALID, message).into());
        }
        let row = ProposalRow {
            id: proposal.id.clone(),
            document,
            created_ms: now_ms,
            applied_ms: None,
            applied_revision: None,
        };
        let paths: Vec<&str> = proposal
            .files
            .iter()
            .map(|file: &FileChange| file.path.as_str())
            .collect();
        let about = json!({
            "id": proposal.id,
            "model": proposal.model,
            "revision": proposal.revision,
            "files": paths,
            "cases": proposal.cases.len(),
            "rounds": proposal.rounds.len(),
            "verified": proposal.verified,
            "problems": proposal.problems,
            "capabilities": proposal.capabilities.added,
            "inputTokens": self.asker.used().input_tokens,
            "outputTokens": self.asker.used().output_tokens,
        });
        let entry = AuditEntry::new(Action::AssistantProposed, self.hook.as_str()).with(about);
        let (project, hook) = (self.scope.project.clone(), self.hook.clone());
        let place = Place::Project(project.clone());
        audited::change(&self.app, place, self.actor.clone(), move |tx, _| {
            tx.insert_proposal(&project, &hook, &row, MAX_PROPOSALS)?;
            Ok(Audited::Changed((), entry))
        })
        .await
    }

    async fn started(&self) -> Result<()> {
        let started = AssistantStarted {
            id: self.id.clone(),
            provider: self.asker.assistant.server.provider,
            model: self.asker.assistant.server.model.clone(),
            parts: self.written.parts.clone(),
            hidden: self.hidden.clone(),
        };
        self.events.tell("started", &started).await
    }

    async fn done(&self, result: AssistantResult) -> Result<()> {
        let usage = self.asker.usage().await;
        self.events.tell("done", &AssistantDone { result, usage }).await
    }

    async fn failed(&self, error: Error) -> Result<()> {
        let (code, message) = match error {
            Error::Refused(refusal) => (refusal.code.into_owned(), refusal.message.into_owned()),
            Error::Unexpected(error) => {
                tracing::error!(id = self.id, error = chain(&error), "unexpected error of the assistant");
                let message = format!(
                    "An unexpected error occurred. Include the id when you report it: {}",
                    self.id
                );
                (errors::INTERNAL_ERROR.name.to_owned(), message)
            }
        };
        let usage = self.asker.usage().await;
        self.events
            .tell("failed", &AssistantFailed { code, message, usage })
            .await
    }
}

fn turn(speaker: Speaker, text: &str) -> Turn {
    Turn {
        speaker,
        text: text.to_owned(),
    }
}

/// What failed, for the model.
fn feedback(round: &ProposalRound) -> Result<String> {
    let mut text = round.problems.join("\n");
    if !round.diagnostics.is_empty() {
        text.push_str(&format!("\n\nDiagnostics:\n{}", listed(&round.diagnostics)));
    }
    for case in &round.cases.failed {
        text.push_str(&format!("\nTest case \"{}\" fails: {}", case.name, case.message));
    }
    let text: String = text.chars().take(MAX_FEEDBACK_CHARS).collect();
    let fenced = fenced_data("problems", &text)?;
    Ok(format!(
        "The server has tried what you wrote, and there are problems. Correct them, and write every file and test case that you \
         change again as a whole.\n\n{fenced}"
    ))
}
