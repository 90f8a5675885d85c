//! Follows the SDK object through a bundle's syntax tree.

use std::collections::{BTreeSet, HashSet};

use oxc::ast::AstKind;
use oxc::ast::ast::{
    Argument, BindingPattern, Expression, FormalParameters, ModuleExportName, ObjectExpression, ObjectPropertyKind,
    Program, Statement,
};
use oxc::semantic::{NodeId, Semantic, SymbolId};
use oxc::span::{GetSpan, Span};

use super::Capability;
use crate::points;

/// The SDK is a hook's third parameter.
const SDK_PARAMETER: usize = 2;
/// The SDK's global name.
const SDK_GLOBAL: &str = "Aerocall";
/// Names of the global object.
const GLOBAL_OBJECTS: &[&str] = &["globalThis", "self", "window", "global"];

/// The capabilities used, and the first place where the SDK goes out of sight.
pub(super) fn run<'a>(program: &'a Program<'a>, semantic: &Semantic<'a>) -> (BTreeSet<Capability>, Option<Span>) {
    let mut tracer = Tracer {
        semantic,
        used: BTreeSet::new(),
        escape: None,
        seen: HashSet::new(),
    };
    tracer.follow_globals();
    tracer.follow_exports(program);
    (tracer.used, tracer.escape)
}

struct Tracer<'s, 'a> {
    semantic: &'s Semantic<'a>,
    used: BTreeSet<Capability>,
    escape: Option<Span>,
    /// Variables that hold the SDK and are followed already, and functions whose parameter is.
    seen: HashSet<(SymbolId, usize)>,
}

impl<'a> Tracer<'_, 'a> {
    fn escapes(&mut self, span: Span) {
        self.escape = Some(
            self.escape
                .map_or(span, |first| if span.start < first.start { span } else { first }),
        );
    }

    fn uses(&mut self, member: &str) {
        self.used.extend(Capability::of_member(member));
    }

    // ---- where the SDK comes from ----

    fn follow_globals(&mut self) {
        for node in self.unresolved(SDK_GLOBAL) {
            self.follow_use(node);
        }
        for node in self.unresolved("fetch") {
            if !matches!(self.semantic.nodes().parent_kind(node), AstKind::UnaryExpression(_)) {
                self.used.insert(Capability::Http);
            }
        }
        let globals: Vec<NodeId> = GLOBAL_OBJECTS.iter().flat_map(|name| self.unresolved(name)).collect();
        for node in globals {
            let parent = self.semantic.nodes().parent_id(node);
            match self.member_name(node, parent) {
                Some("fetch") => self.uses("fetch"),
                Some(SDK_GLOBAL) => self.follow_use(parent),
                _ => {}
            }
        }
    }

    fn unresolved(&self, name: &str) -> Vec<NodeId> {
        let scoping = self.semantic.scoping();
        let known = scoping
            .root_unresolved_references()
            .iter()
            .find(|(known, _)| known.as_str() == name);
        let ids = known.into_iter().flat_map(|(_, ids)| ids.iter());
        ids.map(|id| scoping.get_reference(*id).node_id()).collect()
    }

    /// Hooks are exports of the bundle, by name.
    fn follow_exports(&mut self, program: &'a Program<'a>) {
        for statement in &program.body {
            let Statement::ExportNamedDeclaration(export) = statement else {
                continue;
            };
            for specifier in &export.specifiers {
                let name = specifier.exported.name();
                let is_events = name == points::EVENTS_EXPORT;
                if !is_events && points::hook_point(name.as_str()).is_none() {
                    continue;
                }
                let ModuleExportName::IdentifierReference(local) = &specifier.local else {
                    continue;
                };
                let reference = self.semantic.scoping().get_reference(local.reference_id());
                match reference.symbol_id() {
                    Some(symbol) if is_events => self.follow_events(symbol, specifier.span),
                    Some(symbol) => self.follow_hook_variable(symbol, name.as_str(), specifier.span),
                    None => self.escapes(specifier.span),
                }
            }
        }
    }

    fn follow_events(&mut self, symbol: SymbolId, at: Span) {
        let object = self.initial_value(symbol).map(Expression::get_inner_expression);
        match object {
            Some(Expression::ObjectExpression(object)) => self.follow_handlers(object),
            Some(Expression::CallExpression(call)) => match call.arguments.first() {
                Some(Argument::ObjectExpression(object)) => self.follow_handlers(object),
                _ => self.follow_by_name(points::EVENTS_EXPORT, at),
            },
            _ => self.follow_by_name(points::EVENTS_EXPORT, at),
        }
    }

    fn follow_handlers(&mut self, object: &'a ObjectExpression<'a>) {
        for property in &object.properties {
            match property {
                ObjectPropertyKind::ObjectProperty(property) => self.follow_hook(&property.value, ""),
                ObjectPropertyKind::SpreadProperty(spread) => self.escapes(spread.span),
            }
        }
    }

    fn follow_hook_variable(&mut self, symbol: SymbolId, name: &str, at: Span) {
        let declaration = self.semantic.scoping().symbol_declaration(symbol);
        if let AstKind::Function(function) = self.semantic.nodes().kind(declaration) {
            self.follow_parameter(&function.params, SDK_PARAMETER, Some(function.span));
        } else if let Some(value) = self.initial_value(symbol) {
            self.follow_hook(value, name);
        } else {
            self.escapes(at);
        }
    }

    fn follow_hook(&mut self, value: &'a Expression<'a>, name: &str) {
        match value.get_inner_expression() {
            Expression::ArrowFunctionExpression(arrow) => self.follow_parameter(&arrow.params, SDK_PARAMETER, None),
            Expression::FunctionExpression(function) => {
                self.follow_parameter(&function.params, SDK_PARAMETER, Some(function.span));
            }
            Expression::Identifier(identifier) => {
                let reference = self.semantic.scoping().get_reference(identifier.reference_id());
                match reference.symbol_id() {
                    Some(symbol) => self.follow_hook_variable(symbol, name, identifier.span),
                    None => self.escapes(identifier.span),
                }
            }
            other => self.follow_by_name(name, other.span()),
        }
    }

    /// A hook whose function is not in sight: a member of `export default {…}` or `module.exports`, found by its name;
    /// anything else may do anything.
    fn follow_by_name(&mut self, name: &str, at: Span) {
        let mut found = false;
        for node in self.semantic.nodes().iter() {
            let (key, value) = match node.kind() {
                AstKind::ObjectProperty(property) => (property.key.static_name(), &property.value),
                AstKind::AssignmentExpression(assignment) => {
                    let target = assignment.left.as_member_expression();
                    (
                        target.and_then(|target| target.static_property_name()).map(Into::into),
                        &assignment.right,
                    )
                }
                _ => continue,
            };
            if key.as_deref() != Some(name) {
                continue;
            }
            match value.get_inner_expression() {
                value if value.is_function() => {
                    found = true;
                    self.follow_hook(value, "");
                }
                Expression::ObjectExpression(object) if name == points::EVENTS_EXPORT => {
                    found = true;
                    self.follow_handlers(object);
                }
                _ => {}
            }
        }
        if !found {
            self.escapes(at);
        }
    }

    fn initial_value(&self, symbol: SymbolId) -> Option<&'a Expression<'a>> {
        if self.semantic.scoping().symbol_is_mutated(symbol) {
            return None;
        }
        let declaration = self.semantic.scoping().symbol_declaration(symbol);
        match self.semantic.nodes().kind(declaration) {
            AstKind::VariableDeclarator(variable) => variable.init.as_ref(),
            _ => None,
        }
    }

    // ---- where it goes ----

    /// The parameter of a function that receives the SDK. `with_arguments` is the function's extent if it has an
    /// `arguments` object.
    fn follow_parameter(&mut self, parameters: &'a FormalParameters<'a>, index: usize, with_arguments: Option<Span>) {
        if let Some(parameter) = parameters.items.get(index) {
            self.follow_pattern(&parameter.pattern);
        } else if let Some(rest) = &parameters.rest {
            self.escapes(rest.span);
        }
        if let Some(extent) = with_arguments {
            for node in self.unresolved("arguments") {
                let span = self.semantic.nodes().kind(node).span();
                if extent.start <= span.start && span.end <= extent.end {
                    self.escapes(span);
                }
            }
        }
    }

    fn follow_pattern(&mut self, pattern: &'a BindingPattern<'a>) {
        match pattern {
            BindingPattern::BindingIdentifier(name) => self.follow_variable(name.symbol_id()),
            BindingPattern::AssignmentPattern(pattern) => self.follow_pattern(&pattern.left),
            BindingPattern::ObjectPattern(pattern) => {
                for property in &pattern.properties {
                    match property.key.static_name() {
                        Some(name) => self.uses(&name),
                        None => self.escapes(property.span),
                    }
                }
                if let Some(rest) = &pattern.rest {
                    self.escapes(rest.span);
                }
            }
            BindingPattern::ArrayPattern(pattern) => self.escapes(pattern.span),
        }
    }

    fn follow_variable(&mut self, symbol: SymbolId) {
        if !self.seen.insert((symbol, usize::MAX)) {
            return;
        }
        let references = self.semantic.scoping().get_resolved_references(symbol);
        let nodes: Vec<NodeId> = references.map(|reference| reference.node_id()).collect();
        for node in nodes {
            self.follow_use(node);
        }
    }

    /// One expression whose value is the SDK: what is done with it?
    fn follow_use(&mut self, node: NodeId) {
        let nodes = self.semantic.nodes();
        let span = nodes.kind(node).span();
        let parent = nodes.parent_id(node);
        if let Some(name) = self.member_name(node, parent) {
            self.uses(name);
            return;
        }
        match nodes.kind(parent) {
            AstKind::ParenthesizedExpression(_) | AstKind::LogicalExpression(_) | AstKind::ChainExpression(_) => {
                self.follow_use(parent);
            }
            AstKind::VariableDeclarator(variable) => self.follow_pattern(&variable.id),
            AstKind::CallExpression(call) if call.callee.span() != span => {
                match call.arguments.iter().position(|argument| argument.span() == span) {
                    Some(index) => self.follow_argument(&call.callee, index, span),
                    None => self.escapes(span),
                }
            }
            AstKind::UnaryExpression(_)
            | AstKind::BinaryExpression(_)
            | AstKind::ExpressionStatement(_)
            | AstKind::IfStatement(_) => {}
            AstKind::ConditionalExpression(choice) if choice.test.span() == span => {}
            _ => self.escapes(span),
        }
    }

    /// The SDK is handed to a function: if that is one of the bundle, it goes on there.
    fn follow_argument(&mut self, callee: &'a Expression<'a>, index: usize, span: Span) {
        let scoping = self.semantic.scoping();
        let symbol = callee
            .get_identifier_reference()
            .and_then(|callee| scoping.get_reference(callee.reference_id()).symbol_id())
            .filter(|symbol| !scoping.symbol_is_mutated(*symbol));
        let Some(symbol) = symbol else {
            return self.escapes(span);
        };
        if !self.seen.insert((symbol, index)) {
            return;
        }
        let declaration = self.semantic.scoping().symbol_declaration(symbol);
        match self.semantic.nodes().kind(declaration) {
            AstKind::Function(function) => self.follow_parameter(&function.params, index, Some(function.span)),
            AstKind::VariableDeclarator(variable) => {
                match variable.init.as_ref().map(Expression::get_inner_expression) {
                    Some(Expression::ArrowFunctionExpression(arrow)) => {
                        self.follow_parameter(&arrow.params, index, None)
                    }
                    Some(Expression::FunctionExpression(function)) => {
                        self.follow_parameter(&function.params, index, Some(function.span));
                    }
                    _ => self.escapes(span),
                }
            }
            _ => self.escapes(span),
        }
    }

    /// The name, if `parent` is a member of `node` that is known.
    fn member_name(&self, node: NodeId, parent: NodeId) -> Option<&'a str> {
        let span = self.semantic.nodes().kind(node).span();
        match self.semantic.nodes().kind(parent) {
            AstKind::StaticMemberExpression(member) if member.object.span() == span => {
                Some(member.property.name.as_str())
            }
            AstKind::ComputedMemberExpression(member) if member.object.span() == span => {
                member.static_property_name().map(|name| name.as_str())
            }
            _ => None,
        }
    }
}
