//! `aerocall replay`: a recorded invocation, run again with the answers that it got: on the server, or here on a bundle that no
//! server has.

use std::path::{Path, PathBuf};

use aerocall_api_types::{Recording, ReplayResult, ReplaySide, ReplayTarget, ReplayVerdict};
use aerocall_compiler::EngineName;
use aerocall_runtime::Fault;
use aerocall_server::local::{self, RecordedInvocation};
use serde_json::json;

use crate::{
    Failed,
    bundles::{self, Bundle, no_such_hook},
    host,
    manage::{Common, Request},
    output::{pretty, word},
    project::{self, Project},
    terminal::{self, Stream, Style, paint, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall replay inv_…                            the version that ran: the same reply and fuel\n  \
    aerocall replay inv_… --version 4\n  \
    aerocall replay inv_… --fail db.query#2=timeout\n  \
    aerocall replay inv_… --bundle hooks/signup.ts   what the code here does with the same answers\n\n\
    The verdict is identical, same_decision, changed, diverged (the hook asks for something that it had not asked for) or\n\
    unknown (the record is incomplete or gone). Exit codes: 0 identical or same_decision, 1 changed or diverged, 3 unknown.")]
pub(crate) struct Arguments {
    /// Id of the invocation: see `aerocall logs`
    invocation: String,
    /// Number of the version to run, or `live` [default: the version that ran]
    #[arg(long, conflicts_with = "bundle")]
    version: Option<String>,
    /// Run it on this machine: a hook file, a bundle (`.wasm`), or a project directory
    #[arg(long, value_name = "PATH")]
    bundle: Option<PathBuf>,
    /// An SDK call that fails, such as db.query#2=timeout
    #[arg(long = "fail", value_name = "CALL=CODE")]
    faults: Vec<String>,
    /// The JavaScript engine to build source code for
    #[arg(long, default_value = "quickjs")]
    engine: EngineName,
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    for fault in &arguments.faults {
        fault.parse::<Fault>().map_err(Failed::Usage)?;
    }
    let result = match &arguments.bundle {
        Some(path) => here(&arguments, path).await?,
        None => on_server(&arguments).await?,
    };
    let verdict = result.verdict;
    arguments
        .common
        .output()
        .print(&result, |result| terminal::answer(text(result)))?;
    match verdict {
        ReplayVerdict::Identical | ReplayVerdict::SameDecision => Ok(()),
        ReplayVerdict::Changed | ReplayVerdict::Diverged => Err(Failed::Checked),
        ReplayVerdict::Unknown => {
            let why = result.reason.map(|reason| reason.message).unwrap_or_default();
            Err(Failed::Environment(format!("nothing can be said: {why}")))
        }
    }
}

async fn on_server(arguments: &Arguments) -> Result<ReplayResult, Failed> {
    let mut body = json!({ "faults": arguments.faults });
    if let Some(version) = &arguments.version {
        body["target"] = match version.parse::<u32>() {
            Ok(number) => number.into(),
            Err(_) => version.as_str().into(),
        };
    }
    let request = Request::new("POST", &["invocations", &arguments.invocation, "replay"]).with(body);
    arguments.common.fetched(request).await
}

/// The recording comes from the server; the hook and its engine are here.
async fn here(arguments: &Arguments, path: &Path) -> Result<ReplayResult, Failed> {
    let request = Request::new("GET", &["invocations", &arguments.invocation, "recording"]);
    let recording: Recording = arguments.common.fetched(request).await?;
    let recorded = RecordedInvocation::of(recording)
        .map_err(|problem| Failed::Environment(format!("the recording is of another version: {problem}")))?;
    let bundle = bundle(path, &recorded, arguments.engine).await?;
    if !bundle.answers(&recorded.point) {
        return Err(Failed::Usage(no_such_hook(&recorded.point, &bundle.points())));
    }
    let runtime = host::runtime(host::Artifacts::of_user(), 4).await?;
    let hook = runtime.load(&bundle.component).await;
    let hook = hook.map_err(|refused| Failed::Usage(format!("{}: {}", refused.code, refused.message)))?;
    let limits = local::limits(&bundle.manifest.limits)?;
    let faults = arguments.faults.iter().filter_map(|fault| fault.parse().ok()).collect();
    // The version here has no number; the one that ran stands for it, since hooks see it.
    let judged = recorded.replay(&hook, recorded.version, &limits, faults).await;
    let target = ReplayTarget {
        version: 0,
        digest: hook.digest().to_owned(),
    };
    Ok(recorded.result(judged, target)?)
}

async fn bundle(path: &Path, recorded: &RecordedInvocation, engine: EngineName) -> Result<Bundle, Failed> {
    if !project::is_project(path) {
        return bundles::of_file(path, engine).await.map_err(bundles::said);
    }
    let all = bundles::all_of(&Project::open(path)?, engine).await?;
    let mut having = all.into_iter().filter(|bundle| bundle.name == recorded.hook);
    having
        .next()
        .ok_or_else(|| Failed::Usage(format!("{} has no hook {}", path.display(), recorded.hook)))
}

fn text(result: &ReplayResult) -> String {
    let style = match result.verdict {
        ReplayVerdict::Identical | ReplayVerdict::SameDecision => Style::Good,
        ReplayVerdict::Changed | ReplayVerdict::Unknown => Style::Caution,
        ReplayVerdict::Diverged => Style::Bad,
    };
    let mut lines = vec![format!(
        "{}  {}",
        paint(Stream::Answer, style, &word(&result.verdict)),
        plain(&result.invocation)
    )];
    if let Some(reason) = &result.reason {
        lines.push(format!("  {}", reason.message));
    }
    if let Some(at) = &result.diverges_at {
        let expected = at.expected.as_ref().map_or_else(
            || "no further call".to_owned(),
            |expected| format!("{} {}", expected.name, expected.arguments),
        );
        lines.push(format!("  call {}", at.call));
        lines.push(format!("    recorded: {}", plain(&expected)));
        lines.push(format!(
            "    now:      {} {}",
            plain(&at.found.name),
            plain(&at.found.arguments.to_string())
        ));
    }
    let sides = [("recorded", &result.recorded), ("now", &result.replayed)];
    lines.extend(sides.iter().filter_map(|(name, side)| Some(line(name, side.as_ref()?))));
    if result.verdict != ReplayVerdict::Identical {
        let replies = sides.iter().filter_map(|(_, side)| Some(pretty(&side.as_ref()?.reply)));
        lines.extend(replies);
    }
    lines.join("\n")
}

fn line(name: &str, side: &ReplaySide) -> String {
    format!("  {name:<8} {}  fuel {}", word(&side.outcome), side.fuel)
}
