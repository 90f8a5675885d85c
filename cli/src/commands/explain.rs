//! `aerocall explain`: the assistant of the server explains a hook, lines of it, or an invocation.

use std::path::PathBuf;

use serde_json::json;

use crate::{
    Failed,
    assistant::{Lines, Question, Watch, ask, file_in, hook_of, show},
    manage::{Common, Request},
    project::{HookFile, Project},
    terminal,
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall explain hooks/signup.ts\n  \
    aerocall explain hooks/signup.ts:12-20\n  \
    aerocall explain --hook signup --ask \"why is this denied for example.com?\"\n  \
    aerocall explain --invocation inv_…\n\n\
    An invocation is sent without addresses, names and secrets. See docs/assistant.md.")]
pub(crate) struct Arguments {
    /// A file of the project, with lines if only they are meant: hooks/signup.ts:3-9
    #[arg(value_name = "FILE[:LINES]")]
    place: Option<Lines>,
    /// The hook [default: that of the file or the invocation, or the only one]
    #[arg(long)]
    hook: Option<String>,
    /// Id of an invocation on the server
    #[arg(long)]
    invocation: Option<String>,
    /// What to explain, in your words
    #[arg(long)]
    ask: Option<String>,
    /// The project directory
    #[arg(long, default_value = ".")]
    directory: PathBuf,
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let project = Project::open_or_empty(&arguments.directory)?;
    let file = arguments
        .place
        .as_ref()
        .map(|place| file_in(&project, &place.file))
        .transpose()?;
    let named = match (&arguments.hook, &arguments.invocation) {
        (None, Some(id)) => {
            let request = Request::new("GET", &["invocations", id]);
            let call: aerocall_api_types::InvocationDetail = arguments.common.fetched(request).await?;
            Some(call.run.hook)
        }
        (named, _) => named
            .clone()
            .or_else(|| file.as_deref().and_then(|file| of_file(&project, file))),
    };
    let hook = hook_of(&project, named.as_deref())?;
    let text = arguments
        .ask
        .as_deref()
        .unwrap_or(match (&arguments.invocation, &arguments.place) {
            (Some(_), _) => "Explain what happened in this invocation, and why.",
            (None, Some(Lines { lines: Some(_), .. })) => "Explain the selected lines.",
            _ => "Explain what this hook does.",
        });
    let mut question = match is_here(&project, &hook) {
        true => Question::about(&project, &hook, "explain", text).await?,
        false => Question::bare(&hook.name, "explain", text),
    };
    let target = arguments.common.target_of(&project.settings)?;
    question.body["environment"] = json!(target.environment);
    question.body["attach"] = json!({ "diagnostics": true, "invocation": arguments.invocation });
    if let (
        Some(file),
        Some(Lines {
            lines: Some((first, last)),
            ..
        }),
    ) = (file, &arguments.place)
    {
        question.body["selection"] = json!({ "file": file, "startLine": first, "endLine": last });
    }
    let output = arguments.common.output();
    let answer = ask(target, question, Watch::Steps, output).await?;
    if output.is_json() {
        return terminal::answer_json(&answer);
    }
    terminal::answer(show::visible(answer.text.trim()));
    if let Some(done) = &answer.done {
        show::usage(&done.usage);
    }
    Ok(())
}

/// The hook that a file of `hooks/` is.
fn of_file(project: &Project, file: &str) -> Option<String> {
    let hook = project.hooks.iter().find(|hook| hook.path == file)?;
    Some(hook.name.clone())
}

fn is_here(project: &Project, hook: &HookFile) -> bool {
    project.root.join(&hook.path).exists()
}
