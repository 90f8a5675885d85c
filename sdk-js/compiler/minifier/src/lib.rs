//! What the bundler does to a module before it looks for what is used: drops branches that are never taken, and nothing
//! else.
//!
//! The crate of this name that rolldown asks for also evaluates expressions of constants and replaces them with their
//! values, in every module and with no setting against it. That it evaluates them as an engine would cannot be relied
//! upon (`Number("10 ")` became NaN, a constant that is read before its declaration lost its ReferenceError), and a hook
//! gains nothing from it. So this crate stands in its place: the same interface, as far as rolldown and oxc use it. The
//! one decision that it makes at build is which side of `process.env.NODE_ENV === "production"` is dead: packages
//! choose among their files like that. Nothing that is evaluated in a call is ever replaced with a value.

mod branches;
mod options;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_index::IndexVec;
use oxc_semantic::Scoping;
use oxc_str::CompactStr;
use oxc_syntax::class::ClassId;
use rustc_hash::FxHashMap;

pub use oxc_mangler::{MangleOptions, MangleOptionsKeepNames};

pub use self::options::{
    CompressOptions, CompressOptionsKeepNames, CompressOptionsUnused, ManglePropertiesOptions, MinifierOptions,
    PropertyReadSideEffects, TreeShakeOptions,
};

/// Drops dead branches of a module.
pub struct Compressor<'a> {
    allocator: &'a Allocator,
}

impl<'a> Compressor<'a> {
    /// For a program in this arena.
    #[must_use]
    pub fn new(allocator: &'a Allocator) -> Self {
        Self { allocator }
    }

    /// The same as [`Compressor::dead_code_elimination_with_scoping`].
    pub fn build_with_scoping(self, program: &mut Program<'a>, scoping: Scoping, options: CompressOptions) -> u8 {
        self.dead_code_elimination_with_scoping(program, scoping, options)
    }

    /// Drops the branches that literals alone show to be dead. `scoping` no longer describes the program afterwards; the
    /// bundler makes a new one. The result is the number of further passes, of which there are none.
    pub fn dead_code_elimination_with_scoping(
        self,
        program: &mut Program<'a>,
        scoping: Scoping,
        options: CompressOptions,
    ) -> u8 {
        drop((scoping, options));
        branches::drop_dead(self.allocator, program);
        0
    }
}

/// What there is to know of a program after [`Minifier`]: nothing, since it renames nothing.
#[derive(Default)]
pub struct MinifierReturn {
    /// None: the printer keeps the names as they are.
    pub scoping: Option<Scoping>,
    /// None: private members keep their names.
    pub class_private_mappings: Option<IndexVec<ClassId, FxHashMap<String, CompactStr>>>,
}

/// The bundler's last step over a whole bundle, which leaves it as it is.
pub struct Minifier;

impl Minifier {
    /// All options are off.
    #[must_use]
    pub fn new(options: MinifierOptions) -> Self {
        drop(options);
        Self
    }

    /// Changes nothing.
    pub fn minify<'a>(self, _allocator: &'a Allocator, _program: &mut Program<'a>) -> MinifierReturn {
        MinifierReturn::default()
    }

    /// Changes nothing: each module has been through [`Compressor`].
    pub fn dce<'a>(self, _allocator: &'a Allocator, _program: &mut Program<'a>) -> MinifierReturn {
        MinifierReturn::default()
    }
}
