//! Branches that are never taken, as literals alone show it.

use oxc_allocator::{Allocator, TakeIn};
use oxc_ast::{
    ast::{
        BinaryOperator, BindingIdentifier, BindingPattern, Expression, Function, IfStatement, LogicalOperator,
        NumberBase, Program, Statement, StringLiteral, UnaryOperator, VariableDeclaration, VariableDeclarationKind,
        VariableDeclarator,
    },
    builder::AstBuilder,
};
use oxc_ast_visit::{VisitJs, VisitJsMut, walk_js, walk_js_mut};
use oxc_ecmascript::BoundNames;
use oxc_span::{GetSpan, SPAN, Span};
use oxc_str::Str;
use oxc_syntax::scope::ScopeFlags;

/// Drops them from a program.
pub(crate) fn drop_dead<'a>(allocator: &'a Allocator, program: &mut Program<'a>) {
    let builder = AstBuilder::new(allocator);
    Branches { builder }.visit_program(program);
}

struct Branches<'a> {
    builder: AstBuilder<'a>,
}

impl<'a> VisitJsMut<'a> for Branches<'a> {
    fn visit_statement(&mut self, statement: &mut Statement<'a>) {
        // What is left may be an `if` again.
        while let Statement::IfStatement(branch) = statement
            && let Some(taken) = truth(&branch.test)
            && let Some(rest) = self.decided(branch, taken)
        {
            *statement = rest;
        }
        walk_js_mut::walk_statement(self, statement);
    }

    fn visit_expression(&mut self, expression: &mut Expression<'a>) {
        match expression {
            Expression::ConditionalExpression(choice) => match truth(&choice.test) {
                Some(true) => self.empty(&mut choice.alternate),
                Some(false) => self.empty(&mut choice.consequent),
                None => {}
            },
            Expression::LogicalExpression(logical) => {
                let skipped = match logical.operator {
                    LogicalOperator::And => Some(false),
                    LogicalOperator::Or => Some(true),
                    LogicalOperator::Coalesce => None,
                };
                // `0 && (module.exports = { a, b })` never runs: it names the exports of a CommonJS file to its readers.
                let hint = matches!(logical.left, Expression::NumericLiteral(_));
                if !hint && skipped.is_some() && truth(&logical.left) == skipped {
                    self.empty(&mut logical.right);
                }
            }
            _ => {}
        }
        walk_js_mut::walk_expression(self, expression);
    }
}

impl<'a> Branches<'a> {
    /// What is left of an `if` whose test is known. A block stays a block: its declarations are its own.
    fn decided(&self, branch: &mut IfStatement<'a>, taken: bool) -> Option<Statement<'a>> {
        let dead = if taken {
            branch.alternate.as_ref()
        } else {
            Some(&branch.consequent)
        };
        let mut variables = Variables::default();
        if let Some(dead) = dead {
            variables.visit_statement(dead);
        }
        let live = if taken {
            Some(branch.consequent.take_in(&self.builder))
        } else {
            branch.alternate.take()
        };
        let declared = variables.declaration(&self.builder);
        match (declared, live) {
            (None, Some(live)) => Some(live),
            (None, None) => Some(Statement::new_empty_statement(branch.span, &self.builder)),
            (Some(declared), live) => {
                branch.test = self.literal(branch.test.span(), 1.0);
                branch.consequent = live.unwrap_or_else(|| Statement::new_empty_statement(branch.span, &self.builder));
                branch.alternate = Some(declared);
                None
            }
        }
    }

    /// An operand that is never evaluated.
    fn empty(&self, operand: &mut Expression<'a>) {
        if !matches!(operand, Expression::NumericLiteral(_)) {
            *operand = self.literal(operand.span(), 0.0);
        }
    }

    fn literal(&self, span: Span, value: f64) -> Expression<'a> {
        Expression::new_numeric_literal(span, value, None, NumberBase::Decimal, &self.builder)
    }
}

/// Whether an expression of literals, `!`, `&&`, `||` and comparisons of strings for identity is true. No value of one
/// type is ever made one of another here, and no name is looked up.
fn truth(expression: &Expression<'_>) -> Option<bool> {
    match expression {
        Expression::BooleanLiteral(literal) => Some(literal.value),
        Expression::StringLiteral(literal) => Some(!literal.value.is_empty()),
        Expression::NumericLiteral(literal) => Some(literal.value != 0.0 && !literal.value.is_nan()),
        Expression::ParenthesizedExpression(inner) => truth(&inner.expression),
        Expression::UnaryExpression(unary) if unary.operator == UnaryOperator::LogicalNot => {
            truth(&unary.argument).map(|value| !value)
        }
        Expression::LogicalExpression(logical) => {
            let left = truth(&logical.left)?;
            match (logical.operator, left) {
                (LogicalOperator::And, true) | (LogicalOperator::Or, false) => truth(&logical.right),
                (LogicalOperator::And | LogicalOperator::Or, decided) => Some(decided),
                (LogicalOperator::Coalesce, _) => None,
            }
        }
        Expression::BinaryExpression(binary) => {
            let (left, right) = (string(&binary.left)?, string(&binary.right)?);
            // Both are strings, of which `==` asks the same as `===`.
            let same = left.value == right.value && left.lone_surrogates == right.lone_surrogates;
            match binary.operator {
                BinaryOperator::StrictEquality | BinaryOperator::Equality => Some(same),
                BinaryOperator::StrictInequality | BinaryOperator::Inequality => Some(!same),
                _ => None,
            }
        }
        _ => None,
    }
}

fn string<'e, 'a>(expression: &'e Expression<'a>) -> Option<&'e StringLiteral<'a>> {
    match expression.without_parentheses() {
        Expression::StringLiteral(literal) => Some(literal),
        _ => None,
    }
}

/// The `var`s of a statement: they belong to the function around it, whether or not the statement ever runs.
#[derive(Default)]
struct Variables<'a> {
    names: Vec<(Str<'a>, Span)>,
}

impl<'a> Variables<'a> {
    fn declaration(self, builder: &AstBuilder<'a>) -> Option<Statement<'a>> {
        if self.names.is_empty() {
            return None;
        }
        let declarators = self.names.into_iter().map(|(name, span)| {
            let name = BindingPattern::new_binding_identifier(span, name, builder);
            VariableDeclarator::new(span, name, None, None, false, builder)
        });
        let declarators = oxc_allocator::ArenaVec::from_iter_in(declarators, builder);
        let declaration = VariableDeclaration::boxed(SPAN, VariableDeclarationKind::Var, declarators, false, builder);
        Some(Statement::VariableDeclaration(declaration))
    }
}

impl<'a> VisitJs<'a> for Variables<'a> {
    fn visit_variable_declaration(&mut self, declaration: &VariableDeclaration<'a>) {
        if declaration.kind.is_var() {
            declaration.bound_names(&mut |name: &BindingIdentifier<'a>| {
                self.names.push((name.name.into(), name.span));
            });
        }
        walk_js::walk_variable_declaration(self, declaration);
    }

    fn visit_expression(&mut self, _: &Expression<'a>) {}

    fn visit_function(&mut self, _: &Function<'a>, _: ScopeFlags) {}

    fn visit_class(&mut self, _: &oxc_ast::ast::Class<'a>) {}
}

#[cfg(test)]
mod tests {
    use oxc_allocator::Allocator;
    use oxc_codegen::Codegen;
    use oxc_parser::Parser;
    use oxc_span::SourceType;

    use super::drop_dead;

    fn dropped(text: &str) -> String {
        let allocator = Allocator::default();
        let mut program = Parser::new(&allocator, text, SourceType::mjs()).parse().program;
        drop_dead(&allocator, &mut program);
        let code = Codegen::new().build(&program).code;
        code.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn drops_branches_that_literals_decide() {
        let cases = [
            ("if ('production' !== 'production') { a() } else { b() }", "{ b(); }"),
            ("if (\"production\" === 'production') a(); else b();", "a();"),
            ("if (!1 || '') a()", ";"),
            ("if (true) { let a = 1; use(a) }", "{ let a = 1; use(a); }"),
            ("x = 'a' == 'b' ? require('dev') : c.d", "x = \"a\" == \"b\" ? 0 : c.d;"),
            ("'a' === 'b' && require('dev')", "\"a\" === \"b\" && 0;"),
            ("true || require('dev')", "true || 0;"),
            (
                "if (false) if ('a' === 'a') { a() }\nif ('a') if ('') b(); else { c() }",
                "; { c(); }",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(dropped(text), expected, "{text}");
        }
    }

    #[test]
    fn keeps_variables_of_what_it_drops() {
        assert_eq!(
            dropped(
                "if (false) { var a = 1, { b, c: [d] } = e; for (var f of g); () => { var h }; let i; function j() { var k } }"
            ),
            "if (1); else var a, b, d, f;"
        );
    }

    #[test]
    fn evaluates_nothing_else() {
        let kept = [
            "x = 1 + 2;",
            "x = +\"10 \";",
            "x = \"a\" === \"a\";",
            "x = !0;",
            "if (\"10 \" == 10) a();",
            "if (1 === 1) a();",
            "if (`a`) a();",
            "if (a()) b();",
            "if (void 0) a();",
            "const a = true; if (a) b();",
            "0 && (module.exports = { a });",
            "while (false) a();",
        ];
        for text in kept {
            assert_eq!(dropped(text), text);
        }
    }
}
