//! Globals that the engine lacks, found in the finished bundle: what tree-shaking dropped cannot hurt.
//!
//! In the author's own code `Intl` is an error, since it fails on the first call; in a package it is a warning, since
//! packages look for it before they use it.

use oxc::allocator::Allocator;
use oxc::ast::AstKind;
use oxc::ast::ast::{CallExpression, Expression, ImportExpression};
use oxc::parser::Parser;
use oxc::semantic::{NodeId, Semantic, SemanticBuilder};
use oxc::span::{GetSpan, SourceType, Span};

use super::{Bundle, Origins};
use crate::diagnostics::{Diagnostic, Place, Severity, codes};
use crate::source::is_package;

/// Globals of Node.js and of browsers that authors reach for, and what they use instead.
const MISSING: &[(&str, &str)] = &[
    (
        "process",
        "a hook has no environment variables: read secrets with `Aerocall.secrets`, constants from a module",
    ),
    (
        "Buffer",
        "use `Uint8Array`, `TextEncoder`, `atob` and `btoa`, or `npm install buffer` and import it",
    ),
    ("__dirname", "a hook has no file system"),
    ("__filename", "a hook has no file system"),
    ("window", "use `globalThis`"),
    ("document", "a hook has no page"),
    ("localStorage", "store data with `Aerocall.cache` or `Aerocall.db`"),
    ("XMLHttpRequest", "use `fetch`"),
    ("setImmediate", "use `queueMicrotask` or `setTimeout`"),
];

/// Methods that take a locale or options, and from which argument on.
const LOCALISED: &[(&str, usize)] = &[
    ("toLocaleString", 1),
    ("toLocaleDateString", 1),
    ("toLocaleTimeString", 1),
    ("toLocaleUpperCase", 1),
    ("toLocaleLowerCase", 1),
    ("localeCompare", 2),
];

/// What the bundle uses that the engine does not have.
pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, &bundle.code, SourceType::mjs()).parse();
    let semantic = SemanticBuilder::new()
        .with_build_nodes(true)
        .build(&parsed.program)
        .semantic;
    let checker = Checker {
        bundle,
        semantic: &semantic,
        origins: Origins::of(bundle),
    };
    let mut problems = checker.intl();
    problems.extend(MISSING.iter().flat_map(|(name, hint)| checker.missing(name, hint)));
    for node in semantic.nodes().iter() {
        match node.kind() {
            AstKind::CallExpression(call) => problems.extend(checker.localised(call)),
            AstKind::ImportExpression(import) => problems.extend(checker.dynamic_import(import)),
            _ => {}
        }
    }
    problems
}

struct Checker<'b, 's, 'a> {
    bundle: &'b Bundle,
    semantic: &'s Semantic<'a>,
    origins: Origins<'b>,
}

impl Checker<'_, '_, '_> {
    fn intl(&self) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let mut packages = Vec::new();
        for (node, span) in self.references("Intl") {
            let Some(place) = self.origins.place(span) else {
                continue;
            };
            let package = super::imports::package_of(place.file);
            let severity = match &package {
                Some(_) if self.is_guarded(node, "Intl") => continue,
                // One warning a package: it is not the author's to fix.
                Some(package) if packages.contains(package) => continue,
                Some(package) => {
                    packages.push(package.clone());
                    Severity::Warning
                }
                None if self.is_guarded(node, "Intl") => continue,
                None => Severity::Error,
            };
            let message = "`Intl` does not exist in a hook";
            problems
                .push(Diagnostic::new(codes::NO_INTL, severity, message, &place).hint(intl_hint(package.as_deref())));
        }
        problems
    }

    fn missing(&self, name: &str, hint: &str) -> Vec<Diagnostic> {
        let references = self
            .references(name)
            .into_iter()
            .filter(|(node, _)| !self.is_guarded(*node, name));
        let places = references.filter_map(|(_, span)| self.own_place(span));
        let message = format!("`{name}` does not exist in a hook");
        places
            .map(|place| Diagnostic::warning(codes::MISSING_GLOBAL, message.clone(), &place).hint(hint))
            .collect()
    }

    fn localised(&self, call: &CallExpression<'_>) -> Option<Diagnostic> {
        let member = call.callee.get_inner_expression().as_member_expression()?;
        let method = member.static_property_name()?;
        let (_, first) = LOCALISED.iter().find(|(name, _)| *name == method)?;
        if call.arguments.len() < *first {
            return None;
        }
        let place = self.own_place(call.span)?;
        let message = format!("`{method}` ignores the locale and the options in a hook, which has no `Intl`");
        Some(Diagnostic::warning(codes::NO_INTL, message, &place).hint("format dates and numbers in code, in UTC"))
    }

    fn dynamic_import(&self, import: &ImportExpression<'_>) -> Option<Diagnostic> {
        if matches!(import.source, Expression::StringLiteral(_)) {
            return None;
        }
        let place = self.own_place(import.span)?;
        let message = "only string literals can be imported dynamically, because computed names cannot be bundled";
        Some(
            Diagnostic::error(codes::DYNAMIC_IMPORT, message, &place)
                .hint("import each module by name and choose among them"),
        )
    }

    /// A place in the author's own code.
    fn own_place(&self, span: Span) -> Option<Place<'_>> {
        self.origins.place(span).filter(|place| !is_package(place.file))
    }

    /// Where a global is used that the bundle does not define.
    fn references(&self, name: &str) -> Vec<(NodeId, Span)> {
        let scoping = self.semantic.scoping();
        let ids = scoping
            .root_unresolved_references()
            .iter()
            .find(|(known, _)| known.as_str() == name);
        let ids = ids.into_iter().flat_map(|(_, ids)| ids.iter());
        let nodes = ids.map(|id| scoping.get_reference(*id).node_id());
        nodes
            .map(|node| (node, self.semantic.nodes().kind(node).span()))
            .collect()
    }

    /// Whether the code asks for the global's existence before it uses it.
    fn is_guarded(&self, node: NodeId, name: &str) -> bool {
        let code = &self.bundle.code;
        let asks = |span: Span| code[span.start as usize..span.end as usize].contains(&format!("typeof {name}"));
        self.semantic.nodes().ancestor_kinds(node).any(|kind| match kind {
            AstKind::UnaryExpression(unary) => asks(unary.span),
            AstKind::IfStatement(branch) => asks(branch.test.span()),
            AstKind::ConditionalExpression(choice) => asks(choice.test.span()),
            AstKind::LogicalExpression(logical) => asks(logical.left.span()),
            _ => false,
        })
    }
}

fn intl_hint(package: Option<&str>) -> String {
    match package {
        None => "format dates and numbers in code, or use a package that has its own tables".into(),
        Some(package) => format!("calls of `{package}` that need it will throw a ReferenceError"),
    }
}
