//! Enums whose members the translator would give other values than TypeScript does.
//!
//! It evaluates members of constants at build. `+"7"` is text to it; and what it cannot evaluate it takes for a number,
//! which gets an entry that leads back to its name (`E[E["A"] = value] = "A"`), where TypeScript sees text, which has
//! none. So what it would evaluate wrongly is kept for the engine, and such entries are taken out afterwards. It also says
//! of an enum that making it has no effect unless a member is a call: here an enum has none if all members are constants.

use std::collections::HashSet;

use oxc::{
    allocator::{Allocator, TakeIn},
    ast::{
        ast::{
            AssignmentTarget, BinaryOperator, BindingPattern, CallExpression, Expression, ExpressionStatement, Program,
            TSEnumDeclaration, TSEnumMember, TSEnumMemberName, UnaryOperator, VariableDeclaration,
        },
        builder::AstBuilder,
    },
    ast_visit::{Visit, VisitMut, walk, walk_mut},
    semantic::{ScopeId, Scoping, SymbolId},
    span::{GetSpan, Span},
};

/// Keeps from being evaluated at build what only the engine evaluates rightly.
pub(super) fn keep_for_engine<'a>(allocator: &'a Allocator, program: &mut Program<'a>) {
    let builder = AstBuilder::new(allocator);
    Members { builder }.visit_program(program);
}

struct Members<'a> {
    builder: AstBuilder<'a>,
}

impl<'a> VisitMut<'a> for Members<'a> {
    fn visit_ts_enum_member(&mut self, member: &mut TSEnumMember<'a>) {
        if let Some(value) = &mut member.initializer
            && !is_text(value)
            && needs_engine(value)
        {
            let span = value.span();
            let kept = value.take_in(&self.builder);
            // `!` says that there is a value; the translator looks no further, and drops it.
            *value = Expression::new_ts_non_null_expression(span, kept, &self.builder);
        }
        walk_mut::walk_ts_enum_member(self, member);
    }
}

/// Whether TypeScript sees without types that a member is text.
fn is_text(expression: &Expression<'_>) -> bool {
    match expression {
        Expression::StringLiteral(_) | Expression::TemplateLiteral(_) => true,
        Expression::ParenthesizedExpression(inner) => is_text(&inner.expression),
        Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
            is_text(&sum.left) || is_text(&sum.right)
        }
        _ => false,
    }
}

/// Whether a number is made of something that may be text, or by an operator with cases that processors and JavaScript
/// see differently.
fn needs_engine(expression: &Expression<'_>) -> bool {
    match expression {
        Expression::ParenthesizedExpression(inner) => needs_engine(&inner.expression),
        Expression::UnaryExpression(unary) => !matches!(
            (unary.operator, &unary.argument),
            (
                UnaryOperator::UnaryPlus | UnaryOperator::UnaryNegation | UnaryOperator::BitwiseNot,
                Expression::NumericLiteral(_)
            )
        ),
        Expression::BinaryExpression(binary) => {
            binary.operator == BinaryOperator::Exponential || needs_engine(&binary.left) || needs_engine(&binary.right)
        }
        _ => false,
    }
}

/// What the translator gets wrong about the enums of a file, by where it stands.
#[derive(Default)]
pub(super) struct Corrections {
    /// Members that are text and that it takes for numbers.
    texts: HashSet<Span>,
    /// Enums with members that are computed, which may do anything.
    effects: HashSet<Span>,
}

/// Reads the enums of a file.
pub(super) fn corrections(program: &Program<'_>, scoping: &Scoping) -> Corrections {
    let mut constants = Constants::default();
    constants.visit_program(program);
    let mut reader = Reader {
        scoping,
        constants: constants.symbols,
        list: String::new(),
        members: HashSet::new(),
        found: Corrections::default(),
    };
    reader.visit_program(program);
    reader.found
}

/// Constants of the file that are text.
#[derive(Default)]
struct Constants {
    symbols: HashSet<SymbolId>,
}

impl<'a> Visit<'a> for Constants {
    fn visit_variable_declaration(&mut self, variables: &VariableDeclaration<'a>) {
        for variable in &variables.declarations {
            if let (BindingPattern::BindingIdentifier(name), Some(value)) = (&variable.id, &variable.init)
                && variables.kind.is_const()
                && is_text(value)
            {
                self.symbols.extend(name.symbol_id.get());
            }
        }
        walk::walk_variable_declaration(self, variables);
    }
}

struct Reader<'s> {
    scoping: &'s Scoping,
    constants: HashSet<SymbolId>,
    /// The enum that is read.
    list: String,
    /// Members that are text and not known at build, with their enum.
    members: HashSet<(String, String)>,
    found: Corrections,
}

impl Reader<'_> {
    fn is_text(&self, value: &Expression<'_>) -> bool {
        match value {
            Expression::ParenthesizedExpression(inner) => self.is_text(&inner.expression),
            Expression::Identifier(name) => {
                let reference = name.reference_id.get().map(|id| self.scoping.get_reference(id));
                let symbol = reference.and_then(|reference| reference.symbol_id());
                self.is_member(&self.list, name.name.as_str())
                    || symbol.is_some_and(|symbol| self.constants.contains(&symbol))
            }
            Expression::StaticMemberExpression(member) => match &member.object {
                Expression::Identifier(list) => self.is_member(list.name.as_str(), member.property.name.as_str()),
                _ => false,
            },
            Expression::ComputedMemberExpression(member) => match (&member.object, &member.expression) {
                (Expression::Identifier(list), Expression::StringLiteral(name)) => {
                    self.is_member(list.name.as_str(), name.value.as_str())
                }
                _ => false,
            },
            Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
                self.is_text(&sum.left) || self.is_text(&sum.right)
            }
            value => is_text(value),
        }
    }

    fn is_member(&self, list: &str, name: &str) -> bool {
        self.members.contains(&(list.to_owned(), name.to_owned()))
    }

    fn is_known(&self, scope: ScopeId, name: &str) -> bool {
        let symbol = self.scoping.get_binding(scope, name.into());
        symbol.is_some_and(|symbol| self.scoping.get_enum_member_value(symbol).is_some())
    }
}

impl<'a> Visit<'a> for Reader<'_> {
    fn visit_ts_enum_declaration(&mut self, list: &TSEnumDeclaration<'a>) {
        list.id.name.as_str().clone_into(&mut self.list);
        for member in &list.body.members {
            let (Some(value), Some(scope), name) =
                (&member.initializer, list.body.scope_id.get(), static_name(&member.id))
            else {
                continue;
            };
            if name.is_some_and(|name| self.is_known(scope, name)) {
                continue;
            }
            if !value.is_literal() {
                self.found.effects.insert(list.span);
            }
            if let Some(name) = name.filter(|_| self.is_text(value)) {
                self.members.insert((self.list.clone(), name.to_owned()));
                self.found.texts.insert(member.span);
            }
        }
        walk::walk_ts_enum_declaration(self, list);
    }
}

fn static_name<'m>(name: &'m TSEnumMemberName<'_>) -> Option<&'m str> {
    match name {
        TSEnumMemberName::Identifier(name) => Some(name.name.as_str()),
        TSEnumMemberName::String(name) | TSEnumMemberName::ComputedString(name) => Some(name.value.as_str()),
        TSEnumMemberName::ComputedTemplateString(_) => None,
    }
}

/// Corrects the translated enums.
pub(super) fn correct<'a>(allocator: &'a Allocator, program: &mut Program<'a>, corrections: &Corrections) {
    if !corrections.texts.is_empty() || !corrections.effects.is_empty() {
        let builder = AstBuilder::new(allocator);
        Corrector { builder, corrections }.visit_program(program);
    }
}

struct Corrector<'s, 'a> {
    builder: AstBuilder<'a>,
    corrections: &'s Corrections,
}

impl<'a> VisitMut<'a> for Corrector<'_, 'a> {
    /// The entry that leads from text back to its name goes.
    fn visit_expression_statement(&mut self, statement: &mut ExpressionStatement<'a>) {
        if self.corrections.texts.contains(&statement.span)
            && let Expression::AssignmentExpression(entry) = &mut statement.expression
            && let AssignmentTarget::ComputedMemberExpression(target) = &mut entry.left
            && matches!(target.expression, Expression::AssignmentExpression(_))
        {
            statement.expression = target.expression.take_in(&self.builder);
        }
        walk_mut::walk_expression_statement(self, statement);
    }

    fn visit_call_expression(&mut self, call: &mut CallExpression<'a>) {
        if self.corrections.effects.contains(&call.span) {
            call.pure = false;
        }
        walk_mut::walk_call_expression(self, call);
    }
}
