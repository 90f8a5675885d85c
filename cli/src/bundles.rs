//! From what a command was pointed at to bundles: a source file, a finished component, or a whole project.

use std::path::Path;

use aerocall_compiler::{Compiler, Declared, EngineName, Packaging, Source, diagnostics::Diagnostic};
use aerocall_contract::names;
use aerocall_runtime::{Manifest, Runtime};

use crate::{
    Failed, host,
    project::{Project, root_of},
    settings::Settings,
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

/// A bundle of a file, which must exist: of source code, or finished.
pub(crate) async fn of_file(file: &Path, engine: EngineName) -> Result<Bundle, NotBuilt> {
    if file.extension().is_some_and(|ending| ending == "wasm") {
        return finished(file);
    }
    let (source, declared) = source_of(file)?;
    built(&host::compiler(engine)?, &source, &declared, Packaging::Shared).await
}

/// What the compiler reads for a file, and what the project around it declares for it.
pub(crate) fn source_of(file: &Path) -> Result<(Source, Declared), Failed> {
    let real = file.canonicalize().map_err(|error| Failed::file(file, &error))?;
    let root = root_of(&real);
    let entry = real.strip_prefix(root).unwrap_or(&real);
    let source = Source::project(root, entry).map_err(|problem| {
        let hint = problem.hint.map_or_else(String::new, |hint| format!(": {hint}"));
        Failed::Usage(format!("{}{hint}", problem.message))
    })?;
    let declared = match entry.parent() {
        Some(directory) if directory == Path::new("hooks") => Settings::read(root)?.hook(source.name()).declared(),
        _ => Declared::default(),
    };
    Ok((source, declared))
}

/// Every hook of a project, as far as it can be built; in the order of their names.
pub(crate) async fn of_project(project: &Project, engine: EngineName) -> Result<Vec<Result<Bundle, NotBuilt>>, Failed> {
    let compiler = host::compiler(engine)?;
    let mut bundles = Vec::with_capacity(project.hooks.len());
    for hook in &project.hooks {
        let declared = project.settings.hook(&hook.name).declared();
        bundles.push(built(&compiler, &project.source(hook)?, &declared, Packaging::Shared).await);
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
    let near = names::nearest(wanted, known.iter().copied(), |wanted| wanted.len().div_ceil(3));
    let hint = near.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"));
    format!("no hook `{wanted}`{hint}; found: {}", known.join(", "))
}
