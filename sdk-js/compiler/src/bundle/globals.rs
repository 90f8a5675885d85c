//! Globals that the engine lacks, found in the finished bundle: what tree-shaking dropped cannot hurt.
//!
//! In the author's own code one is an error, since it fails on the first call, or a warning where that code asks for it
//! first or catches what it throws. In a package `Intl` is a warning and the others are nothing, since packages look for
//! a global before they use it.

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
const MISSING: &[(&[&str], &str)] = &[
    (
        &["process"],
        "a hook has no environment variables: read secrets with `Aerocall.secrets`, constants from a module",
    ),
    (
        &["Buffer"],
        "use `Uint8Array`, `TextEncoder`, `atob` and `btoa`, or `npm install buffer` and import it",
    ),
    (&["__dirname", "__filename"], "a hook has no file system"),
    (&["window"], "use `globalThis`"),
    (
        &["document", "location", "history"],
        "a hook has no page; `context.request` says who asks for what",
    ),
    (
        &["localStorage", "sessionStorage", "indexedDB", "caches"],
        "store data with `Aerocall.cache` or `Aerocall.db`",
    ),
    (&["XMLHttpRequest", "WebSocket", "EventSource"], "use `fetch`"),
    (
        &["WritableStream", "TransformStream", "ReadableStreamBYOBReader"],
        "read a `ReadableStream` with `getReader()` or `for await`, and change the chunks there",
    ),
    (
        &["TextDecoderStream", "TextEncoderStream"],
        "use `TextDecoder` with `{ stream: true }` and `TextEncoder`, chunk by chunk",
    ),
    (
        &["CompressionStream", "DecompressionStream"],
        "use a package such as `fflate`; responses of `fetch` are decompressed already",
    ),
    (&["FileReader"], "use `blob.text()` or `blob.arrayBuffer()`"),
    (
        &[
            "Worker",
            "SharedWorker",
            "MessageChannel",
            "BroadcastChannel",
            "Atomics",
        ],
        "a hook has one thread; work that can wait is a job of `Aerocall.Queue`",
    ),
    (
        &["WebAssembly"],
        "a hook cannot load another module: use a package in JavaScript",
    ),
    (&["PerformanceObserver"], "use `performance.now()`"),
    (
        &["Deno", "Bun"],
        "use what is the same everywhere: `fetch`, `crypto`, `URL`, …",
    ),
];

/// Properties of `RegExp` with the last match (ECMAScript, legacy features), which the engine does not keep.
const LAST_MATCH: &[&str] = &[
    "$1",
    "$2",
    "$3",
    "$4",
    "$5",
    "$6",
    "$7",
    "$8",
    "$9",
    "$_",
    "$&",
    "$+",
    "$`",
    "$'",
    "input",
    "lastMatch",
    "lastParen",
    "leftContext",
    "rightContext",
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

/// What to do about an error at load that says that a global is not there, if it is one that hooks do not have. `file`: where
/// it is asked for.
pub(crate) fn hint_of_reference(message: &str, file: &str) -> Option<String> {
    let name = message.strip_suffix(" is not defined")?;
    let substitute = MISSING
        .iter()
        .find(|(names, _)| names.contains(&name))
        .map(|(_, hint)| (*hint).to_owned())
        .or_else(|| (name == "Intl").then(|| intl_hint(None)))?;
    Some(match super::imports::package_of(file) {
        Some(package) => {
            format!("hooks have no `{name}`, which `{package}` needs at once: look for a package that needs none")
        }
        None => format!("hooks have no `{name}`: {substitute}"),
    })
}

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
    let missing = MISSING
        .iter()
        .flat_map(|(names, hint)| names.iter().map(move |name| (name, hint)));
    problems.extend(missing.flat_map(|(name, hint)| checker.missing(name, hint)));
    problems.extend(checker.last_match());
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
        // An early return after such a question guards what follows, which is not looked into.
        let is_asked_for = self.bundle.code.contains(&format!("typeof {name}"));
        let message = format!("`{name}` does not exist in a hook");
        let problem = |(node, span): (NodeId, Span)| {
            let place = self.own_place(span)?;
            let severity = match is_asked_for || self.is_tried(node) {
                true => Severity::Warning,
                false => Severity::Error,
            };
            Some(Diagnostic::new(codes::MISSING_GLOBAL, severity, message.clone(), &place).hint(hint))
        };
        let references = self.references(name).into_iter();
        references
            .filter(|(node, _)| !self.is_guarded(*node, name))
            .filter_map(problem)
            .collect()
    }

    /// `RegExp.$1` and its like, which would be `undefined` without a word.
    fn last_match(&self) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for (node, _) in self.references("RegExp") {
            let AstKind::StaticMemberExpression(member) = self.semantic.nodes().parent_kind(node) else {
                continue;
            };
            let name = member.property.name.as_str();
            let Some(place) = self.origins.place(member.span).filter(|_| LAST_MATCH.contains(&name)) else {
                continue;
            };
            let severity = match is_package(place.file) {
                true => Severity::Warning,
                false => Severity::Error,
            };
            let message = format!("`RegExp.{name}` is always undefined in a hook");
            let hint = "take groups from the result of `exec` or `match`";
            problems.push(Diagnostic::new(codes::MISSING_GLOBAL, severity, message, &place).hint(hint));
        }
        problems
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

    /// Whether the code stands in a `try` with a `catch`.
    fn is_tried(&self, node: NodeId) -> bool {
        let at = self.semantic.nodes().kind(node).span().start;
        self.semantic.nodes().ancestor_kinds(node).any(|kind| match kind {
            AstKind::TryStatement(tried) => tried.handler.is_some() && at < tried.block.span.end,
            _ => false,
        })
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
