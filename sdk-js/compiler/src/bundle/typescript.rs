//! TypeScript to JavaScript, file by file, before the bundler looks at a file.
//!
//! The bundler would do it too, with the same translator, but in its way: it puts the values of enums in the place of
//! their members (by the enum's name, of which there may be two), it keeps quiet about what the translator cannot do,
//! and what it cannot do comes out wrong. Here what the translator gets wrong is rewritten ([`namespaces`], [`enums`],
//! [`decorators`]), or refused with its place ([`refused`]). Nothing is evaluated at build but the members of enums.

mod decorators;
mod enums;
mod namespaces;
mod refused;

use std::path::Path;

use oxc::{
    allocator::Allocator,
    ast::ast::Program,
    diagnostics::{OxcDiagnostic, Severity},
    semantic::Scoping,
    span::Span,
    transformer::{EnvOptions, TransformOptions, Transformer},
};
use rolldown_ecmascript::{EcmaAst, WithMutFields, semantic_builder_for_transform};

use self::refused::Decorators;
use crate::diagnostics::{Diagnostic, Place, codes};

/// Something in a file that cannot be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) hint: String,
}

impl Refusal {
    /// As the author sees it.
    pub(super) fn diagnostic(&self, file: &str, text: &str) -> Diagnostic {
        let place = Place::new(file, text, self.span.start, self.span.end);
        let diagnostic = Diagnostic::error(codes::UNSUPPORTED_SYNTAX, self.message.clone(), &place);
        if self.hint.is_empty() {
            diagnostic
        } else {
            diagnostic.hint(self.hint.clone())
        }
    }
}

/// Translates a file in place. A file with syntax errors stays as it is: the bundler reports them.
pub(super) fn translate(ast: &mut EcmaAst, path: &Path, options: &TransformOptions) -> Vec<Refusal> {
    ast.program
        .with_mut(|WithMutFields { program, allocator, .. }| translate_program(allocator, program, path, options))
}

fn translate_program<'a>(
    allocator: &'a Allocator,
    program: &mut Program<'a>,
    path: &Path,
    options: &TransformOptions,
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let Some(scoping) = resolved(program) else {
        return refusals;
    };
    let legacy = options.decorator.legacy;
    refused::find(program, Decorators { legacy }, &mut refusals);
    if !program.source_type.is_typescript() {
        return refusals;
    }
    namespaces::rewrite(allocator, program, &scoping, &mut refusals);
    enums::keep_for_engine(allocator, program);
    let scoping = semantic_builder_for_transform().build(program).semantic.into_scoping();
    let corrections = enums::corrections(program, &scoping);
    if !refusals.is_empty() {
        return refusals;
    }
    let mut options = options.clone();
    options.typescript.optimize_enums = false;
    options.typescript.optimize_const_enums = false;
    // `using` is the bundler's to translate, once there are no enums: together, enums would move up before it.
    options.env = EnvOptions::default();
    let translated = Transformer::new(allocator, path, &options).build_with_scoping(scoping, program);
    enums::correct(allocator, program, &corrections);
    if legacy {
        decorators::order(allocator, program);
    }
    let wrong = translated.diagnostics.iter().filter(|event| concerns(event));
    let mut refusals: Vec<Refusal> = wrong.map(refusal).collect();
    refusals.extend(refused::exported_twice(program));
    refusals
}

/// The names of a file, or none if it has errors.
fn resolved(program: &Program<'_>) -> Option<Scoping> {
    let checked = semantic_builder_for_transform()
        .with_check_syntax_error(true)
        .build(program);
    let mut errors = checked.diagnostics.iter();
    let is_broken = errors.any(|error| error.severity == Severity::Error);
    (!is_broken).then(|| checked.semantic.into_scoping())
}

/// Whether the translator's remark is about something that comes out wrong. `import a = require("a")` does not: the
/// bundler knows `require`.
fn concerns(event: &OxcDiagnostic) -> bool {
    event.code.number.as_deref() != Some("1202")
}

fn refusal(event: &OxcDiagnostic) -> Refusal {
    let span = event.labels.first().map_or_else(Span::default, |label| {
        Span::new(label.offset(), label.offset() + label.len())
    });
    Refusal {
        span,
        message: event.message.to_string(),
        hint: event.help.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}
