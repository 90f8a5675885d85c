//! `aerocall check`: the compiler's diagnostics, TypeScript's types, and whether bundles fit the runtime.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use aerocall_compiler::{EngineName, diagnostics::Diagnostic};
use aerocall_runtime::Runtime;
use serde::Serialize;

use crate::{
    Failed,
    bundles::{self, Bundle, NotBuilt},
    host,
    preparing::Preparing,
    project::{Project, root_of},
    terminal::{self, Stream, Style, paint, plain},
    tsc::{self, Types},
};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  aerocall check\n  aerocall check hooks/signup.ts --json\n  aerocall check dist/signup.wasm"
)]
pub(crate) struct Arguments {
    /// A project directory, a hook file, or a component written in any language
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// The JavaScript engine
    #[arg(long, default_value = "quickjs")]
    engine: EngineName,
}

#[derive(Serialize)]
struct Checked {
    ok: bool,
    hooks: Vec<HookChecked>,
    diagnostics: Vec<Diagnostic>,
    /// Bundles that do not fit, settings that cannot be read.
    problems: Vec<Problem>,
    types: Types,
}

#[derive(Serialize)]
struct HookChecked {
    name: String,
    file: String,
    hooks: Vec<String>,
    events: Vec<String>,
    /// Cron patterns by the names of schedules.
    schedules: BTreeMap<String, String>,
    capabilities: Vec<String>,
    digest: String,
}

#[derive(Serialize)]
struct Problem {
    code: String,
    message: String,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    if !arguments.path.exists() {
        return Err(Failed::Environment(format!(
            "{} does not exist",
            arguments.path.display()
        )));
    }
    let mut checked = Checked {
        ok: true,
        hooks: Vec::new(),
        diagnostics: Vec::new(),
        problems: Vec::new(),
        types: types(&arguments.path)?,
    };
    let runtime = host::runtime(host::Artifacts::of_user(), 4).await?;
    for bundle in bundles_at(&arguments, &mut checked).await? {
        checked.add(&runtime, bundle).await?;
    }
    let found = checked.diagnostics.iter().any(Diagnostic::is_error) || !checked.problems.is_empty();
    checked.ok = !found && !matches!(checked.types, Types::Failed { .. });
    if arguments.json {
        terminal::answer_json(&checked)?;
    } else {
        checked.show();
    }
    match checked.ok {
        true => Ok(()),
        false => Err(Failed::Checked),
    }
}

async fn bundles_at(arguments: &Arguments, checked: &mut Checked) -> Result<Vec<Result<Bundle, NotBuilt>>, Failed> {
    if !arguments.path.is_dir() {
        return Ok(vec![bundles::of_file(&arguments.path, arguments.engine).await]);
    }
    match Project::open(&arguments.path) {
        Ok(project) => bundles::of_project(&project, arguments.engine).await,
        Err(failed) => {
            checked.refuse("bad-project", &failed.message());
            Ok(Vec::new())
        }
    }
}

/// The types of the project around what is checked; a component has none.
fn types(path: &Path) -> Result<Types, Failed> {
    let real = path.canonicalize().map_err(|error| Failed::file(path, &error))?;
    if real.is_dir() {
        return tsc::check(&real);
    }
    match real.extension().is_some_and(|ending| ending == "wasm") {
        true => Ok(Types::Skipped {
            reason: "the input is a compiled component".to_owned(),
        }),
        false => tsc::check(root_of(&real)),
    }
}

impl Checked {
    async fn add(&mut self, runtime: &Arc<Runtime>, bundle: Result<Bundle, NotBuilt>) -> Result<(), Failed> {
        match bundle {
            Ok(bundle) => self.conform(runtime, bundle).await,
            Err(NotBuilt::Problems(problems)) => {
                self.diagnostics.extend(problems);
                Ok(())
            }
            Err(NotBuilt::Refused(code, message)) => {
                self.refuse(&code, &message);
                Ok(())
            }
            Err(NotBuilt::Failed(failed)) => Err(failed),
        }
    }

    /// Loads the bundle as a server would: imports, exports and all of their types.
    async fn conform(&mut self, runtime: &Arc<Runtime>, bundle: Bundle) -> Result<(), Failed> {
        self.diagnostics.extend(bundle.warnings);
        if let Err(problem) = bundle.manifest.check_names() {
            self.refuse("bad_manifest", &problem.to_string());
            return Ok(());
        }
        let preparing = Preparing::begin();
        let loaded = runtime.load(&bundle.component).await;
        drop(preparing);
        match loaded {
            Ok(hook) => self.hooks.push(HookChecked {
                name: bundle.name,
                file: bundle.file,
                hooks: bundle.manifest.hooks,
                events: bundle.manifest.events,
                schedules: bundle.manifest.schedules,
                capabilities: bundle.manifest.capabilities,
                digest: hook.digest().to_owned(),
            }),
            Err(refused) => self.refuse(refused.code, &refused.message),
        }
        Ok(())
    }

    fn refuse(&mut self, code: &str, message: &str) {
        self.problems.push(Problem {
            code: code.to_owned(),
            message: message.to_owned(),
        });
    }

    fn show(&self) {
        self.diagnostics.iter().for_each(terminal::show);
        for problem in &self.problems {
            terminal::say(format!("error[{}]: {}", problem.code, problem.message));
        }
        for hook in &self.hooks {
            let points: Vec<&str> = hook.hooks.iter().chain(&hook.events).map(String::as_str).collect();
            let uses = match hook.capabilities.is_empty() {
                true => "nothing".to_owned(),
                false => hook.capabilities.join(", "),
            };
            let ok = paint(Stream::Answer, Style::Good, "ok");
            terminal::answer(format!("{ok} {}: {} · uses {uses}", hook.file, points.join(", ")));
            for (name, pattern) in &hook.schedules {
                terminal::answer(format!("   {} at {} UTC", plain(name), plain(pattern)));
            }
        }
        match &self.types {
            Types::Ok { version } => terminal::answer(format!("types ok (TypeScript {version})")),
            Types::Failed { errors, .. } => {
                errors.iter().for_each(|error| terminal::say(error.to_string()));
                terminal::say(format!("{} type errors", errors.len()));
            }
            Types::Skipped { reason } => terminal::answer(format!("types not checked: {reason}")),
        }
    }
}
