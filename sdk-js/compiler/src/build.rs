//! Source to component, as the list of its steps.

use std::{collections::BTreeSet, path::Path};

use aerocall_runtime::{EngineRef, Exception, Manifest, RequestedLimits, WorkshopError, locate};

use crate::{
    bundle::{Bundle, BundleOptions, bundle},
    capabilities::{self, Capability},
    component,
    diagnostics::{Diagnostic, codes},
    engines::{Engine, EngineName},
    hooks,
    snapshot::{Report, Snapshot, SnapshotError, Studio},
    source::Source,
    split::{self, SplitError},
};

/// The WIT package that bundles are built against.
const CONTRACT: &str = "aerocall:hooks@0.1.0";

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
    pub capabilities: Option<BTreeSet<Capability>>,
    /// The most that a call may use.
    pub limits: RequestedLimits,
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
            .take(&bundle.code)
            .map_err(|error| vec![not_evaluated(&bundle, error)])?;
        let manifest = self.manifest(source, &bundle, &found, &snapshot.report, declared)?;
        let component = self
            .assemble(&bundle, &snapshot, &manifest, packaging)
            .map_err(|error| vec![Diagnostic::about_file(codes::ENGINE, error.to_string(), &bundle.entry)])?;
        let mut warnings = bundle.warnings.clone();
        warnings.extend(frozen(&bundle, &snapshot.report));
        warnings.extend(undeclared(&bundle, &manifest));
        Ok(Built {
            component,
            manifest,
            warnings,
        })
    }

    fn manifest(
        &self,
        source: &Source,
        bundle: &Bundle,
        found: &hooks::Hooks,
        report: &Report,
        project: &Declared,
    ) -> Result<Manifest, Vec<Diagnostic>> {
        let bad = |message: String| vec![Diagnostic::about_file(codes::BAD_CONFIG, message, &bundle.entry)];
        let lifecycle: BTreeSet<&str> = found.lifecycle.iter().map(|handler| handler.name.as_str()).collect();
        Ok(Manifest {
            format: 1,
            name: source.name().to_owned(),
            contract: CONTRACT.to_owned(),
            engine: Some(EngineRef {
                name: self.engine.name.as_str().to_owned(),
                digest: self.engine.digest().to_owned(),
            }),
            hooks: report
                .hooks
                .iter()
                .filter(|name| lifecycle.contains(name.as_str()))
                .cloned()
                .collect(),
            events: report.events.clone(),
            capabilities: capabilities(bundle, declared(report).map_err(bad)?, project.capabilities.as_ref()),
            limits: limits(report).map_err(bad)?.tighter(&project.limits),
            source_digest: aerocall_runtime::digest(bundle.code.as_bytes()),
        })
    }

    fn assemble(
        &self,
        bundle: &Bundle,
        snapshot: &Snapshot,
        manifest: &Manifest,
        packaging: Packaging,
    ) -> Result<Vec<u8>, SplitError> {
        let json = |error: serde_json::Error| SplitError(error.to_string());
        let sources: Vec<(&str, &str)> = bundle
            .sources
            .iter()
            .map(|file| (file.path.as_str(), file.text.as_str()))
            .collect();
        let sections = [
            ("aerocall:manifest", serde_json::to_vec(manifest).map_err(json)?),
            ("aerocall:source-map", bundle.source_map.clone().into_bytes()),
            ("aerocall:source", serde_json::to_vec(&sources).map_err(json)?),
        ];
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

/// The capabilities the code is seen to use.
fn seen(bundle: &Bundle) -> Vec<String> {
    capabilities::find(bundle)
        .used
        .iter()
        .map(|capability| capability.name().to_owned())
        .collect()
}

/// What the hook may touch: what both declare; if nobody declares anything, what its code is seen to use.
fn capabilities(bundle: &Bundle, own: Option<Vec<String>>, project: Option<&BTreeSet<Capability>>) -> Vec<String> {
    let project = project.map(|names| names.iter().map(|name| name.name().to_owned()).collect::<Vec<_>>());
    match (own, project) {
        (None, None) => seen(bundle),
        (Some(one), None) | (None, Some(one)) => one,
        (Some(own), Some(project)) => own.into_iter().filter(|name| project.contains(name)).collect(),
    }
}

/// `config.capabilities`, a ceiling; `None` when nothing is declared.
fn declared(report: &Report) -> Result<Option<Vec<String>>, String> {
    let Some(declared) = report.config.get("capabilities") else {
        return Ok(None);
    };
    let members = declared
        .as_object()
        .ok_or("`config.capabilities` must be an object such as { cache: true }")?;
    let known: BTreeSet<&str> = Capability::ALL.iter().map(|capability| capability.name()).collect();
    let mut names = BTreeSet::new();
    for (name, value) in members {
        let name = if name == "Queue" { "queue" } else { name.as_str() };
        if !known.contains(name) {
            let known: Vec<&str> = known.into_iter().collect();
            return Err(format!(
                "`config.capabilities` has no `{name}`; there are: {}",
                known.join(", ")
            ));
        }
        if value != &serde_json::Value::Bool(false) {
            names.insert(name.to_owned());
        }
    }
    Ok(Some(names.into_iter().collect()))
}

/// `config.limits`.
fn limits(report: &Report) -> Result<RequestedLimits, String> {
    match report.config.get("limits") {
        None => Ok(RequestedLimits::default()),
        Some(limits) => {
            serde_json::from_value(limits.clone()).map_err(|error| format!("`config.limits` cannot be read: {error}"))
        }
    }
}

/// What the code is seen to use and may not. Where the SDK goes out of sight, nothing is certain and nothing is said.
fn undeclared(bundle: &Bundle, manifest: &Manifest) -> Vec<Diagnostic> {
    let found = capabilities::find(bundle);
    let refused = found.used.iter().map(|capability| capability.name());
    let refused =
        refused.filter(|name| found.escapes.is_none() && !manifest.capabilities.iter().any(|one| one == name));
    let warning = |name| {
        let message =
            format!("the code uses `{name}`, which is not among its declared capabilities: the calls will fail");
        Diagnostic::about_file(codes::UNDECLARED, message, &bundle.entry)
            .into_warning()
            .hint("declare it in `export const config` or in aerocall.toml, or take the declaration out")
    };
    refused.map(warning).collect()
}

/// What the module did at load that will be the same in every call.
fn frozen(bundle: &Bundle, report: &Report) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    let mut warn = |message: &str| {
        warnings.push(Diagnostic::about_file(codes::FROZEN, message.to_owned(), &bundle.entry).into_warning());
    };
    if report.asked_time {
        warn(
            "the module asks for the time while it is loaded; every call sees 2025-01-01T00:00:00Z there. Ask inside the hook.",
        );
    }
    if report.asked_random {
        warn(
            "the module asks for randomness while it is loaded; every call sees the same numbers there. Ask inside the hook.",
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
            match exception.position {
                Some(at) => about(codes::LOAD_THREW, message).placed(at, exception.frame),
                None => about(codes::LOAD_THREW, message),
            }
        }
    }
}
