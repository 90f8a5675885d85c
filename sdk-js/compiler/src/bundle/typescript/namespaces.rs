//! Namespaces as TypeScript means them: an exported variable is a member of the namespace and nothing besides, in every
//! block of it.
//!
//! The translator makes `export const a = 1` a variable of the block with a copy in the namespace, and sees one block at
//! a time. `export let` would have two values then, and a name that another block exports would be looked for outside.
//! So this runs before it: `export let n = 0` becomes `Counter.n = 0`, and a bare `n` that means it `Counter.n`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use oxc::{
    allocator::Allocator,
    ast::{
        ast::{
            AssignmentOperator, AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty,
            BindingIdentifier, BindingPattern, Declaration, Expression, IdentifierName, IdentifierReference,
            ObjectProperty, Program, PropertyKey, SimpleAssignmentTarget, Statement, TSNamespaceDeclaration,
            TSNamespaceDeclarationBody, UnaryOperator, VariableDeclaration,
        },
        builder::AstBuilder,
    },
    ast_visit::{Visit, VisitMut, walk, walk_mut},
    semantic::{ReferenceId, ScopeId, Scoping, SymbolId},
    span::{GetSpan, Span},
};

use super::Refusal;

/// Rewrites a program; its names have been resolved. What cannot be rewritten is refused.
pub(super) fn rewrite<'a>(
    allocator: &'a Allocator,
    program: &mut Program<'a>,
    scoping: &Scoping,
    refusals: &mut Vec<Refusal>,
) {
    let mut blocks = Blocks::default();
    blocks.visit_program(program);
    if blocks.blocks.is_empty() {
        return;
    }
    let meant = blocks.meant(scoping);
    let mut rewriter = Rewriter {
        builder: AstBuilder::new(allocator),
        scoping,
        blocks: &blocks,
        meant: &meant,
        refusals,
    };
    rewriter.visit_program(program);
}

/// One `namespace A { … }`.
struct Block {
    /// Which namespace it is a block of.
    namespace: usize,
    name: String,
    symbol: Option<SymbolId>,
    /// Variables that it exports by name, which become members.
    members: BTreeSet<String>,
}

/// A place at which a namespace may be declared: the file, another namespace, or one block of it that keeps it to itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Home {
    File,
    Namespace(usize),
    Block(usize),
}

#[derive(Default)]
struct Blocks {
    blocks: Vec<Block>,
    by_scope: HashMap<ScopeId, usize>,
    namespaces: BTreeMap<(Home, String), usize>,
    /// The values that each namespace exports, from whichever of its blocks.
    exports: Vec<BTreeSet<String>>,
    /// The blocks around the one that is being read.
    around: Vec<usize>,
    exported: bool,
}

impl Blocks {
    /// The block whose namespace a name belongs to, for each reference that is to be rewritten.
    fn meant(&self, scoping: &Scoping) -> HashMap<ReferenceId, usize> {
        let resolved = scoping.symbol_ids().flat_map(|symbol| {
            let references = scoping.get_resolved_reference_ids(symbol);
            references.iter().map(move |id| (*id, scoping.symbol_name(symbol)))
        });
        let unresolved = scoping.root_unresolved_references().iter();
        let unresolved = unresolved.flat_map(|(name, ids)| ids.iter().map(move |id| (*id, name.as_str())));
        resolved
            .chain(unresolved)
            .filter_map(|(id, name)| Some((id, self.block_of(scoping, id, name)?)))
            .collect()
    }

    /// From the reference outwards: a block that declares the name, or whose namespace exports it elsewhere.
    fn block_of(&self, scoping: &Scoping, id: ReferenceId, name: &str) -> Option<usize> {
        let reference = scoping.get_reference(id);
        if !reference.is_value() {
            return None;
        }
        let declared = reference.symbol_id().map(|symbol| scoping.symbol_scope_id(symbol));
        for scope in scoping.scope_ancestors(reference.scope_id()) {
            if let Some(&index) = self.by_scope.get(&scope) {
                let block = &self.blocks[index];
                if declared == Some(scope) {
                    return block.members.contains(name).then_some(index);
                }
                if self.exports[block.namespace].contains(name) {
                    return Some(index);
                }
            }
            if declared == Some(scope) {
                return None;
            }
        }
        None
    }

    fn read_exports(&mut self, index: usize, statements: &[Statement<'_>]) {
        for statement in statements {
            let Statement::ExportDeclaration(export) = statement else {
                continue;
            };
            let namespace = self.blocks[index].namespace;
            let mut names = Vec::new();
            match &export.declaration {
                Declaration::VariableDeclaration(variables) => {
                    for variable in &variables.declarations {
                        names.extend(
                            variable
                                .id
                                .get_binding_identifiers()
                                .iter()
                                .map(|name| name.name.to_string()),
                        );
                        if let BindingPattern::BindingIdentifier(name) = &variable.id
                            && is_simple(variables)
                        {
                            self.blocks[index].members.insert(name.name.to_string());
                        }
                    }
                }
                Declaration::FunctionDeclaration(function) if function.body.is_some() => {
                    names.extend(function.id.as_ref().map(|name| name.name.to_string()));
                }
                Declaration::ClassDeclaration(class) if !class.declare => {
                    names.extend(class.id.as_ref().map(|name| name.name.to_string()));
                }
                Declaration::TSEnumDeclaration(list) if !list.declare => names.push(list.id.name.to_string()),
                Declaration::TSNamespaceDeclaration(inner) if !inner.declare => names.push(inner.id.name.to_string()),
                Declaration::TSImportEqualsDeclaration(alias) => names.push(alias.id.name.to_string()),
                _ => {}
            }
            self.exports[namespace].extend(names);
        }
    }
}

impl<'a> Visit<'a> for Blocks {
    fn visit_statement(&mut self, statement: &Statement<'a>) {
        self.exported = matches!(statement, Statement::ExportDeclaration(_));
        walk::walk_statement(self, statement);
    }

    fn visit_ts_namespace_declaration(&mut self, namespace: &TSNamespaceDeclaration<'a>) {
        let Some(scope) = namespace.scope_id.get().filter(|_| !namespace.declare) else {
            return;
        };
        let home = match self.around.last() {
            None => Home::File,
            Some(&block) if self.exported => Home::Namespace(self.blocks[block].namespace),
            Some(&block) => Home::Block(block),
        };
        let name = namespace.id.name.to_string();
        let next = self.exports.len();
        let number = *self.namespaces.entry((home, name.clone())).or_insert(next);
        if number == next {
            self.exports.push(BTreeSet::new());
        }
        let index = self.blocks.len();
        self.by_scope.insert(scope, index);
        self.blocks.push(Block {
            namespace: number,
            name,
            symbol: namespace.id.symbol_id.get(),
            members: BTreeSet::new(),
        });
        self.around.push(index);
        match &namespace.body {
            TSNamespaceDeclarationBody::TSModuleBlock(body) => self.read_exports(index, &body.body),
            // `namespace A.B {}` is `namespace A { export namespace B {} }`.
            TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                self.exports[number].insert(inner.id.name.to_string());
                self.exported = true;
            }
        }
        walk::walk_ts_namespace_declaration_body(self, &namespace.body);
        self.around.pop();
    }
}

struct Rewriter<'s, 'a> {
    builder: AstBuilder<'a>,
    scoping: &'s Scoping,
    blocks: &'s Blocks,
    meant: &'s HashMap<ReferenceId, usize>,
    refusals: &'s mut Vec<Refusal>,
}

impl<'a> Rewriter<'_, 'a> {
    fn meant(&self, name: &IdentifierReference<'a>) -> Option<usize> {
        self.meant.get(&name.reference_id.get()?).copied()
    }

    /// The namespace of a name that is to be rewritten, by the name that it has at that place.
    fn owner(&mut self, name: &IdentifierReference<'a>) -> Option<String> {
        let id = name.reference_id.get()?;
        let block = &self.blocks.blocks[self.meant(name)?];
        let scope = self.scoping.get_reference(id).scope_id();
        self.named(block, scope, name.span, name.name.as_str())
    }

    fn named(&mut self, block: &Block, scope: ScopeId, span: Span, member: &str) -> Option<String> {
        if self.scoping.find_binding(scope, block.name.as_str().into()) == block.symbol {
            return Some(block.name.clone());
        }
        let namespace = &block.name;
        self.refusals.push(Refusal {
            span,
            message: format!(
                "`{member}` is a member of `namespace {namespace}`, and `{namespace}` means something else here"
            ),
            hint: format!("give what is called `{namespace}` inside of the namespace another name"),
        });
        None
    }

    fn member(&self, span: Span, namespace: &str, name: &str) -> Expression<'a> {
        let object = Expression::new_identifier(span, self.text(namespace), &self.builder);
        let property = IdentifierName::new(span, self.text(name), &self.builder);
        Expression::new_static_member_expression(span, object, property, false, &self.builder)
    }

    fn target(&self, span: Span, namespace: &str, name: &str) -> SimpleAssignmentTarget<'a> {
        let object = Expression::new_identifier(span, self.text(namespace), &self.builder);
        let property = IdentifierName::new(span, self.text(name), &self.builder);
        SimpleAssignmentTarget::new_static_member_expression(span, object, property, false, &self.builder)
    }

    fn text(&self, text: &str) -> oxc::ast::ast::Str<'a> {
        oxc::ast::ast::Str::from_str_in(text, &self.builder)
    }

    /// `export let a = 1, b;` as `N.a = 1;`.
    fn assignments(&mut self, block: &Block, scope: ScopeId, variables: &mut VariableDeclaration<'a>) -> Statement<'a> {
        let mut values = Vec::new();
        for variable in &mut variables.declarations {
            let (Some(name), Some(value)) = (variable.id.get_identifier_name(), variable.init.take()) else {
                continue;
            };
            let Some(namespace) = self.named(block, scope, variable.span, name.as_str()) else {
                continue;
            };
            let target = AssignmentTarget::from(self.target(variable.id.span(), &namespace, name.as_str()));
            let assign = AssignmentOperator::Assign;
            values.push(Expression::new_assignment_expression(
                variable.span,
                assign,
                target,
                value,
                &self.builder,
            ));
        }
        let span = variables.span;
        let value = match values.len() {
            // A statement that keeps the namespace one of values.
            0 => {
                let zero = Expression::new_boolean_literal(span, false, &self.builder);
                Expression::new_unary_expression(span, UnaryOperator::Void, zero, &self.builder)
            }
            1 => values.remove(0),
            _ => {
                let values = oxc::allocator::ArenaVec::from_iter_in(values, &self.builder);
                Expression::new_sequence_expression(span, values, &self.builder)
            }
        };
        Statement::new_expression_statement(span, value, &self.builder)
    }
}

impl<'a> VisitMut<'a> for Rewriter<'_, 'a> {
    fn visit_ts_namespace_declaration(&mut self, namespace: &mut TSNamespaceDeclaration<'a>) {
        if namespace.declare {
            return;
        }
        let index = namespace
            .scope_id
            .get()
            .and_then(|scope| Some((scope, *self.blocks.by_scope.get(&scope)?)));
        if let (Some((scope, index)), TSNamespaceDeclarationBody::TSModuleBlock(body)) = (index, &mut namespace.body) {
            let block = &self.blocks.blocks[index];
            for statement in &mut body.body {
                let Statement::ExportDeclaration(export) = statement else {
                    continue;
                };
                let Declaration::VariableDeclaration(variables) = &mut export.declaration else {
                    continue;
                };
                if is_simple(variables) {
                    let rewritten = self.assignments(block, scope, variables);
                    *statement = rewritten;
                } else if !variables.kind.is_const() && !variables.declare {
                    self.refusals.push(Refusal {
                        span: variables.span,
                        message: "a namespace cannot export variables of a pattern that change".into(),
                        hint: "declare each by itself: `export let a = value.a;`".into(),
                    });
                }
            }
        }
        walk_mut::walk_ts_namespace_declaration(self, namespace);
    }

    fn visit_expression(&mut self, expression: &mut Expression<'a>) {
        if let Expression::Identifier(name) = expression
            && self.meant(name).is_some()
        {
            let (span, text) = (name.span, name.name);
            let Some(namespace) = self.owner(name) else { return };
            *expression = self.member(span, &namespace, text.as_str());
            return;
        }
        walk_mut::walk_expression(self, expression);
    }

    fn visit_simple_assignment_target(&mut self, target: &mut SimpleAssignmentTarget<'a>) {
        if let SimpleAssignmentTarget::AssignmentTargetIdentifier(name) = target
            && self.meant(name).is_some()
        {
            let (span, text) = (name.span, name.name);
            let Some(namespace) = self.owner(name) else { return };
            *target = self.target(span, &namespace, text.as_str());
            return;
        }
        walk_mut::walk_simple_assignment_target(self, target);
    }

    fn visit_assignment_target_property(&mut self, property: &mut AssignmentTargetProperty<'a>) {
        if let AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(short) = property
            && self.meant(&short.binding).is_some()
        {
            let (span, text) = (short.binding.span, short.binding.name);
            let Some(namespace) = self.owner(&short.binding) else {
                return;
            };
            let key = PropertyKey::new_static_identifier(span, text, &self.builder);
            let target = AssignmentTarget::from(self.target(span, &namespace, text.as_str()));
            let bound = match short.init.take() {
                Some(init) => {
                    AssignmentTargetMaybeDefault::new_assignment_target_with_default(span, target, init, &self.builder)
                }
                None => AssignmentTargetMaybeDefault::from(target),
            };
            *property = AssignmentTargetProperty::new_assignment_target_property_property(
                span,
                key,
                bound,
                false,
                &self.builder,
            );
        }
        walk_mut::walk_assignment_target_property(self, property);
    }

    fn visit_object_property(&mut self, property: &mut ObjectProperty<'a>) {
        if let Expression::Identifier(name) = &property.value
            && self.meant(name).is_some()
        {
            property.shorthand = false;
        }
        walk_mut::walk_object_property(self, property);
    }

    /// Every place at which a name can stand and a member of a namespace cannot, or that is not known here.
    fn visit_identifier_reference(&mut self, name: &mut IdentifierReference<'a>) {
        let Some(index) = self.meant(name) else { return };
        let (namespace, member) = (&self.blocks.blocks[index].name, name.name.as_str());
        self.refusals.push(Refusal {
            span: name.span,
            message: format!("`{member}` is a member of `namespace {namespace}`, and cannot stand here by itself"),
            hint: format!("write `{namespace}.{member}`"),
        });
    }

    fn visit_binding_identifier(&mut self, _: &mut BindingIdentifier<'a>) {}
}

/// Whether a declaration is of names alone, without patterns: each can be a member.
fn is_simple(variables: &VariableDeclaration<'_>) -> bool {
    let mut declared = variables.declarations.iter();
    declared.all(|variable| variable.id.is_binding_identifier())
}
