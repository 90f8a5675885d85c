//! `aerocall validate`: finished bundles, held against everything that production will ask of them. For CI.

use std::path::{Path, PathBuf};

use aerocall_server::Checks;

use crate::{
    Failed, cases, host, migrations,
    project::Project,
    terminal,
    validate::{
        Findings, Inspector, Level, Rule,
        baseline::{Baseline, Increase},
        report::{self, Format},
        tests::{self, Ran},
    },
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall build && aerocall validate\n  \
    aerocall validate dist/signup.wasm --format sarif --output validate.sarif\n  \
    aerocall validate --baseline fuel.json --write-baseline\n  \
    aerocall validate --baseline fuel.json --max-fuel-increase 20%\n\n\
    Rules: structure, capabilities, limits, engine, sources (built again, byte for byte), secrets, smoke-run, test-cases, fuel.\n\
    The exit code is 1 if there is an error, or with --strict a warning.")]
pub(crate) struct Arguments {
    /// Bundles (`.wasm`), or directories with bundles
    #[arg(default_value = "dist")]
    bundles: Vec<PathBuf>,
    /// The project whose test cases and migrations belong to the bundles
    #[arg(long, value_name = "DIRECTORY", default_value = ".")]
    project: PathBuf,
    /// File with the fuel that test cases used when it was written
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the baseline, in place of comparing with it
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
    /// How much more fuel than in the baseline a test case may use
    #[arg(long, value_name = "PERCENT", requires = "baseline", default_value = "20%")]
    max_fuel_increase: Increase,
    /// Fingerprint of something that looks like a credential and is none; can be given several times
    #[arg(long, value_name = "FINGERPRINT")]
    allow_secret: Vec<String>,
    /// Fail on warnings, too
    #[arg(long)]
    strict: bool,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Print one JSON object: the same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Write the report to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let files = bundles_in(&arguments.bundles)?;
    let inspector = Inspector {
        runtime: host::runtime(host::Artifacts::of_user(), 4).await?,
        checks: Checks::of(std::env::vars())?,
        migrations: migrations::read(&arguments.project)?,
        project: Project::open(&arguments.project).ok(),
        allowed: arguments.allow_secret.clone(),
    };
    let mut findings = Findings::default();
    let mut bundles = Vec::with_capacity(files.len());
    for file in &files {
        bundles.extend(inspector.look(file, &mut findings).await?);
    }
    let cases = cases::read_all(&arguments.project)?;
    let ran = match cases.is_empty() || bundles.is_empty() {
        true => None,
        false => {
            let ran = tests::run(
                &cases,
                &inspector.migrations,
                &inspector.runtime,
                &bundles,
                &mut findings,
            )
            .await?;
            Some(ran)
        }
    };
    let engine = bundles.iter().find_map(|bundle| bundle.manifest.engine.as_ref());
    let engine = engine.map_or_else(String::new, |engine| engine.digest.clone());
    baseline(&arguments, ran.as_ref(), &engine, &mut findings)?;
    finish(&arguments, &findings, ran.as_ref())
}

/// The bundles: files as they are, directories for what they have.
fn bundles_in(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failed> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(|error| Failed::file(path, &error))? {
            let file = entry?.path();
            inside.extend(file.extension().is_some_and(|ending| ending == "wasm").then_some(file));
        }
        inside.sort();
        files.extend(inside);
    }
    let missing = files.iter().find(|file| !file.exists());
    match missing {
        Some(file) => Err(Failed::Environment(format!(
            "{} does not exist: build bundles with `aerocall build`",
            file.display()
        ))),
        None if files.is_empty() => {
            let all: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            Err(Failed::Environment(format!(
                "no bundles in {}: build them with `aerocall build`",
                all.join(", ")
            )))
        }
        None => Ok(files),
    }
}

fn baseline(arguments: &Arguments, ran: Option<&Ran>, engine: &str, findings: &mut Findings) -> Result<(), Failed> {
    let Some(path) = &arguments.baseline else { return Ok(()) };
    let Some(ran) = ran else {
        let message = "fuel was not compared: there are no test cases".to_owned();
        findings.add(Rule::Fuel, Level::Warning, message, None);
        return Ok(());
    };
    if arguments.write_baseline {
        let baseline = Baseline {
            engine: engine.to_owned(),
            fuel: ran.fuel.clone(),
        };
        return baseline.write(path);
    }
    match Baseline::read(path)? {
        Some(baseline) => tests::compare(ran, &baseline, engine, arguments.max_fuel_increase, findings),
        None => return Err(no_baseline(path)),
    }
    Ok(())
}

fn no_baseline(path: &Path) -> Failed {
    Failed::Environment(format!(
        "{} does not exist: write it with --write-baseline, and keep it with the project",
        path.display()
    ))
}

fn finish(arguments: &Arguments, findings: &Findings, ran: Option<&Ran>) -> Result<(), Failed> {
    let warned = arguments.strict && findings.count(Level::Warning) > 0;
    let is_ok = findings.count(Level::Error) == 0 && !warned;
    let format = match arguments.json {
        true => Format::Json,
        false => arguments.format,
    };
    let report = report::write(format, findings, ran, is_ok)?;
    match &arguments.output {
        Some(path) => std::fs::write(path, report + "\n").map_err(|error| Failed::file(path, &error))?,
        None if report.is_empty() => {}
        None => terminal::answer(report),
    }
    match is_ok {
        true => Ok(()),
        false => Err(Failed::Checked),
    }
}
