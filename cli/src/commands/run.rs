//! `aerocall run`: one call of one hook, on the same runtime as the server's.

use std::path::{Path, PathBuf};

use aerocall_compiler::EngineName;
use aerocall_contract::errors;

use crate::{
    Failed,
    bundles::{self, Bundle, NotBuilt, no_such_hook},
    call::{self, Report},
    context::{self, ContextDocument},
    documents, host,
    local::{Given, Local},
    migrations,
    project::{self, Project},
    terminal,
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall run hooks/signup.ts --hook beforeSignup --input payload.json\n  \
    aerocall run dist/signup.wasm --hook beforeSignup --input - --context context.json --json\n  \
    aerocall run . --hook auth.signup --input event.json --given given.json\n\n\
    The exit code is 0 for allow, deny and patch, 1 for a failure, 2 for input that is not JSON.")]
pub(crate) struct Arguments {
    /// A hook file, a bundle (`.wasm`), or a project directory in which exactly one file has the hook
    path: PathBuf,
    /// The hook point or event, such as `beforeSignup` or `auth.signup`
    #[arg(long)]
    hook: String,
    /// The payload: a JSON file, or `-` for standard input
    #[arg(long)]
    input: PathBuf,
    /// Changes to the default context: a JSON file, or `-` for standard input
    #[arg(long)]
    context: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The state before the invocation, a JSON file: `given` of a test case
    #[arg(long)]
    given: Option<PathBuf>,
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
    if arguments.input == Path::new("-") && arguments.context.as_deref() == Some(Path::new("-")) {
        let message = "--input and --context cannot both be standard input";
        return Err(Failed::Usage(message.to_owned()));
    }
    let payload = documents::text(&arguments.input)?;
    documents::parse::<serde::de::IgnoredAny>(&arguments.input, &payload)?;
    let document = match &arguments.context {
        Some(path) => documents::read(path)?,
        None => ContextDocument::default(),
    };
    let report = match report(&arguments, &document, payload).await {
        Ok(report) => report,
        Err(problem) => unbuilt(problem, &arguments.hook)?,
    };
    if arguments.json {
        terminal::answer_json(&report)?;
    } else {
        terminal::answer(report.text());
    }
    match report.is_failure() {
        true => Err(Failed::Checked),
        false => Ok(()),
    }
}

async fn report(arguments: &Arguments, document: &ContextDocument, payload: String) -> Result<Report, NotBuilt> {
    let bundle = match arguments.path.is_dir() {
        true => bundle_in(&Project::open(&arguments.path)?, &arguments.hook, arguments.engine).await?,
        false => bundles::of_file(&arguments.path, arguments.engine).await?,
    };
    bundle.warnings.iter().for_each(terminal::show);
    let context = document.context(&arguments.hook, context::now_ms());
    let given = match &arguments.given {
        Some(path) => documents::read(path)?,
        None => Given::default(),
    };
    let migrations = migrations::read(&root(&arguments.path)?)?;
    let local = Local::open(&context, &bundle.manifest, &given, &migrations).await;
    let local = local.map_err(|failed| arguments.in_given(failed))?;
    let runtime = host::runtime(host::Artifacts::of_user(), 4).await?;
    call::call(&runtime, &bundle, context, payload, &local).await
}

/// The project whose migrations make the tables.
fn root(path: &Path) -> Result<PathBuf, Failed> {
    let real = path.canonicalize().map_err(|error| Failed::file(path, &error))?;
    Ok(match real.is_dir() {
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
                errors::HOOK_UNAVAILABLE.to_owned(),
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
            Ok(Report::of_problems(hook, &problems))
        }
        NotBuilt::Refused(code, message) => Ok(Report::of_refusal(hook, &code, &message)),
        NotBuilt::Failed(failed) => Err(failed),
    }
}
