//! Builds hooks that are no scripts: Rust crates, and components that other tools built. Used by the command line; a server
//! takes the bundles and knows nothing of this.
//!
//! In the order that a crate goes through them: `sdk` (the crate `aerocall-hooks` as files), `toolchain` (Rust and its target),
//! `cargo` and `messages` (the build, and what the compiler says), `module` (what the result says of itself), `sources` (which
//! files it was built from), `exports` (its hook points and events), `capabilities` (what it imports, against what is declared), and
//! `bundle` (the component with its manifest). A prebuilt component begins at `module`.

mod bundle;
mod capabilities;
mod cargo;
mod exports;
mod messages;
mod module;
pub mod sdk;
mod sources;
mod toolchain;

use std::path::Path;

pub use aerocall_compiler::Built;
use aerocall_compiler::{
    Declared,
    diagnostics::{Diagnostic, codes},
};
use aerocall_runtime::Runtime;

use self::{bundle::Parts, module::Module};
pub use module::contract_of;
pub use toolchain::Target;

/// Codes of diagnostics that only these builds have, beside those of the compiler of scripts and of `rustc`.
pub mod problem_codes {
    /// Cargo cannot build the crate: a manifest, a dependency, the lock file.
    pub const CARGO: &str = "cargo";
    /// What `rustc` says without a code of its own, such as an error of syntax.
    pub const RUSTC: &str = "rustc";
    /// Two handlers have the same hook point or event.
    pub const DUPLICATE_HANDLER: &str = "duplicate-handler";
    /// The file is no component of the hooks world.
    pub const NOT_A_HOOK: &str = "not-a-hook";
    /// `aerocall.toml` declares a capability that the component does not import.
    pub const UNUSED_CAPABILITY: &str = "unused-capability";
    /// The bundle does not carry its sources.
    pub const SOURCES_OMITTED: &str = "sources-omitted";
}

/// A hook of a project.
#[derive(Clone, Copy, Debug)]
pub struct Hook<'h> {
    /// The project's directory, absolute and without links.
    pub root: &'h Path,
    /// The hook's name.
    pub name: &'h str,
    /// The folder of the crate, or the file of the component, relative to the project with `/`.
    pub path: &'h str,
    /// What `aerocall.toml` declares.
    pub declared: &'h Declared,
    /// What the crate is built for.
    pub target: Target,
    /// Hook points and events that `aerocall.toml` says a component has.
    pub exports: Option<&'h [String]>,
}

/// Why there is no bundle.
#[derive(Debug)]
pub enum NotBuilt {
    /// The source, or the component, is not right.
    Problems(Vec<Diagnostic>),
    /// Something on this machine is missing or does not work; with what to do about it.
    Environment(String),
}

impl From<Diagnostic> for NotBuilt {
    fn from(problem: Diagnostic) -> Self {
        Self::Problems(vec![problem])
    }
}

type Result<T> = std::result::Result<T, NotBuilt>;

/// Builds a crate. `progress` is told what takes time, line by line.
///
/// # Errors
/// [`NotBuilt`]
pub fn of_crate(hook: &Hook<'_>, progress: &(dyn Fn(&str) + Sync)) -> Result<Built> {
    let directory = hook.root.join(hook.path);
    let toolchain = toolchain::find(&directory, hook.target)?;
    sdk::update(hook.root).map_err(|error| NotBuilt::Environment(error.to_string()))?;
    let package = cargo::package(hook, &directory)?;
    let output = cargo::build(hook, &package, progress)?;
    let bytes = read(&output.artifact)?;
    let sources = sources::of(hook, &package, &output);
    let module = Module::of(hook, &bytes)?;
    let mut built = bundle::make(
        hook,
        &module,
        Parts {
            language: "rust".to_owned(),
            toolchain: Some(toolchain),
            entry: Some(package.entry(hook)),
            files: sources.files,
        },
    )?;
    let mut warnings = output.warnings;
    warnings.extend(sources.omitted);
    warnings.append(&mut built.warnings);
    Ok(Built { warnings, ..built })
}

/// Takes a component, or a core module that says in its custom sections what world it was built for.
///
/// # Errors
/// [`NotBuilt`]
pub fn of_component(hook: &Hook<'_>) -> Result<Built> {
    let bytes = read(&hook.root.join(hook.path))?;
    if module::has_manifest(&bytes) {
        return finished(hook, bytes);
    }
    let module = Module::of(hook, &bytes)?;
    let parts = Parts {
        language: module.language(),
        toolchain: None,
        entry: None,
        files: Vec::new(),
    };
    bundle::make(hook, &module, parts)
}

/// A component that somebody made a bundle of already: it is taken as it is.
fn finished(hook: &Hook<'_>, component: Vec<u8>) -> Result<Built> {
    let manifest = Runtime::inspect(&component)
        .map_err(|refused| Diagnostic::about_file(refused.code.name, refused.message, hook.path))?;
    let problem =
        |message: String, hint: &str| Diagnostic::about_file(codes::BAD_CONFIG, message, hook.path).hint(hint);
    if manifest.name != hook.name {
        let message = format!("the bundle is of the hook `{}`", manifest.name);
        let hint = format!("name the file {}.wasm", manifest.name);
        return Err(problem(message, &hint).into());
    }
    if *hook.declared != Declared::default() || hook.exports.is_some() {
        let message = format!(
            "the bundle has its manifest already, so what [hooks.{}] of aerocall.toml declares would have no effect",
            hook.name
        );
        let hint = "remove `capabilities`, `limits`, `schedules` and `exports` there, or take the component from before `aerocall build`";
        return Err(problem(message, hint).into());
    }
    Ok(Built {
        component,
        manifest,
        warnings: Vec::new(),
        summary: None,
    })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| NotBuilt::Environment(format!("{}: {error}", path.display())))
}
