//! Where the SDK comes from: the third parameter of every exported hook, and globals.

use aerocall_contract::{HookPoint, names};
use oxc::ast::AstKind;
use oxc::ast::ast::{Argument, Expression, ModuleExportName, ObjectExpression, ObjectPropertyKind, Program, Statement};
use oxc::semantic::{NodeId, SymbolId};
use oxc::span::{GetSpan, Span};

use super::{Entry, Thing, Tracer, literal};

/// The SDK is a hook's third parameter.
const SDK_PARAMETER: usize = 2;
/// The SDK's global name.
const SDK_GLOBAL: &str = "Aerocall";
/// Names of the global object.
const GLOBAL_OBJECTS: &[&str] = &["globalThis", "self", "window", "global"];

impl<'a> Tracer<'_, 'a> {
    pub(super) fn follow_globals(&mut self) {
        for node in self.unresolved(SDK_GLOBAL) {
            self.follow_use(node, Thing::Sdk);
        }
        for node in self.unresolved("fetch") {
            self.follow_use(node, Thing::Function(Entry::Fetch("fetch")));
        }
        let globals: Vec<NodeId> = GLOBAL_OBJECTS.iter().flat_map(|name| self.unresolved(name)).collect();
        for node in globals {
            let parent = self.semantic.nodes().parent_id(node);
            match self.member_name(node, parent) {
                Some("fetch") => self.follow_use(parent, Thing::Function(Entry::Fetch("fetch"))),
                Some(SDK_GLOBAL) => self.follow_use(parent, Thing::Sdk),
                _ => {}
            }
        }
    }

    /// Hooks are exports of the bundle, by name.
    pub(super) fn follow_exports(&mut self, program: &'a Program<'a>) {
        for statement in &program.body {
            let Statement::ExportNamedDeclaration(export) = statement else {
                continue;
            };
            for specifier in &export.specifiers {
                let name = specifier.exported.name();
                let is_events = name == names::EVENTS_EXPORT;
                if !is_events && HookPoint::named(name.as_str()).is_none() {
                    continue;
                }
                let ModuleExportName::IdentifierReference(local) = &specifier.local else {
                    continue;
                };
                let reference = self.semantic.scoping().get_reference(local.reference_id());
                self.handler = (!is_events).then(|| name.to_string());
                match reference.symbol_id() {
                    Some(symbol) if is_events => self.follow_events(symbol, specifier.span),
                    Some(symbol) => self.follow_hook_variable(symbol, name.as_str(), specifier.span),
                    None => self.escapes(specifier.span),
                }
            }
        }
    }

    fn follow_events(&mut self, symbol: SymbolId, at: Span) {
        let object = literal::initial_value(self.semantic, symbol).map(Expression::get_inner_expression);
        match object {
            Some(Expression::ObjectExpression(object)) => self.follow_handlers(object),
            Some(Expression::CallExpression(call)) => match call.arguments.first() {
                Some(Argument::ObjectExpression(object)) => self.follow_handlers(object),
                _ => self.follow_by_name(names::EVENTS_EXPORT, at),
            },
            _ => self.follow_by_name(names::EVENTS_EXPORT, at),
        }
    }

    fn follow_handlers(&mut self, object: &'a ObjectExpression<'a>) {
        for property in &object.properties {
            match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    self.handler = property.key.static_name().map(Into::into);
                    self.follow_hook(&property.value, "");
                }
                ObjectPropertyKind::SpreadProperty(spread) => self.escapes(spread.span),
            }
        }
    }

    fn follow_hook_variable(&mut self, symbol: SymbolId, name: &str, at: Span) {
        let declaration = self.semantic.scoping().symbol_declaration(symbol);
        if let AstKind::Function(function) = self.semantic.nodes().kind(declaration) {
            self.found_handler(function.span);
            self.follow_parameter(&function.params, SDK_PARAMETER, Some(function.span), Thing::Sdk);
        } else if let Some(value) = literal::initial_value(self.semantic, symbol) {
            self.follow_hook(value, name);
        } else {
            self.escapes(at);
        }
    }

    fn found_handler(&mut self, span: Span) {
        self.trace.handlers.push((self.handler.clone(), span));
    }

    fn follow_hook(&mut self, value: &'a Expression<'a>, name: &str) {
        match value.get_inner_expression() {
            Expression::ArrowFunctionExpression(arrow) => {
                self.found_handler(arrow.span);
                self.follow_parameter(&arrow.params, SDK_PARAMETER, None, Thing::Sdk);
            }
            Expression::FunctionExpression(function) => {
                self.found_handler(function.span);
                self.follow_parameter(&function.params, SDK_PARAMETER, Some(function.span), Thing::Sdk);
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
                Expression::ObjectExpression(object) if name == names::EVENTS_EXPORT => {
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
}
