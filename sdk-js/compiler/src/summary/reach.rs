//! Which parts of a bundle a function may run: its own extent, and the declarations of every variable that is named in what is
//! reached, with what is assigned to them. More than it runs, never less, except for code that is made while it runs.

use std::collections::HashSet;

use oxc::{
    ast::AstKind,
    semantic::{NodeId, SymbolId},
    span::{GetSpan, Span},
};

use super::syntax::Syntax;

/// Stretches of a bundle.
pub(super) struct Reach(Vec<Span>);

impl Reach {
    /// Everything that the function in this stretch may run.
    pub(super) fn of(syntax: &Syntax<'_, '_>, function: Span) -> Self {
        let mut reach = Self(Vec::new());
        let mut open = vec![function];
        let mut seen: HashSet<SymbolId> = HashSet::new();
        while let Some(span) = open.pop() {
            if reach.has(span) {
                continue;
            }
            reach.0.push(span);
            let first = syntax.names.partition_point(|(start, _)| *start < span.start);
            for (_, symbol) in syntax.names[first..].iter().take_while(|(start, _)| *start < span.end) {
                if seen.insert(*symbol) {
                    open.extend(extents(syntax, *symbol));
                }
            }
        }
        reach
    }

    /// Whether a stretch lies in it.
    pub(super) fn has(&self, span: Span) -> bool {
        self.0
            .iter()
            .any(|part| part.start <= span.start && span.end <= part.end)
    }
}

/// Where a variable is declared, and where something is assigned to it or done with it while the module is loaded.
fn extents(syntax: &Syntax<'_, '_>, symbol: SymbolId) -> Vec<Span> {
    let scoping = syntax.semantic.scoping();
    let declared = scoping.symbol_declarations(symbol).filter_map(|node| {
        let kind = syntax.semantic.nodes().kind(node);
        matches!(
            kind,
            AstKind::VariableDeclarator(_) | AstKind::Function(_) | AstKind::Class(_)
        )
        .then(|| kind.span())
    });
    let used = scoping.get_resolved_references(symbol).filter_map(|reference| {
        let nodes = syntax.semantic.nodes();
        match reference.is_write() {
            true => assignment(syntax, reference.node_id()),
            false => statement_of_module(syntax, reference.node_id()),
        }
        .map(|node| nodes.kind(node).span())
    });
    declared.chain(used).collect()
}

/// The assignment whose target a name is.
fn assignment(syntax: &Syntax<'_, '_>, name: NodeId) -> Option<NodeId> {
    let nodes = syntax.semantic.nodes();
    nodes
        .ancestor_ids(name)
        .take_while(|node| {
            !matches!(
                nodes.kind(*node),
                AstKind::Function(_) | AstKind::ArrowFunctionExpression(_)
            )
        })
        .find(|node| matches!(nodes.kind(*node), AstKind::AssignmentExpression(_)))
}

/// The statement of the module, outside of all functions, that a name stands in, if it only does something: `rules.push(…)`.
fn statement_of_module(syntax: &Syntax<'_, '_>, name: NodeId) -> Option<NodeId> {
    let nodes = syntax.semantic.nodes();
    let mut last = None;
    for node in nodes.ancestor_ids(name) {
        match nodes.kind(node) {
            AstKind::Program(_) => break,
            AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) | AstKind::Class(_) => return None,
            _ => last = Some(node),
        }
    }
    last.filter(|node| matches!(nodes.kind(*node), AstKind::ExpressionStatement(_)))
}
