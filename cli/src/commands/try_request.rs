//! `aerocall try`: a request of the auth API from end to end, as a dry-run or as a live test.

use std::{collections::BTreeMap, path::Path};

use aerocall_api_types::{TriedRequest, TryEffect, TryEffectKind, TryMode, TryStep, TryStepKind};
use serde_json::{Value, json};

use crate::{
    Failed, documents,
    manage::{Common, Request},
    output::{pretty, word},
    terminal::{self, Stream, Style, paint, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall try register --body '{\"email\":\"ada@example.com\",\"password\":\"correct horse battery\"}'\n  \
    aerocall try register --body @body.json --use signup=draft\n  \
    aerocall try me --method GET --header 'authorization: Bearer eyJ…'\n  \
    aerocall try login --body @- --live              in the environment itself, for a user of tests\n\n\
    A dry-run runs for real and changes nothing. The exit code is 0 if the request was answered with a status below 400, and 1\n\
    otherwise.")]
pub(crate) struct Arguments {
    /// The endpoint: `register`, `password/forgot`, or a path such as `/auth/register`, with its query
    endpoint: String,
    /// HTTP method [default: the one that the endpoint has, or POST]
    #[arg(long)]
    method: Option<String>,
    /// The body: JSON, `@` and a file, or `@-` for standard input
    #[arg(long, value_name = "JSON|@FILE")]
    body: Option<String>,
    /// A header, as 'name: value'; can be given several times
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// A hook in another version than the live one: its draft, or a version by its number
    #[arg(long = "use", value_name = "HOOK=draft|NUMBER")]
    uses: Vec<String>,
    /// Responses of other hosts to hooks: JSON, `@` and a file; `given.http` of a test case
    #[arg(long, value_name = "JSON|@FILE")]
    http: Option<String>,
    /// Run it in the environment itself: for users of tests alone, and listed in the audit log
    #[arg(long, conflicts_with_all = ["uses", "http"])]
    live: bool,
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let request = Request::new("POST", &["try"]).with(body(&arguments)?);
    let tried: TriedRequest = arguments.common.fetched(request).await?;
    let is_good = tried.response.status < 400;
    arguments
        .common
        .output()
        .print(&tried, |tried| terminal::answer(text(tried)))?;
    match is_good {
        true => Ok(()),
        false => Err(Failed::Checked),
    }
}

fn body(arguments: &Arguments) -> Result<Value, Failed> {
    let path = match arguments.endpoint.starts_with('/') {
        true => arguments.endpoint.clone(),
        false => format!("/auth/{}", arguments.endpoint),
    };
    let mut body = json!({ "path": path, "mode": if arguments.live { TryMode::Live } else { TryMode::DryRun } });
    if let Some(method) = &arguments.method {
        body["method"] = method.to_uppercase().into();
    }
    if let Some(text) = &arguments.body {
        body["body"] = document(text, "--body")?;
    }
    if let Some(text) = &arguments.http {
        body["http"] = document(text, "--http")?;
    }
    let headers = arguments.headers.iter().map(|line| {
        let pair = line
            .split_once(':')
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        pair.ok_or_else(|| Failed::Usage(format!("--header {line:?}: must be 'name: value'")))
    });
    body["headers"] = json!(headers.collect::<Result<BTreeMap<_, _>, _>>()?);
    if !arguments.uses.is_empty() {
        body["use"] = json!(
            arguments
                .uses
                .iter()
                .map(|one| used(one))
                .collect::<Result<BTreeMap<_, _>, _>>()?
        );
    }
    Ok(body)
}

/// JSON, or the file that has it.
fn document(text: &str, flag: &str) -> Result<Value, Failed> {
    match text.strip_prefix('@') {
        Some(path) => documents::read(Path::new(path)),
        None => serde_json::from_str(text).map_err(|error| Failed::Usage(format!("{flag}: not valid JSON: {error}"))),
    }
}

/// `signup=draft`, `signup=4`.
fn used(text: &str) -> Result<(String, Value), Failed> {
    let wrong = || Failed::Usage(format!("--use {text:?}: must be HOOK=draft or HOOK=NUMBER"));
    let (hook, version) = text.split_once('=').ok_or_else(wrong)?;
    let version = match version {
        "draft" => version.into(),
        number => number.parse::<u32>().map_err(|_| wrong())?.into(),
    };
    Ok((hook.to_owned(), version))
}

fn text(tried: &TriedRequest) -> String {
    let mut lines: Vec<String> = tried.steps.iter().flat_map(step).collect();
    lines.push("response".to_owned());
    lines.extend(indented(&tried.response.body));
    if !tried.effects.is_empty() {
        lines.push("effects".to_owned());
        lines.extend(tried.effects.iter().map(effect));
    }
    if tried.effects_dropped > 0 {
        lines.push(format!("  {} more", tried.effects_dropped));
    }
    for follow_up in &tried.would_run {
        let (kind, name, cause) = (word(&follow_up.kind), plain(&follow_up.name), plain(&follow_up.cause));
        lines.push(format!("would run: {} {name} for {cause}", kind.replace('_', " ")));
    }
    lines.push(footer(tried));
    lines.join("\n")
}

fn step(step: &TryStep) -> Vec<String> {
    // Precise enough for what is shown: two digits of a millisecond.
    let milliseconds = step.duration_us as f64 / 1_000.0;
    let style = match step.outcome.as_str() {
        "allow" | "patch" | "done" => Style::Good,
        outcome if outcome.starts_with(['2', '3']) => Style::Good,
        "deny" | "refused" => Style::Caution,
        _ => Style::Bad,
    };
    let outcome = paint(Stream::Answer, style, &plain(&step.outcome));
    let (indent, name) = match (step.kind, &step.hook) {
        (TryStepKind::Request, _) => ("", plain(&step.name)),
        (TryStepKind::Hook, Some(hook)) => {
            let version = match step.version {
                Some(0) | None => "draft".to_owned(),
                Some(number) => format!("v{number}"),
            };
            ("    ", format!("{} {version}", plain(hook)))
        }
        _ => ("  ", plain(&step.name)),
    };
    let mut lines = vec![format!("{indent}{name} {outcome} {milliseconds:.2} ms")];
    if let Some(reply) = &step.reply
        && !matches!(reply, aerocall_api_types::Reply::Allow)
    {
        lines.push(format!("      {}", one_line(reply)));
    }
    lines.extend(step.logs.iter().map(|line| {
        let message = plain(&line.message).replace('\n', "\n            ");
        format!("      {:5} {message}", word(&line.level))
    }));
    let call = |call: &aerocall_api_types::HostCall| {
        format!(
            "      {} {} → {}",
            plain(&call.name),
            one_line(&call.arguments),
            one_line(&call.answer)
        )
    };
    lines.extend(step.host_calls.iter().map(call));
    lines
}

fn effect(effect: &TryEffect) -> String {
    let what = match effect.after.is_null() {
        true => &effect.before,
        false => &effect.after,
    };
    let undone = if effect.remains { "" } else { " (undone)" };
    format!(
        "  {} {}{undone} {}",
        word(&effect.operation),
        plain(&effect.name),
        one_line(what)
    )
}

/// What happened to the world.
fn footer(tried: &TriedRequest) -> String {
    if !tried.changed_nothing {
        return format!(
            "Live: this happened in the environment, and is in the audit log as {}",
            plain(&tried.id)
        );
    }
    let count = |kinds: &[TryEffectKind]| {
        let of_kind = |effect: &&TryEffect| kinds.contains(&effect.kind) && effect.remains;
        tried.effects.iter().filter(of_kind).count()
    };
    let (mails, jobs) = (count(&[TryEffectKind::Mail]), count(&[TryEffectKind::Job]));
    let rows = tried.effects.iter().filter(|effect| effect.remains).count() - mails - jobs;
    format!("Nothing was sent or stored: {mails} mails, {jobs} jobs and {rows} other changes were simulated")
}

fn one_line(document: &impl serde::Serialize) -> String {
    const MOST_CHARS: usize = 160;
    let text = serde_json::to_string(document).unwrap_or_default();
    let text = plain(&text);
    match text.chars().count() > MOST_CHARS {
        true => format!("{}…", text.chars().take(MOST_CHARS).collect::<String>()),
        false => text,
    }
}

fn indented(document: &Value) -> Vec<String> {
    pretty(document).lines().map(|line| format!("  {line}")).collect()
}
