//! From a source to one ES module: resolve, read, translate and join, without Node.js and without the network.
//!
//! The work is rolldown's; this module sets it up for hooks (browser resolution, nothing external, one chunk, readable
//! code), translates what it reports and makes the result independent of where the project lies. Knows nothing of
//! engines and components.

mod builtins;
mod depth;
mod facade;
mod failures;
mod globals;
mod imports;
mod lines;
mod memory;
mod origins;
pub(crate) mod positions;
mod project;
mod settings;
mod specifiers;
mod suggest;
mod tsconfig;
mod typescript;
mod vendored;
mod weight;

use std::sync::Arc;

use aerocall_runtime::BuildInputs;
use rolldown::{BundleOutput, BundlerBuilder};
use rolldown_common::{Output, OutputChunk};

use self::facade::Facade;
pub(crate) use self::globals::hint_of_reference as missing_global_hint;
pub(crate) use self::origins::Origins;
use self::project::{Notes, Project};
use self::settings::MissingExports;
pub(crate) use self::specifiers::source_type;
pub(crate) use self::weight::warning as weight_warning;
use crate::diagnostics::{self, Diagnostic, codes};
use crate::hooks::exports;
use crate::source::{Source, is_package};
use crate::threads;

/// Bounds of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleOptions {
    /// The most that the bundle's code may have, in bytes.
    pub max_code_bytes: usize,
    /// The most that one file may have, in bytes.
    pub max_file_bytes: usize,
}

impl Default for BundleOptions {
    /// 4 MiB of code; 16 MiB for a file, most of which tree-shaking then has to drop.
    fn default() -> Self {
        Self {
            max_code_bytes: 4 << 20,
            max_file_bytes: 16 << 20,
        }
    }
}

/// A hook as one ES module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The module. It imports nothing; its exports are the entry's.
    pub code: String,
    /// Source map version 3, JSON, with the sources' text. Sources are relative to the project's root.
    pub source_map: String,
    /// The author's own files, without packages, sorted by path.
    pub sources: Vec<SourceFile>,
    /// What else a build of them reads: files of packages, settings of the project. Without what `aerocall.toml` says.
    pub inputs: BuildInputs,
    /// Names that the module exports, sorted.
    pub exports: Vec<String>,
    /// The entry file, relative to the project's root.
    pub entry: String,
    /// How many modules are part of it, packages' included.
    pub modules: usize,
    /// The packages and files that take the most of it, with their sizes, the largest first.
    pub largest: Vec<String>,
    /// What may not work as meant.
    pub warnings: Vec<Diagnostic>,
}

/// One of the author's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative to the project's root, with `/`.
    pub path: String,
    /// Its text, without a byte-order mark.
    pub text: String,
}

impl Bundle {
    /// The text of one of the author's files.
    #[must_use]
    pub fn source(&self, path: &str) -> Option<&str> {
        self.sources
            .iter()
            .find(|file| file.path == path)
            .map(|file| file.text.as_str())
    }
}

/// Bundles a source. The same source and options give the same bytes, wherever the project lies.
///
/// # Errors
/// Everything that stops the build, sorted by place, each with its place in the author's files.
pub async fn bundle(source: &Source, options: &BundleOptions) -> Result<Bundle, Vec<Diagnostic>> {
    let (own, options) = (source.clone(), options.clone());
    let bundled = threads::bundler(async move { bundle_here(&own, &options).await }).await;
    bundled.unwrap_or_else(|interrupted| {
        let problem = Diagnostic::about_file(codes::BUNDLER, interrupted.to_string(), source.entry());
        Err(vec![problem])
    })
}

async fn bundle_here(source: &Source, options: &BundleOptions) -> Result<Bundle, Vec<Diagnostic>> {
    let text = source.entry_text().map_err(|problem| vec![problem])?;
    depth::check(&text).map_err(|problem| vec![depth::diagnostic(source.entry(), &problem)])?;
    let facade = Facade::of(&exports::read(&text, source_type(source.entry())));
    let project = Arc::new(Project::new(source.clone(), facade, options.max_file_bytes));
    let output = run(source, &project, MissingExports::Refuse).await;
    let output = match output {
        // `export { T } from './types'` of a type: no file alone tells that it is one.
        Err(failure) if failures::are_types(&project.notes(), &failure) => {
            project.notes().remarks.clear();
            run(source, &project, MissingExports::AreTypes).await
        }
        output => output,
    };
    let mut problems = found_problems(source, &project, &output);
    let (output, mut warnings) = match output {
        Ok(output) => {
            let notes = project.notes();
            let warnings = failures::warnings(source, &notes, output.warnings.iter().chain(&notes.remarks));
            drop(notes);
            (Some(output), warnings)
        }
        Err(failure) => {
            problems.extend(failures::errors(
                source,
                &project.notes(),
                &failure,
                !problems.is_empty(),
            ));
            (None, Vec::new())
        }
    };
    let bundle = match output.as_ref().and_then(single_chunk) {
        Some(chunk) if problems.is_empty() => assemble(source, &project, chunk),
        _ => return Err(sorted(problems, source)),
    };
    problems.extend(weight::check(&bundle, options.max_code_bytes));
    let (errors, notices) = globals::check(&bundle)
        .into_iter()
        .partition::<Vec<_>, _>(Diagnostic::is_error);
    problems.extend(errors);
    warnings.extend(notices);
    if !problems.is_empty() {
        return Err(sorted(problems, source));
    }
    diagnostics::sort(&mut warnings);
    Ok(Bundle { warnings, ..bundle })
}

type Outcome = Result<BundleOutput, rolldown_error::BatchedBuildDiagnostic>;

async fn run(source: &Source, project: &Arc<Project>, missing: MissingExports) -> Outcome {
    let plugin: Arc<dyn rolldown_plugin::Pluginable> = Arc::clone(project) as _;
    let mut bundler = BundlerBuilder::default()
        .with_options(settings::options(source, project.input(), missing))
        .with_plugins(vec![plugin])
        .build()?;
    bundler.generate().await
}

fn found_problems(source: &Source, project: &Project, output: &Outcome) -> Vec<Diagnostic> {
    let chunk = output.as_ref().ok().and_then(single_chunk);
    let rendered = |id: &str| chunk.is_none_or(|chunk| chunk.modules.keys.iter().any(|module| module.as_str() == id));
    let notes = project.notes();
    let mut problems = imports::problems(source, &notes, &rendered);
    problems.extend(refused(source, &notes, &rendered));
    problems
}

/// What cannot be translated: anywhere in the author's own files, and of packages in what is part of the bundle.
fn refused(source: &Source, notes: &Notes, rendered: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    let concerns = |id: &str| !is_package(&source.relative(id)) || rendered(id);
    let files = notes.refusals.iter().filter(|(id, _)| concerns(id));
    files
        .flat_map(|(id, refusals)| {
            let text = notes.texts.get(id).map(AsRef::as_ref).unwrap_or_default();
            refusals
                .iter()
                .map(|refusal| refusal.diagnostic(&source.relative(id), text))
        })
        .collect()
}

/// The one chunk that there is, since nothing is split off.
fn single_chunk(output: &BundleOutput) -> Option<&OutputChunk> {
    output.assets.iter().find_map(|asset| match asset {
        Output::Chunk(chunk) if chunk.is_entry => Some(chunk.as_ref()),
        _ => None,
    })
}

fn assemble(source: &Source, project: &Project, chunk: &OutputChunk) -> Bundle {
    let mut exports: Vec<String> = chunk.exports.iter().map(ToString::to_string).collect();
    exports.sort();
    let files = project
        .notes()
        .texts
        .iter()
        .map(|(id, text)| (source.relative(id), text.to_string()))
        .collect::<Vec<_>>();
    let own = files.into_iter().filter(|(path, _)| !is_package(path));
    let mut sources: Vec<SourceFile> = own.map(|(path, text)| SourceFile { path, text }).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Bundle {
        code: chunk.code.clone(),
        source_map: source_map(chunk).unwrap_or_default(),
        sources,
        inputs: vendored::inputs(source, &project.notes().texts),
        exports,
        entry: source.entry().to_owned(),
        modules: chunk.modules.keys.len(),
        largest: weight::largest(source, chunk),
        warnings: Vec::new(),
    }
}

fn source_map(chunk: &OutputChunk) -> Option<String> {
    let map = chunk.map.as_ref()?.clone();
    Some(lines::counted(map).to_json_string())
}

fn sorted(mut problems: Vec<Diagnostic>, source: &Source) -> Vec<Diagnostic> {
    if problems.is_empty() {
        let message = "the bundler gave neither a bundle nor a reason";
        problems.push(Diagnostic::about_file(codes::BUNDLER, message, source.entry()));
    }
    diagnostics::sort(&mut problems);
    problems
}
