//! The answer to a question as it comes: Server-Sent Events, each with a document.

use std::io::{BufRead as _, BufReader, Read};

use aerocall_api_types::{
    AssistantDone, AssistantFailed, AssistantRound, AssistantStarted, AssistantText, Proposal, ProposalRound,
};
use serde::Serialize;
use serde_json::Value;

use super::{question::Question, show};
use crate::{
    Failed,
    output::{Output, details},
    target::Target,
    terminal::{self, plain},
};

/// Bytes of a whole answer.
const MAX_BYTES: u64 = 64 << 20;
/// Codes of failures that are of the model's server or the way there.
const OF_MODEL: &str = "model_";
/// Nobody turned the assistant on.
const OFF: &str = "assistant_off";
/// How to.
const TURN_ON: [&str; 2] = [
    "a project administrator turns it on: `PUT …/settings/assistant`, or the page Assistant of the project's settings",
    "or for all projects, in the configuration of the server: `[assistant]` with base_url and model; see docs/assistant.md",
];

/// What came of a question.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    /// What was sent, by part.
    pub(crate) started: Option<AssistantStarted>,
    /// What the model wrote in its last round.
    pub(crate) text: String,
    pub(crate) rounds: Vec<ProposalRound>,
    pub(crate) proposal: Option<Proposal>,
    pub(crate) done: Option<AssistantDone>,
    pub(crate) failed: Option<AssistantFailed>,
}

/// Whether the text of the model is shown while it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watch {
    Text,
    Steps,
}

/// Asks, shows the steps on the way, and gives what came of it.
///
/// # Errors
/// The server refuses, or the answer ends in a failure, which has been said.
pub(crate) async fn ask(target: Target, question: Question, watch: Watch, output: Output) -> Result<Answer, Failed> {
    let asked = move || {
        let admin = target.admin();
        let stream = admin.assistant(&question.hook, &question.body);
        match stream.map_err(|why| admin.explained(why)) {
            Ok(stream) => Ok(read(stream, watch, output)),
            Err(why) => Err(why),
        }
    };
    match tokio::task::spawn_blocking(asked).await? {
        Ok(answer) => ended(answer?, output),
        Err(why) => Err(output.refused(why, |error| match error["code"].as_str() {
            Some(OFF) => TURN_ON.map(String::from).into(),
            _ => details(error),
        })),
    }
}

/// An answer that is whole, or why it is none.
fn ended(answer: Answer, output: Output) -> Result<Answer, Failed> {
    match (&answer.failed, &answer.done) {
        (Some(failed), _) => {
            if output.is_json() {
                terminal::answer_json(&answer)?;
            }
            let said = format!("{} [{}]", plain(&failed.message), plain(&failed.code));
            match failed.code.starts_with(OF_MODEL) {
                true => Err(Failed::Environment(said)),
                false => {
                    terminal::say(format!("error: {said}"));
                    Err(Failed::Checked)
                }
            }
        }
        (None, None) => Err(Failed::Environment(
            "the answer of the server was cut off; ask again".to_owned(),
        )),
        (None, Some(_)) => Ok(answer),
    }
}

/// Reads the events until the last one.
fn read(stream: impl Read, watch: Watch, output: Output) -> Result<Answer, Failed> {
    let mut answer = Answer::default();
    let mut kind = String::new();
    for line in BufReader::new(stream.take(MAX_BYTES)).lines() {
        // A connection that is cut is seen by what is missing.
        let Ok(line) = line else { break };
        if let Some(name) = line.strip_prefix("event:") {
            name.trim().clone_into(&mut kind);
        } else if let Some(data) = line.strip_prefix("data:") {
            answer.hear(&kind, serde_json::from_str(data.trim())?, (watch, output))?;
        }
    }
    if watch == Watch::Text && !output.is_json() && !answer.text.is_empty() {
        terminal::say("");
    }
    Ok(answer)
}

impl Answer {
    fn hear(&mut self, kind: &str, data: Value, (watch, output): (Watch, Output)) -> Result<(), Failed> {
        let quiet = output.is_json();
        match kind {
            "started" => {
                let started: AssistantStarted = serde_json::from_value(data)?;
                if !quiet {
                    show::started(&started);
                }
                self.started = Some(started);
            }
            "round" => {
                let round: AssistantRound = serde_json::from_value(data)?;
                self.text.clear();
                if !quiet {
                    terminal::say(format!("round {} of {}: the model writes …", round.number, round.of));
                }
            }
            "text" => {
                let piece: AssistantText = serde_json::from_value(data)?;
                if watch == Watch::Text && !quiet {
                    terminal::say_part(show::visible(&piece.delta));
                }
                self.text.push_str(&piece.delta);
            }
            "verified" => {
                let round: ProposalRound = serde_json::from_value(data)?;
                if !quiet {
                    show::round(&round);
                }
                self.rounds.push(round);
            }
            "proposal" => self.proposal = Some(serde_json::from_value(data)?),
            "done" => self.done = Some(serde_json::from_value(data)?),
            "failed" => self.failed = Some(serde_json::from_value(data)?),
            // Of a newer server.
            _ => {}
        }
        Ok(())
    }
}
