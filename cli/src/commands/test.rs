//! `aerocall test`: the cases in `tests/*.json` of a project, each in the real sandbox.

use std::{path::PathBuf, time::Instant};

use aerocall_compiler::EngineName;
use serde::Serialize;

use crate::{
    Failed, bundles, cases, host, migrations,
    project::Project,
    terminal::{self, Stream, Style, paint},
};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  aerocall test\n  aerocall test examples/custom-claims --json\n\n\
    A case: { \"hook\": \"beforeSignup\", \"payload\": {…}, \"expect\": { \"reply\": { \"kind\": \"allow\" } } }"
)]
pub(crate) struct Arguments {
    /// The project directory
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// Run only cases whose file or name contains this text
    #[arg(long)]
    filter: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The JavaScript engine
    #[arg(long, default_value = "quickjs")]
    engine: EngineName,
}

#[derive(Serialize)]
struct Summary {
    passed: usize,
    failed: usize,
    cases: Vec<Ran>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ran {
    file: String,
    name: String,
    ok: bool,
    problems: Vec<String>,
    duration_us: u64,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let project = Project::open(&arguments.directory)?;
    let mut cases = cases::read_all(&project.root)?;
    if let Some(wanted) = &arguments.filter {
        cases.retain(|case| case.name.contains(wanted) || case.file.contains(wanted));
    }
    if cases.is_empty() {
        let message = "there are no test cases: put JSON files into tests/, see `aerocall test --help`";
        return Err(Failed::Environment(message.to_owned()));
    }
    let migrations = migrations::read(&project.root)?;
    let bundles = bundles::all_of(&project, arguments.engine).await?;
    bundles
        .iter()
        .flat_map(|bundle| &bundle.warnings)
        .for_each(terminal::show);
    let runtime = host::runtime(host::Artifacts::of_user(), 4).await?;
    let mut ran = Vec::with_capacity(cases.len());
    for case in &cases {
        let started = Instant::now();
        let problems = case.run(&migrations, &runtime, &bundles).await?.problems;
        let result = Ran {
            file: case.file.clone(),
            name: case.name.clone(),
            ok: problems.is_empty(),
            problems,
            duration_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        };
        if !arguments.json {
            show(&result);
        }
        ran.push(result);
    }
    finish(arguments.json, ran)
}

fn finish(json: bool, cases: Vec<Ran>) -> Result<(), Failed> {
    let passed = cases.iter().filter(|case| case.ok).count();
    let failed = cases.len() - passed;
    let summary = Summary { passed, failed, cases };
    if json {
        terminal::answer_json(&summary)?;
    } else {
        terminal::answer(format!("{passed} passed, {failed} failed"));
    }
    match failed {
        0 => Ok(()),
        _ => Err(Failed::Checked),
    }
}

fn show(case: &Ran) {
    let (word, style) = match case.ok {
        true => ("ok    ", Style::Good),
        false => ("FAILED", Style::Bad),
    };
    let head = paint(Stream::Answer, style, word);
    terminal::answer(format!(
        "{head} {} · {}",
        terminal::plain(&case.file),
        terminal::plain(&case.name)
    ));
    for problem in &case.problems {
        terminal::answer(format!("         {}", terminal::plain(problem)));
    }
}
