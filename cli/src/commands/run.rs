//! `aerocall run`: one call of one hook, on the same runtime as the server's.

use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use aerocall_compiler::EngineName;
use aerocall_contract::errors;
use aerocall_runtime::{Conditions, Fault};
use aerocall_server::local::{ContextDocument, GivenDocument, Local, RecordedInput, Report};

use crate::{
    Failed,
    bundles::{self, Bundle, NotBuilt, no_such_hook},
    call, documents, host,
    migrations::{self, Migration},
    project::{self, Project},
    terminal,
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall run hooks/signup.ts --hook beforeSignup\n  \
    aerocall run hooks/signup.ts --hook beforeSignup --input payload.json\n  \
    aerocall run dist/signup.wasm --hook beforeSignup --input - --context context.json --json\n  \
    aerocall run . --hook auth.signup --input event.json --given given.json\n  \
    aerocall logs inv_… --json > call.json && aerocall run . --input call.json\n\n\
    The exit code is 0 for allow, deny and patch, 1 for a failure, 2 for input that is not JSON.")]
pub(crate) struct Arguments {
    /// A hook file, the folder of a Rust hook, a bundle (`.wasm`), or a project directory in which exactly one hook handles it
    path: PathBuf,
    /// The hook point or event, such as `beforeSignup` or `auth.signup` [default: that of a recorded invocation]
    #[arg(long)]
    hook: Option<String>,
    /// The payload, or an invocation as a server recorded it: a JSON file, or `-` for standard input [default: the sample of the hook point
    /// or event]
    #[arg(long)]
    input: Option<PathBuf>,
    /// Changes to the default context, or a recorded one: a JSON file, or `-` for standard input
    #[arg(long)]
    context: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The state before the invocation, a JSON file: `given` of a test case
    #[arg(long)]
    given: Option<PathBuf>,
    /// A host call that fails, such as db.query#2=timeout (the second query) or http.send=backend_unavailable
    #[arg(long, value_name = "CALL=CODE")]
    fail: Vec<Fault>,
    /// The JavaScript engine to build source code for
    #[arg(long, default_value = "quickjs")]
    engine: EngineName,
}

impl Arguments {
    /// What is given and cannot be stands in the file of `--given`.
    fn in_given(&self, failed: Failed) -> Failed {
        match (failed, &self.given) {
            (Failed::Usage(problem), Some(path)) => Failed::Usage(format!("{}: {problem}", path.display())),
            (failed, _) => failed,
        }
    }
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let is_stdin = |path: &Option<PathBuf>| path.as_deref() == Some(Path::new("-"));
    if is_stdin(&arguments.input) && is_stdin(&arguments.context) {
        let message = "--input and --context cannot both be standard input";
        return Err(Failed::Usage(message.to_owned()));
    }
    let input = Input::read(&arguments)?;
    let hook = input.hook.clone();
    let report = match report(&arguments, input).await {
        Ok(report) => report,
        Err(problem) => unbuilt(problem, &hook)?,
    };
    if arguments.json {
        terminal::answer_json(&report)?;
    } else {
        terminal::answer(call::text(&report));
    }
    match report.is_failure() {
        true => Err(Failed::Checked),
        false => Ok(()),
    }
}

/// What goes into the hook.
struct Input {
    hook: String,
    context: ContextDocument,
    payload: String,
}

impl Input {
    fn read(arguments: &Arguments) -> Result<Self, Failed> {
        let (text, recorded) = match &arguments.input {
            None => (sample(arguments)?, None),
            Some(path) => {
                let text = documents::text(path)?;
                let recorded = recorded_in(path, &text)?;
                (text, recorded)
            }
        };
        let given = arguments.context.as_deref().map(context_in).transpose()?;
        let (point, recorded_context, payload) = match recorded {
            Some(RecordedInput {
                point,
                context,
                payload,
            }) => (Some(point), Some(context), payload.to_string()),
            None => (None, None, text),
        };
        let hook = arguments.hook.clone().or(point).ok_or_else(no_hook)?;
        Ok(Self {
            hook,
            context: given.or(recorded_context).unwrap_or_default(),
            payload,
        })
    }
}

fn no_hook() -> Failed {
    Failed::Usage("--hook is missing: the hook point or event, such as --hook beforeSignup".to_owned())
}

/// What the hook point or event is called with, where nothing is given. Of a name that does not exist the call says so.
fn sample(arguments: &Arguments) -> Result<String, Failed> {
    let hook = arguments.hook.as_deref().ok_or_else(no_hook)?;
    Ok(call::sample(hook).unwrap_or_default().to_string())
}

/// The invocation in a document that is one.
fn recorded_in(path: &Path, text: &str) -> Result<Option<RecordedInput>, Failed> {
    documents::parse::<serde::de::IgnoredAny>(path, text)?;
    // A payload is any JSON; what this cannot read is none of an invocation.
    let document: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let recorded = RecordedInput::of(&document).transpose();
    recorded.map_err(|error| Failed::Usage(format!("{}: the recorded invocation: {error}", path.display())))
}

/// A context, or that of an invocation.
fn context_in(path: &Path) -> Result<ContextDocument, Failed> {
    let text = documents::text(path)?;
    match recorded_in(path, &text)? {
        Some(recorded) => Ok(recorded.context),
        None => documents::parse(path, &text),
    }
}

async fn report(arguments: &Arguments, input: Input) -> Result<Report, NotBuilt> {
    let bundle = match project::is_project(&arguments.path) {
        true => bundle_in(&Project::open(&arguments.path)?, &input.hook, arguments.engine).await?,
        false => bundles::of_file(&arguments.path, arguments.engine).await?,
    };
    bundle.warnings.iter().for_each(terminal::show);
    let context = input.context.context(&input.hook, now_ms());
    let given = match &arguments.given {
        Some(path) => documents::read(path)?,
        None => GivenDocument::default(),
    };
    let migrations = migrations::read(&root(&arguments.path)?)?;
    let migrations: Vec<_> = migrations.into_iter().map(Migration::into_parts).collect();
    let private_networks = std::env::var("AEROCALL_EGRESS_PRIVATE_NETWORKS").ok();
    let local = Local::open(&context, &bundle.manifest, &given, &migrations, private_networks).await;
    let local = local.map_err(|fault| arguments.in_given(call::failed(fault)))?;
    let runtime = host::runtime(host::Artifacts::of_user(), 4).await?;
    let conditions = Conditions {
        faults: arguments.fail.clone(),
        ..Conditions::default()
    };
    call::call(&runtime, &bundle, context, input.payload, &local, conditions).await
}

/// Now, in milliseconds since 1970.
fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The project whose migrations make the tables.
fn root(path: &Path) -> Result<PathBuf, Failed> {
    let real = path.canonicalize().map_err(|error| Failed::file(path, &error))?;
    Ok(match project::is_project(&real) {
        true => real,
        false => project::root_of(&real).to_path_buf(),
    })
}

/// The one bundle of a project that has the hook.
async fn bundle_in(project: &Project, hook: &str, engine: EngineName) -> Result<Bundle, NotBuilt> {
    let all = bundles::all_of(project, engine).await?;
    let known: Vec<String> = all.iter().flat_map(Bundle::points).map(str::to_owned).collect();
    let mut having = all.into_iter().filter(|bundle| bundle.answers(hook));
    match (having.next(), having.next()) {
        (Some(bundle), None) => Ok(bundle),
        (Some(one), Some(other)) => Err(Failed::Usage(format!(
            "{} and {} both have `{hook}`: pass one of the files instead of the project",
            one.file, other.file
        ))
        .into()),
        (None, _) => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            Err(NotBuilt::Refused(
                errors::HOOK_UNAVAILABLE.to_string(),
                no_such_hook(hook, &known),
            ))
        }
    }
}

/// The report of a call that could not be made for reasons of the hook. Problems are said here as well, since the
/// report has room for one.
fn unbuilt(problem: NotBuilt, hook: &str) -> Result<Report, Failed> {
    match problem {
        NotBuilt::Problems(problems) => {
            problems.iter().for_each(terminal::show);
            Ok(call::of_problems(hook, &problems))
        }
        NotBuilt::Refused(code, message) => Ok(call::of_refusal(hook, &code, &message)),
        NotBuilt::Failed(failed) => Err(failed),
    }
}
