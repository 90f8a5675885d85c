//! Source to component, as the list of its steps.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use aerocall_contract::names;
use aerocall_runtime::{
    BuildInputs, BuildSettings, BundledProject, EngineRef, Exception, Manifest, RequestedLimits, Summary,
    WorkshopError, entry_of, locate,
};

use crate::{
    bundle::{Bundle, BundleOptions, bundle, missing_global_hint, positions, weight_warning},
    capabilities::{self, Grant, Grants, warnings::Declarations},
    component, config,
    diagnostics::{Diagnostic, Place, codes},
    engines::{Engine, EngineName},
    hooks, schedules,
    snapshot::{Report, Snapshot, SnapshotError, Studio},
    source::Source,
    split::{self, SplitError},
    summary,
};

/// The WIT package that bundles are built against.
pub const CONTRACT: &str = "aerocall:hooks@0.1.0";

/// How a bundle carries its engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packaging {
    /// The engine is imported; the host has it. About a tenth of the size, and compiled in milliseconds.
    #[default]
    Shared,
    /// The engine is inside: for hosts that do not know ours.
    Standalone,
}

/// What a project's settings say of a hook. Where the hook's own `config` speaks too, the tighter holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The most that the hook may touch; `None` when nothing is said.
    pub capabilities: Option<Grants>,
    /// The most that a call may use.
    pub limits: RequestedLimits,
    /// When it is called at set times, by name: laid over what the hook says.
    pub schedules: BTreeMap<String, String>,
}

impl Declared {
    /// What settings of a build say.
    ///
    /// # Errors
    /// The first capability that is none, and why.
    pub fn of(settings: &BuildSettings) -> Result<Self, String> {
        let grants = |names: &Vec<String>| {
            names
                .iter()
                .map(|name| name.parse::<Grant>())
                .collect::<Result<Grants, _>>()
        };
        Ok(Self {
            capabilities: settings.capabilities.as_ref().map(grants).transpose()?,
            limits: settings.limits.clone(),
            schedules: settings.schedules.clone(),
        })
    }

    /// The same as settings, for a hook of this file.
    #[must_use]
    pub fn settings(&self, entry: Option<String>) -> BuildSettings {
        BuildSettings {
            entry,
            capabilities: self.capabilities.as_ref().map(Grants::names),
            limits: self.limits.clone(),
            schedules: self.schedules.clone(),
        }
    }

    /// The same as settings, with the entry if its name does not tell it.
    fn settings_of(&self, bundle: &Bundle) -> BuildSettings {
        let file = bundle.entry.rsplit('/').next().unwrap_or_default();
        let name = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let derived = entry_of(name, bundle.sources.iter().map(|file| file.path.as_str()));
        self.settings((derived != Some(bundle.entry.as_str())).then(|| bundle.entry.clone()))
    }
}

/// A finished bundle.
#[derive(Clone, Debug)]
pub struct Built {
    /// The component.
    pub component: Vec<u8>,
    /// As in the component.
    pub manifest: Manifest,
    /// What the author should know.
    pub warnings: Vec<Diagnostic>,
    /// What it does, as its code says; of JavaScript and TypeScript alone.
    pub summary: Option<Summary>,
}

/// The compiler could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The engine in this program is damaged.
    #[error(transparent)]
    Engine(#[from] SplitError),
    /// The engine could not be made ready to evaluate modules.
    #[error(transparent)]
    Workshop(#[from] WorkshopError),
}

/// Compiles hooks for one engine. Opening it compiles the engine once and keeps it in the cache directory.
#[derive(Debug)]
pub struct Compiler {
    engine: &'static Engine,
    studio: Studio,
}

impl Compiler {
    /// Opens a compiler.
    ///
    /// # Errors
    /// When the cache directory cannot be used.
    pub fn open(engine: EngineName, cache_dir: &Path) -> Result<Self, OpenError> {
        let engine = engine.engine()?;
        Ok(Self {
            engine,
            studio: Studio::open(engine, cache_dir)?,
        })
    }

    /// The engine that bundles are built for.
    #[must_use]
    pub fn engine(&self) -> &'static Engine {
        self.engine
    }

    /// Compiles a hook. The same source gives the same bytes.
    ///
    /// # Errors
    /// Everything that is wrong with the source, at once where that is possible.
    pub async fn compile(&self, source: &Source, packaging: Packaging) -> Result<Built, Vec<Diagnostic>> {
        self.compile_with(source, packaging, &Declared::default()).await
    }

    /// The same with what the project declares.
    ///
    /// # Errors
    /// As [`Compiler::compile`].
    pub async fn compile_with(
        &self,
        source: &Source,
        packaging: Packaging,
        declared: &Declared,
    ) -> Result<Built, Vec<Diagnostic>> {
        let bundle = bundle(source, &BundleOptions::default()).await?;
        let found = hooks::find(&bundle)?;
        let snapshot = self
            .studio
            .take(&bundle.code, &positions::table(&bundle))
            .map_err(|error| vec![not_evaluated(&bundle, error)])?;
        hooks::check_events(&bundle, &snapshot.report.events)?;
        hooks::check_callable(&bundle, &found, &snapshot.report.hooks, &snapshot.report.events)?;
        let own =
            config::read(&snapshot.report.config).map_err(|problem| vec![bad_config(&bundle, &found, problem)])?;
        let used = capabilities::find(&bundle);
        let declarations = Declarations {
            hook: source.name(),
            own: own.capabilities.as_ref(),
            project: declared.capabilities.as_ref(),
        };
        let schedules = schedules::settled(
            own.schedules,
            &declared.schedules,
            &snapshot.report.events,
            schedules::SCRIPT,
        )
        .map_err(|problem| vec![bad_config(&bundle, &found, problem)])?;
        handled("order", own.order.keys(), &snapshot.report.events)
            .and_then(|()| handled("priority", own.priority.keys(), &snapshot.report.events))
            .map_err(|problem| vec![bad_config(&bundle, &found, problem)])?;
        let granted = declarations.granted(&used);
        let manifest = Manifest {
            schedules,
            order: own.order,
            priority: own.priority,
            capabilities: granted.names(),
            limits: own.limits.tighter(&declared.limits),
            ..self.manifest(source, &bundle, &found, &snapshot.report)
        };
        let component = self
            .assemble(&bundle, &snapshot, &manifest, (packaging, declared))
            .map_err(|error| vec![Diagnostic::about_file(codes::ENGINE, error.to_string(), &bundle.entry)])?;
        let mut warnings = bundle.warnings.clone();
        warnings.extend(frozen(&bundle, &snapshot.report));
        warnings.extend(capabilities::warnings::warnings(&bundle, &used, &declarations));
        warnings.extend(weight_warning(&bundle, component.len()));
        let summary = summary::of(&bundle, &manifest, &granted);
        Ok(Built {
            component,
            manifest,
            warnings,
            summary: Some(summary),
        })
    }

    /// What the code says; capabilities, limits, schedules, order and priority are settled elsewhere.
    fn manifest(&self, source: &Source, bundle: &Bundle, found: &hooks::Hooks, report: &Report) -> Manifest {
        let lifecycle: BTreeSet<&str> = found.lifecycle.iter().map(|handler| handler.name.as_str()).collect();
        Manifest {
            format: 1,
            name: source.name().to_owned(),
            contract: CONTRACT.to_owned(),
            engine: Some(EngineRef {
                name: self.engine.name.as_str().to_owned(),
                digest: self.engine.digest().to_owned(),
            }),
            language: None,
            toolchain: None,
            hooks: report
                .hooks
                .iter()
                .filter(|name| lifecycle.contains(name.as_str()))
                .cloned()
                .collect(),
            events: report.events.clone(),
            schedules: BTreeMap::new(),
            order: BTreeMap::new(),
            priority: BTreeMap::new(),
            capabilities: Vec::new(),
            limits: RequestedLimits::default(),
            source_digest: aerocall_runtime::digest(bundle.code.as_bytes()),
        }
    }

    fn assemble(
        &self,
        bundle: &Bundle,
        snapshot: &Snapshot,
        manifest: &Manifest,
        (packaging, declared): (Packaging, &Declared),
    ) -> Result<Vec<u8>, SplitError> {
        let json = |error: serde_json::Error| SplitError(error.to_string());
        let sources: Vec<(&str, &str)> = bundle
            .sources
            .iter()
            .map(|file| (file.path.as_str(), file.text.as_str()))
            .collect();
        let inputs = BuildInputs {
            settings: declared.settings_of(bundle),
            ..bundle.inputs.clone()
        };
        let mut sections = vec![
            ("aerocall:manifest", serde_json::to_vec(manifest).map_err(json)?),
            ("aerocall:source-map", bundle.source_map.clone().into_bytes()),
            (
                BundledProject::FILES_SECTION,
                serde_json::to_vec(&sources).map_err(json)?,
            ),
        ];
        if !inputs.is_empty() {
            sections.push((
                BundledProject::INPUTS_SECTION,
                serde_json::to_vec(&inputs).map_err(json)?,
            ));
        }
        match packaging {
            Packaging::Shared => {
                let memory = split::memory_module(self.engine.memory, &snapshot.memory);
                Ok(self.engine.template.fill(&memory, &sections))
            }
            Packaging::Standalone => {
                let module = split::self_contained(self.engine.full, &snapshot.memory)?;
                let mut contained = component::contained(&module)?;
                component::append_custom(&mut contained, &sections);
                Ok(contained)
            }
        }
    }
}

/// An order, or a priority, is of something that the hook gets.
fn handled<'a>(
    member: &str,
    mut named: impl Iterator<Item = &'a String>,
    events: &[String],
) -> Result<(), config::Problem> {
    match named.find(|event| !events.contains(event)) {
        None => Ok(()),
        Some(event) => Err(config::Problem {
            message: format!("`config.{member}` names {event:?}, but `on` has no handler for it"),
            hint: names::nearest(event, events.iter().map(String::as_str), |event| {
                event.len().div_ceil(4)
            })
            .map(|near| format!("did you mean {near:?}?")),
        }),
    }
}

/// `export const config` is not of the right shape.
fn bad_config(bundle: &Bundle, found: &hooks::Hooks, problem: config::Problem) -> Diagnostic {
    let diagnostic = match &found.config {
        Some(at) => {
            let text = bundle.source(&at.file).unwrap_or_default();
            Diagnostic::error(codes::BAD_CONFIG, problem.message, &Place::of_word(at, text))
        }
        None => Diagnostic::about_file(codes::BAD_CONFIG, problem.message, &bundle.entry),
    };
    match problem.hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// What the module did at load that will be the same in every call.
fn frozen(bundle: &Bundle, report: &Report) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    let mut warn = |message: &str| {
        warnings.push(Diagnostic::about_file(codes::FROZEN, message.to_owned(), &bundle.entry).into_warning());
    };
    if report.asked_time {
        warn(
            "the module reads the time while it is loaded; every invocation sees 2025-01-01T00:00:00Z there. Read it inside the hook.",
        );
    }
    if report.asked_random {
        warn(
            "the module reads random numbers while it is loaded; every invocation sees the same numbers there. Read them inside the hook.",
        );
    }
    if report.pending_timers > 0 {
        warn("the module starts a timer while it is loaded; it never fires. Start it inside the hook.");
    }
    warnings
}

fn not_evaluated(bundle: &Bundle, error: SnapshotError) -> Diagnostic {
    let about = |code, message: String| Diagnostic::about_file(code, message, &bundle.entry);
    match error {
        SnapshotError::Workshop(WorkshopError::Engine(message)) | SnapshotError::Mismatch(message) => {
            about(codes::ENGINE, message)
        }
        SnapshotError::Workshop(error) => about(codes::LOAD_LIMIT, error.to_string()),
        SnapshotError::Thrown(thrown) if thrown.kind == "never-settles" => about(
            codes::LOAD_NEVER_ENDS,
            "top-level await never ends: the module waits for a promise that nothing settles".to_owned(),
        ),
        SnapshotError::Thrown(thrown) => {
            let exception = Exception {
                name: thrown.name,
                message: thrown.message,
                stack: thrown.stack,
                ..Exception::default()
            };
            let exception = locate(&bundle.source_map, exception);
            let message = format!(
                "the module throws while it is loaded: {}: {}",
                exception.name, exception.message
            );
            let Some(at) = exception.position else {
                return about(codes::LOAD_THREW, message);
            };
            let hint = missing_global_hint(&exception.message, &at.file);
            let problem = about(codes::LOAD_THREW, message).placed(at, exception.frame);
            match hint {
                Some(hint) => problem.hint(hint),
                None => problem,
            }
        }
    }
}
