//! The bundler's view of a project: a plugin that resolves every import and reads every file.
//!
//! Nothing that fails here stops the bundler: what cannot be resolved becomes a stand-in module and is written down,
//! so that one build reports every problem. Turning the notes into messages is the work of [`super::imports`].

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rolldown_common::{ImportKind, ModuleType, ResolvedId, side_effects::HookSideEffects};
use rolldown_error::BuildDiagnostic;
use rolldown_plugin::{
    HookLoadArgs, HookLoadOutput, HookLoadReturn, HookResolveIdArgs, HookResolveIdOutput, HookResolveIdReturn,
    HookTransformAstArgs, HookTransformAstReturn, HookUsage, Plugin, PluginContext, PluginContextResolveOptions,
    SharedLoadPluginContext,
};

use super::builtins;
use super::depth::{self, TooDeep};
use super::facade::Facade;
use super::lines;
use super::typescript::{self, Refusal};
use crate::source::{Files, Source, extension, is_package, without_bom, without_parents};

/// The module that the bundler starts from when the entry's exports are not named ones.
pub(super) const FACADE_ID: &str = "\0aerocall:entry";
/// What the facade imports: the author's entry.
pub(super) const ENTRY_SPECIFIER: &str = "aerocall:author-entry";
/// Our types package, which need not be installed.
const SDK_PACKAGE: &str = "@aerocall/hooks";
const SDK_ID: &str = "\0aerocall:sdk";
const STAND_IN: &str = "\0aerocall:stand-in:";

/// The values that `@aerocall/hooks` exports besides types: the engine's own. The package's file is the module, so that
/// what editors see and what runs are one.
const SDK_MODULE: &str = include_str!("../../../package/index.js");

/// Files that people import into bundlers which turn them into something else.
const NO_CODE: &[&str] = &[
    "wasm", "txt", "md", "html", "htm", "css", "scss", "sass", "less", "svg", "png", "jpg", "jpeg", "gif", "webp",
    "ico", "pdf", "woff", "woff2", "ttf", "node", "bin", "yaml", "yml", "toml", "xml", "csv", "sql", "graphql", "gql",
    "vue", "svelte", "py", "rs", "sh", "zip", "gz", "pem", "crt", "key", "mp3", "mp4", "hbs", "mustache", "ejs",
    "proto",
];

/// An import that does not work, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BadImport {
    /// The importing file, as the bundler names it.
    pub(super) importer: String,
    pub(super) specifier: String,
    pub(super) reason: Reason,
}

/// Why an import does not work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// Nothing is there; the resolver's words if it found a package but not the file.
    Missing(Option<String>),
    /// A module of Node.js.
    Builtin(&'static str),
    /// An `https:` address.
    Url,
    /// It exists, but outside of a project held in memory.
    Outside,
    /// Neither code nor JSON: the file's ending.
    NoCode(String),
    /// There is a file of this name, but the specifier goes on: `?raw`.
    Query(String),
}

/// A file that was found but cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum BadFile {
    /// It cannot be read; why.
    Unreadable(String),
    /// It is not text.
    NotText,
    /// It has this many bytes.
    TooLarge(usize),
    /// Its code is nested deeper than the parser may be asked to follow.
    TooDeep(TooDeep),
}

/// What the bundler met on its way.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The text of each module, by the bundler's name for it.
    pub(super) texts: BTreeMap<String, Arc<str>>,
    pub(super) bad_imports: BTreeSet<BadImport>,
    pub(super) bad_files: BTreeMap<String, BadFile>,
    /// What each file has that cannot be translated.
    pub(super) refusals: BTreeMap<String, Vec<Refusal>>,
    /// The bundler's remarks on the settings of a file.
    pub(super) remarks: Vec<BuildDiagnostic>,
}

/// A project, as a plugin of the bundler.
#[derive(Debug)]
pub(super) struct Project {
    source: Source,
    facade: Option<Facade>,
    max_file_bytes: usize,
    notes: Mutex<Notes>,
}

impl Project {
    pub(super) fn new(source: Source, facade: Option<Facade>, max_file_bytes: usize) -> Self {
        Self {
            source,
            facade,
            max_file_bytes,
            notes: Mutex::default(),
        }
    }

    pub(super) fn notes(&self) -> MutexGuard<'_, Notes> {
        // A panic elsewhere leaves the notes as they were: every change to them is a single insertion.
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the bundler starts from.
    pub(super) fn input(&self) -> String {
        match &self.facade {
            Some(_) => FACADE_ID.to_owned(),
            None => ENTRY_SPECIFIER.to_owned(),
        }
    }

    async fn resolve(&self, ctx: &PluginContext, args: &HookResolveIdArgs<'_>) -> HookResolveIdReturn {
        let entry = self.source.absolute(self.source.entry());
        match args.specifier {
            FACADE_ID => return Ok(Some(HookResolveIdOutput::from_id(FACADE_ID))),
            SDK_PACKAGE => return Ok(Some(HookResolveIdOutput::from_id(SDK_ID))),
            // The bundler's own modules, and its support for `data:` addresses.
            internal if internal.starts_with('\0') || internal.starts_with("data:") => return Ok(None),
            _ => {}
        }
        if let Some(found) = self.resolve_in_memory(args, &entry) {
            return Ok(Some(found));
        }
        if args.specifier == ENTRY_SPECIFIER {
            let found = ctx.resolve(&entry.to_string_lossy(), None, Some(like(args))).await?;
            return Ok(found.ok().map(|found| self.named(found)));
        }
        let importer = args.importer.map(plain);
        let reason = match ctx
            .resolve(args.specifier, importer.as_deref(), Some(like(args)))
            .await?
        {
            Ok(found) => match self.objection(args.specifier, &found) {
                None => return Ok(Some(self.named(found))),
                Some(reason) => reason,
            },
            Err(error) => match builtins::named_by(args.specifier) {
                Some(name) => match self.resolve_polyfill(ctx, args, name).await? {
                    Some(found) => return Ok(Some(found)),
                    None => Reason::Builtin(name),
                },
                None => Reason::Missing(self.explanation(args.specifier, &error.to_string())),
            },
        };
        self.stand_in(args, reason)
    }

    /// The module under its stable name.
    fn named(&self, found: ResolvedId) -> HookResolveIdOutput {
        let id = self.stable_id(found.id.as_str());
        HookResolveIdOutput {
            id: id.into(),
            ..HookResolveIdOutput::from_resolved_id(found)
        }
    }

    /// The id under which the bundler knows a file. It names variables after files, and `index` after its directory:
    /// for an index at the root that would be the project's own directory, which differs from place to place. A path
    /// that ends in `..` before the file has no directory's name to give.
    fn stable_id(&self, path: &str) -> String {
        if path.starts_with('\0') {
            return path.to_owned();
        }
        let file = self.source.relative(path);
        match file.split_once('.') {
            Some(("index" | "mod", _)) if !file.contains('/') => self
                .source
                .root()
                .join("-/..")
                .join(file)
                .to_string_lossy()
                .into_owned(),
            _ => path.to_owned(),
        }
    }

    /// What the resolver says beyond "not found", without absolute paths.
    fn explanation(&self, specifier: &str, error: &str) -> Option<String> {
        let root = format!("{}/", self.source.root().display());
        (!error.starts_with("Cannot find module") && !error.contains(&format!("'{specifier}' for extension")))
            .then(|| error.replace(&root, ""))
    }

    /// A relative import of a project held in memory.
    fn resolve_in_memory(&self, args: &HookResolveIdArgs<'_>, entry: &Path) -> Option<HookResolveIdOutput> {
        let Files::Memory(files) = self.source.files() else {
            return None;
        };
        if args.specifier == ENTRY_SPECIFIER {
            return Some(HookResolveIdOutput::from_id(self.stable_id(&entry.to_string_lossy())));
        }
        let importer = self.source.relative(args.importer?);
        let path = super::memory::find(files, &importer, args.specifier)?;
        Some(HookResolveIdOutput::from_id(
            self.stable_id(&self.source.absolute(path).to_string_lossy()),
        ))
    }

    /// A package that stands in for a module of Node.js, if one is installed: `events/`, `events`.
    async fn resolve_polyfill(
        &self,
        ctx: &PluginContext,
        args: &HookResolveIdArgs<'_>,
        name: &str,
    ) -> anyhow::Result<Option<HookResolveIdOutput>> {
        let bare = args.specifier.strip_prefix("node:").unwrap_or(args.specifier);
        if !builtins::has_package(name) {
            return Ok(None);
        }
        let spelled = if bare == name {
            format!("{bare}/")
        } else {
            bare.to_owned()
        };
        let importer = args.importer.map(plain);
        let found = ctx.resolve(&spelled, importer.as_deref(), Some(like(args))).await?;
        Ok(found
            .ok()
            .filter(|found| self.objection(&spelled, found).is_none())
            .map(|found| self.named(found)))
    }

    /// Why something that was found may not be used.
    fn objection(&self, specifier: &str, found: &ResolvedId) -> Option<Reason> {
        let id = found.id.as_str();
        if id.starts_with('\0') {
            return None;
        }
        if !Path::new(id).is_absolute() {
            return Some(Reason::Url);
        }
        let path = self.source.relative(id);
        let is_outside = match self.source.files() {
            Files::Disk => false,
            Files::Confined => path.starts_with("../"),
            Files::Memory(_) => !is_package(&path) || path.starts_with("../"),
        };
        if is_outside {
            return Some(Reason::Outside);
        }
        if let Some(name) = builtins::named_by(specifier)
            && !builtins::has_package(name)
            && path.contains(&format!("node_modules/{name}/"))
        {
            return Some(Reason::Builtin(name));
        }
        if let Some(at) = path.find(['?', '#'])
            && !Path::new(id).exists()
        {
            return Some(Reason::Query(path[at..].to_owned()));
        }
        extension(&path)
            .filter(|extension| NO_CODE.contains(&extension.as_str()))
            .map(Reason::NoCode)
    }

    fn stand_in(&self, args: &HookResolveIdArgs<'_>, reason: Reason) -> HookResolveIdReturn {
        let (importer, specifier) = (args.importer.unwrap_or_default().to_owned(), args.specifier.to_owned());
        let id = stand_in_id(&specifier);
        // A module of Node.js that is imported and not used has no effect, and is left out with what would have used it.
        let side_effects = matches!(reason, Reason::Builtin(_)).then_some(HookSideEffects::False);
        self.notes().bad_imports.insert(BadImport {
            importer,
            specifier,
            reason,
        });
        Ok(Some(HookResolveIdOutput {
            side_effects,
            ..HookResolveIdOutput::from_id(id)
        }))
    }

    fn read(&self, id: &str) -> Result<Arc<str>, BadFile> {
        let bytes = match self.source.files() {
            Files::Memory(files) if files.contains_key(&self.source.relative(id)) => {
                files[&self.source.relative(id)].as_bytes().to_vec()
            }
            _ => std::fs::read(plain(id)).map_err(|error| BadFile::Unreadable(error.to_string()))?,
        };
        if bytes.len() > self.max_file_bytes {
            return Err(BadFile::TooLarge(bytes.len()));
        }
        let text = String::from_utf8(bytes).map_err(|_| BadFile::NotText)?;
        if text.contains('\0') {
            return Err(BadFile::NotText);
        }
        let text = without_bom(&text);
        if module_type(id) != ModuleType::Json {
            depth::check(text).map_err(BadFile::TooDeep)?;
        }
        Ok(Arc::from(text))
    }

    fn load_file(&self, id: &str) -> HookLoadOutput {
        let text = self.read(id).unwrap_or_else(|problem| {
            self.notes().bad_files.insert(id.to_owned(), problem);
            // As CommonJS, so that names imported from it raise no further errors.
            Arc::from("module.exports = {};")
        });
        self.notes().texts.insert(id.to_owned(), Arc::clone(&text));
        HookLoadOutput {
            code: text.as_ref().into(),
            module_type: Some(module_type(id)),
            ..Default::default()
        }
    }
}

impl Plugin for Project {
    fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed("aerocall:project")
    }

    fn register_hook_usage(&self) -> HookUsage {
        HookUsage::ResolveId | HookUsage::Load | HookUsage::TransformAst
    }

    async fn resolve_id(&self, ctx: &PluginContext, args: &HookResolveIdArgs<'_>) -> HookResolveIdReturn {
        self.resolve(ctx, args).await
    }

    async fn load(&self, _ctx: SharedLoadPluginContext, args: &HookLoadArgs<'_>) -> HookLoadReturn {
        let own = |code: String| HookLoadOutput {
            code: code.into(),
            module_type: Some(ModuleType::Js),
            ..Default::default()
        };
        Ok(match args.id {
            FACADE_ID => self.facade.as_ref().map(|facade| own(facade.code())),
            SDK_ID => Some(own(SDK_MODULE.to_owned())),
            id if id.starts_with(STAND_IN) => Some(own(stand_in_code(&id[STAND_IN.len()..]))),
            id if id.starts_with('\0') || id.starts_with("data:") => None,
            id => Some(self.load_file(id)),
        })
    }

    async fn transform_ast(&self, ctx: &PluginContext, mut args: HookTransformAstArgs<'_>) -> HookTransformAstReturn {
        let has_settings = !matches!(args.module_type, ModuleType::Js);
        if !self.notes().texts.contains_key(args.id) || *args.module_type == ModuleType::Json {
            return Ok(args.ast);
        }
        lines::escape_templates(&mut args.ast);
        let mut remarks = Vec::new();
        let settings = &ctx.options().transform_options;
        let settings = settings.options_for_file(has_settings.then(|| Path::new(args.id)), &mut remarks);
        // A tsconfig.json that cannot be read is the bundler's to report.
        if let Ok(settings) = settings {
            let refusals = typescript::translate(&mut args.ast, Path::new(args.stable_id), &settings);
            let mut notes = self.notes();
            notes.remarks.append(&mut remarks);
            if !refusals.is_empty() {
                notes.refusals.insert(args.id.to_owned(), refusals);
            }
        }
        Ok(args.ast)
    }
}

/// The path behind an id, as the disk knows it.
fn plain(id: &str) -> String {
    if id.starts_with('\0') {
        return id.to_owned();
    }
    without_parents(Path::new(id)).to_string_lossy().into_owned()
}

/// The id of the module that takes the place of one that cannot be resolved.
pub(super) fn stand_in_id(specifier: &str) -> String {
    format!("{STAND_IN}{specifier}")
}

/// Fails as Node.js does, for packages that `require` something optional inside `try`.
fn stand_in_code(specifier: &str) -> String {
    let message = serde_json::Value::from(format!("Cannot find module '{specifier}'"));
    format!("module.exports = {{}};\nthrow Object.assign(new Error({message}), {{ code: \"MODULE_NOT_FOUND\" }});\n")
}

fn like(args: &HookResolveIdArgs<'_>) -> PluginContextResolveOptions {
    PluginContextResolveOptions {
        import_kind: match args.kind {
            ImportKind::Require => ImportKind::Require,
            ImportKind::DynamicImport => ImportKind::DynamicImport,
            _ => ImportKind::Import,
        },
        ..Default::default()
    }
}

/// From the file's own ending; the bundler would take the first dot of the whole path.
fn module_type(id: &str) -> ModuleType {
    match extension(&id.replace('\\', "/")).as_deref() {
        Some("ts" | "mts" | "cts") => ModuleType::Ts,
        Some("tsx") => ModuleType::Tsx,
        Some("jsx") => ModuleType::Jsx,
        Some("json") => ModuleType::Json,
        _ => ModuleType::Js,
    }
}
