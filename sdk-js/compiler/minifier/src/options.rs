//! The options that the bundler hands over. They are read by nothing: there is one way to drop a dead branch.

use oxc_compat::EngineTargets;
use oxc_mangler::MangleOptions;
use rustc_hash::FxHashSet;

pub use oxc_ecmascript::side_effects::PropertyReadSideEffects;

/// Of shrinking code. The bundler fills it in.
#[derive(Clone, Debug, Default)]
pub struct CompressOptions {
    /// What the engine understands.
    pub target: EngineTargets,
    /// Whether `debugger` goes.
    pub drop_debugger: bool,
    /// Whether calls of `console` go.
    pub drop_console: bool,
    /// Whether declarations are joined.
    pub join_vars: bool,
    /// Whether statements are joined.
    pub sequences: bool,
    /// What becomes of unused declarations.
    pub unused: CompressOptionsUnused,
    /// Whose names stay.
    pub keep_names: CompressOptionsKeepNames,
    /// What counts as a side effect.
    pub treeshake: TreeShakeOptions,
    /// Labels whose statements go.
    pub drop_labels: FxHashSet<String>,
    /// The most passes.
    pub max_iterations: Option<u8>,
}

impl CompressOptions {
    /// For the smallest code.
    #[must_use]
    pub fn smallest() -> Self {
        Self::default()
    }

    /// For code that changes the least.
    #[must_use]
    pub fn safest() -> Self {
        Self::default()
    }

    /// For dropping dead code alone.
    #[must_use]
    pub fn dce() -> Self {
        Self::default()
    }
}

/// What becomes of unused declarations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompressOptionsUnused {
    /// They go.
    #[default]
    Remove,
    /// They go, their assignments stay.
    KeepAssign,
    /// They stay.
    Keep,
}

/// Whose names stay.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompressOptionsKeepNames {
    /// Those of functions.
    pub function: bool,
    /// Those of classes.
    pub class: bool,
}

impl CompressOptionsKeepNames {
    /// No names.
    #[must_use]
    pub fn all_false() -> Self {
        Self::default()
    }

    /// All names.
    #[must_use]
    pub fn all_true() -> Self {
        Self {
            function: true,
            class: true,
        }
    }
}

/// What counts as a side effect.
#[derive(Clone, Debug, Default)]
pub struct TreeShakeOptions {
    /// Whether comments such as `@__PURE__` count.
    pub annotations: bool,
    /// Functions without side effects.
    pub manual_pure_functions: Vec<String>,
    /// Whether reading a property has side effects.
    pub property_read_side_effects: PropertyReadSideEffects,
    /// Whether writing a property has.
    pub property_write_side_effects: bool,
    /// Whether reading an unknown global has.
    pub unknown_global_side_effects: bool,
    /// Whether an import that cannot be resolved has.
    pub invalid_import_side_effects: bool,
}

/// Of renaming properties, which the bundler never asks for.
#[derive(Clone, Debug)]
pub enum ManglePropertiesOptions {}

/// Of [`crate::Minifier`].
#[derive(Clone, Debug, Default)]
pub struct MinifierOptions {
    /// Of renaming variables.
    pub mangle: Option<MangleOptions>,
    /// Of renaming properties.
    pub mangle_properties: Option<ManglePropertiesOptions>,
    /// Of shrinking code.
    pub compress: Option<CompressOptions>,
}
