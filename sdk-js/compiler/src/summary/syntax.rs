//! The parts of a syntax tree that a summary is read from, collected in one walk.

use std::collections::HashMap;

use oxc::{
    ast::{
        AstKind,
        ast::{
            ArrowFunctionExpression, CallExpression, Expression, FormalParameters, Function, NewExpression,
            ObjectExpression,
        },
    },
    semantic::{NodeId, Semantic, SymbolId},
    span::{GetSpan, Span},
};

/// A syntax tree with what is looked up in it.
pub(super) struct Syntax<'s, 'a> {
    pub(super) semantic: &'s Semantic<'a>,
    /// Where names of variables stand, in the order of their places.
    pub(super) names: Vec<(u32, SymbolId)>,
    pub(super) objects: Vec<&'a ObjectExpression<'a>>,
    pub(super) made: Vec<&'a NewExpression<'a>>,
    /// Calls of `super(…)`, each with the class that it is in.
    pub(super) supers: Vec<(NodeId, &'a CallExpression<'a>)>,
    /// What functions return, by their extent.
    returns: HashMap<(u32, u32), Vec<&'a Expression<'a>>>,
}

/// A function that is written out.
#[derive(Clone, Copy)]
pub(super) enum Callable<'a> {
    Function(&'a Function<'a>),
    Arrow(&'a ArrowFunctionExpression<'a>),
}

impl<'a> Callable<'a> {
    pub(super) fn parameters(self) -> &'a FormalParameters<'a> {
        match self {
            Self::Function(function) => &function.params,
            Self::Arrow(arrow) => &arrow.params,
        }
    }

    fn span(self) -> Span {
        match self {
            Self::Function(function) => function.span,
            Self::Arrow(arrow) => arrow.span,
        }
    }

    /// The function that an expression is.
    pub(super) fn of(expression: &'a Expression<'a>) -> Option<Self> {
        match expression.get_inner_expression() {
            Expression::FunctionExpression(function) => Some(Self::Function(function)),
            Expression::ArrowFunctionExpression(arrow) => Some(Self::Arrow(arrow)),
            _ => None,
        }
    }
}

impl<'s, 'a> Syntax<'s, 'a> {
    pub(super) fn of(semantic: &'s Semantic<'a>) -> Self {
        let mut syntax = Self {
            semantic,
            names: Vec::new(),
            objects: Vec::new(),
            made: Vec::new(),
            supers: Vec::new(),
            returns: HashMap::new(),
        };
        for node in semantic.nodes().iter() {
            match node.kind() {
                AstKind::IdentifierReference(name) => {
                    let symbol = semantic.scoping().get_reference(name.reference_id()).symbol_id();
                    syntax.names.extend(symbol.map(|symbol| (name.span.start, symbol)));
                }
                AstKind::ObjectExpression(object) => syntax.objects.push(object),
                AstKind::NewExpression(new) => syntax.made.push(new),
                AstKind::CallExpression(call) if call.callee.is_super() => syntax.supers.push((node.id(), call)),
                AstKind::ReturnStatement(statement) => {
                    if let (Some(value), Some(function)) = (&statement.argument, syntax.function_around(node.id())) {
                        let extent = function.span();
                        syntax
                            .returns
                            .entry((extent.start, extent.end))
                            .or_default()
                            .push(value);
                    }
                }
                _ => {}
            }
        }
        syntax.names.sort_unstable_by_key(|(start, _)| *start);
        syntax
    }

    /// The innermost function that a node stands in.
    pub(super) fn function_around(&self, node: NodeId) -> Option<Callable<'a>> {
        self.semantic.nodes().ancestor_kinds(node).find_map(|kind| match kind {
            AstKind::Function(function) => Some(Callable::Function(function)),
            AstKind::ArrowFunctionExpression(arrow) => Some(Callable::Arrow(arrow)),
            _ => None,
        })
    }

    /// What a function returns, where it says so.
    pub(super) fn returned(&self, function: Callable<'a>) -> Vec<&'a Expression<'a>> {
        if let Callable::Arrow(arrow) = function
            && let Some(value) = arrow.body.as_expression()
        {
            return vec![value];
        }
        let extent = function.span();
        self.returns
            .get(&(extent.start, extent.end))
            .cloned()
            .unwrap_or_default()
    }

    /// The variable that an expression names.
    pub(super) fn symbol(&self, expression: &Expression<'_>) -> Option<SymbolId> {
        let name = expression.get_inner_expression().get_identifier_reference()?;
        self.semantic.scoping().get_reference(name.reference_id()).symbol_id()
    }

    /// The function that a variable holds for ever.
    pub(super) fn function_of(&self, symbol: SymbolId) -> Option<Callable<'a>> {
        let scoping = self.semantic.scoping();
        if scoping.symbol_is_mutated(symbol) {
            return None;
        }
        match self.semantic.nodes().kind(scoping.symbol_declaration(symbol)) {
            AstKind::Function(function) => Some(Callable::Function(function)),
            AstKind::VariableDeclarator(variable) => Callable::of(variable.init.as_ref()?),
            _ => None,
        }
    }

    /// The function that has this parameter, and its calls by name.
    pub(super) fn calls_of_owner(&self, parameter: SymbolId) -> Option<(Callable<'a>, Vec<&'a CallExpression<'a>>)> {
        let scoping = self.semantic.scoping();
        let nodes = self.semantic.nodes();
        let function = self.function_around(scoping.symbol_declaration(parameter))?;
        let name = match function {
            Callable::Function(function) if function.id.is_some() => function.id.as_ref().map(|id| id.symbol_id()),
            Callable::Function(Function { node_id, .. }) | Callable::Arrow(ArrowFunctionExpression { node_id, .. }) => {
                match nodes.parent_kind(node_id.get()) {
                    AstKind::VariableDeclarator(variable) => {
                        variable.id.get_binding_identifier().map(|id| id.symbol_id())
                    }
                    _ => None,
                }
            }
        };
        let name = name.filter(|name| !scoping.symbol_is_mutated(*name))?;
        let calls = scoping.get_resolved_references(name).filter_map(|reference| {
            let node = reference.node_id();
            match nodes.parent_kind(node) {
                AstKind::CallExpression(call) if call.callee.span() == nodes.kind(node).span() => Some(call),
                _ => None,
            }
        });
        Some((function, calls.collect()))
    }
}
