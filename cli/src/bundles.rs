//! From what a command was pointed at to bundles: a source file, a crate, a finished component, or a whole project.

use std::path::Path;

use aerocall_compiler::{Compiler, Declared, EngineName, Packaging, Source, diagnostics::Diagnostic};
use aerocall_contract::names;
use aerocall_runtime::{Manifest, Runtime};
use aerocall_rust_build as rust;
use tokio::sync::OnceCell;

use crate::{
    Failed, host,
    project::{HookFile, Kind, Project},
    terminal,
};

/// A bundle and where it came from.
pub(crate) struct Bundle {
    /// The hook's name.
    pub(crate) name: String,
    /// As people know it: a path.
    pub(crate) file: String,
    pub(crate) component: Vec<u8>,
    pub(crate) manifest: Manifest,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Why there is no bundle.
pub(crate) enum NotBuilt {
    /// The source is not right.
    Problems(Vec<Diagnostic>),
    /// The file is no bundle that this runtime takes: code and message.
    Refused(String, String),
    /// Something else.
    Failed(Failed),
}

impl From<Failed> for NotBuilt {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

impl From<rust::NotBuilt> for NotBuilt {
    fn from(why: rust::NotBuilt) -> Self {
        match why {
            rust::NotBuilt::Problems(problems) => Self::Problems(problems),
            rust::NotBuilt::Environment(message) => Self::Failed(Failed::Environment(message)),
        }
    }
}

/// Builds hooks of every kind. The compiler of scripts is opened when the first script needs it.
pub(crate) struct Builder {
    engine: EngineName,
    packaging: Packaging,
    scripts: OnceCell<Compiler>,
}

impl Builder {
    /// With the engine that bundles share.
    pub(crate) fn new(engine: EngineName) -> Self {
        Self::packaging(engine, Packaging::Shared)
    }

    pub(crate) fn packaging(engine: EngineName, packaging: Packaging) -> Self {
        Self {
            engine,
            packaging,
            scripts: OnceCell::new(),
        }
    }

    /// Builds a hook of a project.
    pub(crate) async fn build(&self, project: &Project, hook: &HookFile) -> Result<Bundle, NotBuilt> {
        let settings = project.settings.hook(&hook.name);
        let declared = settings.declared();
        let wanted = rust::Hook {
            root: &project.root,
            name: &hook.name,
            path: &hook.path,
            declared: &declared,
            target: settings.target.map(|target| target.0).unwrap_or_default(),
            exports: settings.exports.as_deref(),
        };
        let built = match hook.kind {
            Kind::Script => return self.script(project, hook, &declared).await,
            // Cargo is waited for on this thread, and cached builds are quick.
            Kind::Crate => tokio::task::block_in_place(|| rust::of_crate(&wanted, &|line| terminal::say(line)))?,
            Kind::Component => rust::of_component(&wanted)?,
        };
        Ok(Bundle {
            name: hook.name.clone(),
            file: hook.path.clone(),
            component: built.component,
            manifest: built.manifest,
            warnings: built.warnings,
        })
    }

    async fn script(&self, project: &Project, hook: &HookFile, declared: &Declared) -> Result<Bundle, NotBuilt> {
        let source = Source::project(&project.root, &hook.path).map_err(|problem| {
            let hint = problem.hint.map_or_else(String::new, |hint| format!(": {hint}"));
            Failed::Usage(format!("{}{hint}", problem.message))
        })?;
        let compiler = self
            .scripts
            .get_or_try_init(|| async { host::compiler(self.engine) })
            .await?;
        built(compiler, &source, declared, self.packaging).await
    }
}

/// A bundle of a file, or of the folder of a crate, which must exist: of source code, or finished.
pub(crate) async fn of_file(file: &Path, engine: EngineName) -> Result<Bundle, NotBuilt> {
    built_file(file, &Builder::new(engine)).await
}

/// The same with a builder.
pub(crate) async fn built_file(file: &Path, builder: &Builder) -> Result<Bundle, NotBuilt> {
    let is_finished = || file.extension().is_some_and(|ending| ending == "wasm") && finished(file).is_ok();
    if is_finished() {
        return finished(file);
    }
    let (project, hook) = Project::around(file)?;
    let is_known = hook.path.starts_with("hooks/") || project.settings.hooks.contains_key(&hook.name);
    match hook.kind {
        // Nothing says what it handles.
        Kind::Component if !is_known => finished(file),
        _ => builder.build(&project, &hook).await,
    }
}

/// Every hook of a project, as far as it can be built; in the order of their names.
pub(crate) async fn of_project(project: &Project, engine: EngineName) -> Result<Vec<Result<Bundle, NotBuilt>>, Failed> {
    let builder = Builder::new(engine);
    let mut bundles = Vec::with_capacity(project.hooks.len());
    for hook in &project.hooks {
        match builder.build(project, hook).await {
            Err(NotBuilt::Failed(failed)) => return Err(failed),
            built => bundles.push(built),
        }
    }
    Ok(bundles)
}

/// All bundles of a project, or what is wrong with it, said.
pub(crate) async fn all_of(project: &Project, engine: EngineName) -> Result<Vec<Bundle>, Failed> {
    let (mut bundles, mut failed) = (Vec::new(), None);
    for bundle in of_project(project, engine).await? {
        match bundle {
            Ok(bundle) => bundles.push(bundle),
            Err(problem) => failed = Some(said(problem)),
        }
    }
    match failed {
        None => Ok(bundles),
        Some(failed) => Err(failed),
    }
}

pub(crate) async fn built(
    compiler: &Compiler,
    source: &Source,
    declared: &Declared,
    packaging: Packaging,
) -> Result<Bundle, NotBuilt> {
    let built = compiler
        .compile_with(source, packaging, declared)
        .await
        .map_err(NotBuilt::Problems)?;
    Ok(Bundle {
        name: source.name().to_owned(),
        file: source.entry().to_owned(),
        component: built.component,
        manifest: built.manifest,
        warnings: built.warnings,
    })
}

pub(crate) fn finished(file: &Path) -> Result<Bundle, NotBuilt> {
    let component = std::fs::read(file).map_err(|error| Failed::file(file, &error))?;
    let manifest =
        Runtime::inspect(&component).map_err(|refused| NotBuilt::Refused(refused.code.to_string(), refused.message))?;
    Ok(Bundle {
        name: manifest.name.clone(),
        file: file.display().to_string(),
        component,
        manifest,
        warnings: Vec::new(),
    })
}

/// Why a bundle does not run with the engines of this release, if so.
pub(crate) fn engine_problem(manifest: &Manifest) -> Option<String> {
    let wanted = manifest.engine.as_ref()?;
    let known = wanted.name.parse::<EngineName>().ok();
    let digest = known.and_then(|name| name.engine().ok()).map(|engine| engine.digest());
    (digest != Some(wanted.digest.as_str())).then(|| {
        format!(
            "the bundle needs the engine {} {}, and this release has {}: build the hook again with `aerocall build`",
            wanted.name,
            wanted.digest,
            digest.unwrap_or("no engine of this name")
        )
    })
}

/// Says what is wrong, and answers how the command ends.
pub(crate) fn said(problem: NotBuilt) -> Failed {
    match problem {
        NotBuilt::Problems(problems) => {
            problems.iter().for_each(crate::terminal::show);
            Failed::Checked
        }
        NotBuilt::Refused(code, message) => {
            crate::terminal::say(format!("error[{code}]: {message}"));
            Failed::Checked
        }
        NotBuilt::Failed(failed) => failed,
    }
}

impl Bundle {
    /// Hook points, then events.
    pub(crate) fn points(&self) -> Vec<&str> {
        let all = self.manifest.hooks.iter().chain(&self.manifest.events);
        all.map(String::as_str).collect()
    }

    /// Whether it answers a hook point or an event.
    pub(crate) fn answers(&self, hook: &str) -> bool {
        self.points().contains(&hook)
    }
}

/// What to say about a hook that is not there.
pub(crate) fn no_such_hook(wanted: &str, known: &[&str]) -> String {
    let near = names::meant(wanted, known.iter().copied());
    let hint = near.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"));
    format!("no hook `{wanted}`{hint}; found: {}", known.join(", "))
}
