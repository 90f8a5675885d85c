//! `aerocall ai`: the assistant of the server writes or changes a hook of the project; a person looks at it and applies it.

use std::path::PathBuf;

use aerocall_api_types::AssistantResult;
use serde_json::json;

use crate::{
    Failed,
    assistant::{Accepted, Answer, Question, Unverified, Watch, apply, ask, hook_of, show},
    manage::Common,
    project::Project,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall ai \"reject free e-mail providers\" --point beforeSignup\n  \
    aerocall ai \"count sign-ups by IP address\" --hook limits --apply\n  \
    aerocall ai \"send new users to the CRM\" --apply --accept-capabilities http:api.crm.example,secrets:crm_token\n\n\
    The server asks the model that it or the project has set, builds what it writes, and runs the test cases that are stored with the\n\
    hook; see docs/assistant.md. The exit code is 1 if the proposal is not verified or was not applied.")]
pub(crate) struct Arguments {
    /// What the hook is to do
    text: String,
    /// The hook: a file of hooks/ without its ending, or the name of a new one [default: the only one]
    #[arg(long)]
    hook: Option<String>,
    /// The hook point or event that it is for, such as beforeSignup
    #[arg(long)]
    point: Option<String>,
    /// Write the files of the proposal into the project
    #[arg(long)]
    apply: bool,
    /// Write them even if they do not build or test cases fail
    #[arg(long, requires = "apply")]
    accept_unverified: bool,
    /// New capabilities that the hook may have: http:api.example.com,secrets:key
    #[arg(long, requires = "apply", value_delimiter = ',')]
    accept_capabilities: Vec<String>,
    /// Show what the model writes, round by round
    #[arg(long)]
    rounds: bool,
    /// The project directory
    #[arg(long, default_value = ".")]
    directory: PathBuf,
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let project = Project::open_or_empty(&arguments.directory)?;
    let hook = hook_of(&project, arguments.hook.as_deref())?;
    let mut question = Question::about(&project, &hook, "change", &arguments.text).await?;
    let target = arguments.common.target_of(&project.settings)?;
    question.body["environment"] = json!(target.environment);
    if let Some(point) = &arguments.point {
        question.body["point"] = json!(point);
    }
    let watch = match arguments.rounds {
        true => Watch::Text,
        false => Watch::Steps,
    };
    let output = arguments.common.output();
    let answer = ask(target, question, watch, output).await?;
    if !output.is_json() {
        say(&answer);
    }
    let written = match (&answer.proposal, arguments.apply) {
        (Some(proposal), true) => {
            let accepted = Accepted {
                unverified: match arguments.accept_unverified {
                    true => Unverified::Accepted,
                    false => Unverified::Refused,
                },
                capabilities: arguments.accept_capabilities,
            };
            apply(&project, proposal, &accepted)
        }
        _ => Ok(Vec::new()),
    };
    finish(&answer, written, output)
}

/// Says what came of it, in the end.
fn finish(answer: &Answer, written: Result<Vec<String>, Failed>, output: crate::output::Output) -> Result<(), Failed> {
    if output.is_json() {
        let mut document = serde_json::to_value(answer)?;
        document["written"] = json!(written.as_deref().unwrap_or_default());
        terminal::answer_json(&document)?;
    }
    let written = written?;
    if !output.is_json() {
        written
            .iter()
            .for_each(|file| terminal::answer(format!("wrote {}", plain(file))));
    }
    match &answer.proposal {
        Some(proposal) if !proposal.verified && written.is_empty() => Err(Failed::Checked),
        _ => Ok(()),
    }
}

fn say(answer: &Answer) {
    match (&answer.proposal, &answer.done) {
        (Some(proposal), _) => show::proposal(proposal),
        (None, Some(done)) if done.result == AssistantResult::Text => {
            terminal::answer(show::visible(answer.text.trim()))
        }
        (None, _) => {}
    }
    if let Some(done) = &answer.done {
        show::usage(&done.usage);
    }
}
