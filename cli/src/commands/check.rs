//! `aerocall check`: the compiler's diagnostics, TypeScript's types, whether bundles fit the runtime, and whether a server
//! would take bundles, deployment and migrations.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use aerocall_compiler::{EngineName, diagnostics::Diagnostic};
use aerocall_runtime::{Manifest, Runtime};
use aerocall_server::{Checks, Refused};
use serde::Serialize;

use crate::{
    Failed,
    bundles::{self, Bundle, NotBuilt},
    deployment::{self, Hook},
    host, migrations,
    preparing::Preparing,
    project::{self, Kind, Project, root_of},
    terminal::{self, Stream, Style, paint, plain},
    tsc::{self, Types},
};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  aerocall check\n  aerocall check hooks/signup.ts --json\n  aerocall check dist/signup.wasm"
)]
pub(crate) struct Arguments {
    /// A project directory, a hook file, the folder of a Rust hook, or a component written in any language
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
    /// What the runtime or a server would refuse, settings that cannot be read.
    problems: Vec<Problem>,
    /// `null` if the project has none.
    migrations: Option<Migrations>,
    types: Types,
}

/// Where migrations were tried: not where a server applies them.
#[derive(Serialize)]
struct Migrations {
    count: usize,
    database: &'static str,
}

/// What else there is to know of them.
const ON_POSTGRESQL: &str = "they were not tried on PostgreSQL, where a server with AEROCALL_TENANT_DATABASE_URL=postgres://… applies \
                             them: it can accept what SQLite refuses, and the other way round";

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
    /// Relative to the project; `null` for the project as a whole.
    file: Option<String>,
    message: String,
}

/// What bundles are held against.
struct Inspector {
    runtime: Arc<Runtime>,
    checks: Checks,
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
        migrations: None,
        types: types(&arguments.path)?,
    };
    let inspector = Inspector {
        runtime: host::runtime(host::Artifacts::of_user(), 4).await?,
        checks: Checks::of(std::env::vars())?,
    };
    if !project::is_project(&arguments.path) {
        let bundle = bundles::of_file(&arguments.path, arguments.engine).await;
        checked.add(&inspector, bundle).await?;
    } else {
        match Project::open(&arguments.path) {
            Ok(project) => {
                if project.hooks.iter().all(|hook| hook.kind != Kind::Script) {
                    let reason = "no hook is TypeScript or JavaScript".to_owned();
                    checked.types = Types::Skipped { reason };
                }
                checked.project(&inspector, &project, arguments.engine).await?;
            }
            Err(Failed::Mistake(mistake)) => checked.diagnostics.push(*mistake),
            Err(failed) => checked.refuse("bad-project", None, failed.message()),
        }
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

/// The types of the project around what is checked; a component has none.
fn types(path: &Path) -> Result<Types, Failed> {
    let real = path.canonicalize().map_err(|error| Failed::file(path, &error))?;
    if project::is_project(&real) {
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
    /// Every bundle, and then what they are together: a deployment, with the migrations.
    async fn project(&mut self, inspector: &Inspector, project: &Project, engine: EngineName) -> Result<(), Failed> {
        let mut hooks = Vec::with_capacity(project.hooks.len());
        for bundle in bundles::of_project(project, engine).await? {
            let built = self.add(inspector, bundle).await?;
            // One whose name is refused is in no deployment.
            let built = built.filter(|bundle| aerocall_server::local::check_hook_name(&bundle.name).is_ok());
            hooks.extend(built.map(|bundle| Hook::of(project, bundle)));
        }
        let migrations = match migrations::read(&project.root) {
            Ok(migrations) => migrations,
            Err(Failed::Usage(problem)) => {
                self.refuse("invalid_input", None, problem);
                return Ok(());
            }
            Err(failed) => return Err(failed),
        };
        self.migrations = (!migrations.is_empty()).then_some(Migrations {
            count: migrations.len(),
            database: "sqlite",
        });
        let document = deployment::document(&hooks, &migrations);
        let manifest = |hook: Hook| (hook.bundle.name, hook.bundle.manifest);
        let manifests: Vec<(String, Manifest)> = hooks.into_iter().map(manifest).collect();
        if let Err(all) = inspector.checks.deployment(&document, &manifests).await {
            for refused in all {
                self.refused(None, refused, |field| migrations::file(field, &migrations));
            }
        }
        Ok(())
    }

    /// A bundle; gives it back if there is one.
    async fn add(&mut self, inspector: &Inspector, bundle: Result<Bundle, NotBuilt>) -> Result<Option<Bundle>, Failed> {
        match bundle {
            Ok(mut bundle) => {
                self.diagnostics.append(&mut bundle.warnings);
                self.conform(inspector, &bundle).await;
                return Ok(Some(bundle));
            }
            Err(NotBuilt::Problems(problems)) => self.diagnostics.extend(problems),
            Err(NotBuilt::Refused(code, message)) => self.refuse(&code, None, message),
            Err(NotBuilt::Failed(failed)) => return Err(failed),
        }
        Ok(None)
    }

    /// Looks at the bundle and loads it as a server would: names, schedules, imports, exports and all of their types.
    async fn conform(&mut self, inspector: &Inspector, bundle: &Bundle) {
        if let Err(refused) = inspector.checks.bundle(&bundle.name, &bundle.component) {
            self.refused(Some(&bundle.file), refused, |_| None);
            return;
        }
        // Only a bundle of a script needs the JavaScript engine.
        let preparing = bundle.manifest.engine.is_some().then(Preparing::begin);
        let loaded = inspector.runtime.load(&bundle.component).await;
        drop(preparing);
        let manifest = bundle.manifest.clone();
        match loaded {
            Ok(hook) => self.hooks.push(HookChecked {
                name: bundle.name.clone(),
                file: bundle.file.clone(),
                hooks: manifest.hooks,
                events: manifest.events,
                schedules: manifest.schedules,
                capabilities: manifest.capabilities,
                digest: hook.digest().to_owned(),
            }),
            Err(refused) => self.refuse(refused.code.name, Some(bundle.file.clone()), refused.message),
        }
    }

    /// What a server would refuse; each field by itself. `file_of`: the file that a field came from.
    fn refused(&mut self, file: Option<&str>, refused: Refused, file_of: impl Fn(&str) -> Option<String>) {
        let Refused { code, message, details } = refused;
        if details.is_empty() {
            self.refuse(&code, file.map(str::to_owned), message);
            return;
        }
        for (field, problem) in details {
            match file_of(&field) {
                Some(own) => self.refuse(&code, Some(own), problem),
                None => self.refuse(&code, file.map(str::to_owned), format!("{field}: {problem}")),
            }
        }
    }

    fn refuse(&mut self, code: &str, file: Option<String>, message: String) {
        self.problems.push(Problem {
            code: code.to_owned(),
            file,
            message,
        });
    }

    fn show(&self) {
        self.diagnostics.iter().for_each(terminal::show);
        for problem in &self.problems {
            let place = problem
                .file
                .as_ref()
                .map_or_else(String::new, |file| format!("{}: ", plain(file)));
            terminal::say(format!("error[{}]: {place}{}", problem.code, plain(&problem.message)));
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
        if let Some(migrations) = &self.migrations {
            let number = match migrations.count {
                1 => "1 migration".to_owned(),
                count => format!("{count} migrations"),
            };
            terminal::answer(format!("{number} tried on SQLite; {ON_POSTGRESQL}"));
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
