//! What an expression is known to be without running it: texts, and the hosts of addresses. Follows constants; knows
//! nothing of the SDK.

use std::collections::BTreeSet;

use oxc::ast::AstKind;
use oxc::ast::ast::{
    Argument, ArrayExpression, BinaryOperator, Expression, NewExpression, ObjectExpression, ObjectPropertyKind,
    Statement, TemplateLiteral,
};
use oxc::semantic::{Semantic, SymbolId};
use url::Url;

use crate::capabilities::hosts;

/// Constants that name constants: further than people write, and an end for circles.
const MAX_STEPS: u8 = 32;

type Known<T> = Option<BTreeSet<T>>;

/// The value that a variable has for ever, if it is never assigned to again.
pub(crate) fn initial_value<'a>(semantic: &Semantic<'a>, symbol: SymbolId) -> Option<&'a Expression<'a>> {
    if semantic.scoping().symbol_is_mutated(symbol) {
        return None;
    }
    let declaration = semantic.scoping().symbol_declaration(symbol);
    match semantic.nodes().kind(declaration) {
        AstKind::VariableDeclarator(variable) if variable.id.is_binding_identifier() => variable.init.as_ref(),
        _ => None,
    }
}

/// Every text that the expression can be.
pub(super) fn texts<'a>(semantic: &Semantic<'a>, expression: &'a Expression<'a>) -> Known<String> {
    Reader { semantic, steps: 0 }.alternatives(expression, &|reader, one| {
        let text = reader.text(one);
        Some([text.is_whole().then_some(text.known)?].into())
    })
}

/// The hosts of every address that the expression can be: a text, a `URL` or a `Request`.
pub(super) fn hosts<'a>(semantic: &Semantic<'a>, expression: &'a Expression<'a>) -> Known<String> {
    Reader { semantic, steps: 0 }.hosts(expression)
}

/// The same for a list of addresses and of `{ url, … }`.
pub(super) fn hosts_of_all<'a>(semantic: &Semantic<'a>, expression: &'a Expression<'a>) -> Known<String> {
    let reader = Reader { semantic, steps: 0 };
    reader.alternatives(expression, &|reader, one| match one {
        Expression::ArrayExpression(array) => reader.hosts_of_array(array),
        _ => None,
    })
}

/// A text, as far as it is known from its start.
#[derive(Default)]
struct Text {
    known: String,
    rest: Rest,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Rest {
    /// That is all of it.
    #[default]
    Nothing,
    Unknown,
}

impl Text {
    fn is_whole(&self) -> bool {
        self.rest == Rest::Nothing
    }

    fn unknown() -> Self {
        Self {
            known: String::new(),
            rest: Rest::Unknown,
        }
    }

    fn then(mut self, more: &Self) -> Self {
        if self.is_whole() {
            self.known.push_str(&more.known);
            self.rest = more.rest;
        }
        self
    }

    /// The address that the text is, up to where its host ends.
    fn url(&self) -> Option<Url> {
        let after = self.known.split_once("://").map(|(_, after)| after);
        let host_ends = after.is_some_and(|after| after.contains(['/', '?', '#', '\\']));
        (self.is_whole() || host_ends)
            .then(|| Url::parse(&self.known).ok())
            .flatten()
    }

    /// Whether it is a path below whatever host stands before it: `//host` and `scheme:` are not, and neither is what
    /// may become one.
    fn is_path(&self) -> bool {
        let mut letters = self.known.chars();
        match (letters.next(), letters.next()) {
            (Some('/'), Some(next)) => next.is_ascii_alphanumeric() || "._~-".contains(next),
            (Some('/'), None) => self.is_whole(),
            (Some('?' | '#'), _) => true,
            _ => false,
        }
    }
}

#[derive(Clone, Copy)]
struct Reader<'s, 'a> {
    semantic: &'s Semantic<'a>,
    steps: u8,
}

impl<'a> Reader<'_, 'a> {
    /// What `leaf` answers for every value that the expression can have: constants are followed, choices have both sides.
    fn alternatives<T: Ord>(
        self,
        expression: &'a Expression<'a>,
        leaf: &dyn Fn(Self, &'a Expression<'a>) -> Known<T>,
    ) -> Known<T> {
        let both = |one, other| {
            let mut all = self.alternatives(one, leaf)?;
            all.extend(self.alternatives(other, leaf)?);
            Some(all)
        };
        match expression.get_inner_expression() {
            Expression::ConditionalExpression(choice) => both(&choice.consequent, &choice.alternate),
            Expression::LogicalExpression(choice) => both(&choice.left, &choice.right),
            inner @ Expression::Identifier(_) => {
                let (reader, value) = self.constant(inner)?;
                reader.alternatives(value, leaf)
            }
            inner => match self.member(inner) {
                Some((reader, value)) => reader.alternatives(value, leaf),
                None => leaf(self, inner),
            },
        }
    }

    /// The value behind a name.
    fn constant(mut self, name: &'a Expression<'a>) -> Option<(Self, &'a Expression<'a>)> {
        self.steps += 1;
        let reference = name.get_identifier_reference().filter(|_| self.steps <= MAX_STEPS)?;
        let symbol = self
            .semantic
            .scoping()
            .get_reference(reference.reference_id())
            .symbol_id()?;
        Some((self, initial_value(self.semantic, symbol)?))
    }

    /// The value of a member of an enum, which is made by a function: `Api["Users"] = "https://…";`.
    fn member(self, member: &'a Expression<'a>) -> Option<(Self, &'a Expression<'a>)> {
        let member = member.as_member_expression()?;
        let name = member.static_property_name()?;
        let (reader, list) = self.constant(member.object())?;
        let Expression::CallExpression(made) = list.get_inner_expression() else {
            return None;
        };
        let Expression::FunctionExpression(function) = made.callee.get_inner_expression() else {
            return None;
        };
        let parameter = function.params.items.first()?.pattern.get_identifier_name()?;
        let statements = &function.body.as_ref()?.statements;
        let value = statements.iter().find_map(|statement| {
            let Statement::ExpressionStatement(statement) = statement else {
                return None;
            };
            let Expression::AssignmentExpression(assignment) = &statement.expression else {
                return None;
            };
            let target = assignment.left.as_member_expression()?;
            let is_named = target.static_property_name()? == name && target.object().is_specific_id(parameter.as_str());
            is_named.then_some(&assignment.right)
        })?;
        Some((reader, value))
    }

    fn hosts(self, expression: &'a Expression<'a>) -> Known<String> {
        self.alternatives(expression, &|reader, one| match one {
            Expression::NewExpression(new) if reader.is_global(&new.callee, "Request") => {
                reader.hosts(new.arguments.first()?.as_expression()?)
            }
            _ => Some([hosts::of_url(&reader.url(one)?)?].into()),
        })
    }

    fn hosts_of_array(self, array: &'a ArrayExpression<'a>) -> Known<String> {
        let mut all = BTreeSet::new();
        for element in &array.elements {
            let found = match element.as_expression()?.get_inner_expression() {
                Expression::ObjectExpression(request) => self.hosts(url_member(request)?)?,
                other => self.hosts(other)?,
            };
            all.extend(found);
        }
        Some(all)
    }

    fn url(self, expression: &'a Expression<'a>) -> Option<Url> {
        match expression.get_inner_expression() {
            Expression::NewExpression(new) if self.is_global(&new.callee, "URL") => self.new_url(new),
            name @ Expression::Identifier(_) => {
                let (reader, value) = self.constant(name)?;
                reader.url(value)
            }
            other => match self.member(other) {
                Some((reader, value)) => reader.url(value),
                None => self.text(other).url(),
            },
        }
    }

    /// `new URL(address)`, `new URL(path, base)`.
    fn new_url(self, new: &'a NewExpression<'a>) -> Option<Url> {
        let first = new.arguments.first()?.as_expression()?;
        match new.arguments.get(1).map(Argument::as_expression) {
            None => self.url(first),
            Some(base) => match self.text(first) {
                text if text.is_path() => self.url(base?),
                text => text.url(),
            },
        }
    }

    fn text(self, expression: &'a Expression<'a>) -> Text {
        match expression.get_inner_expression() {
            Expression::StringLiteral(literal) => Text {
                known: literal.value.to_string(),
                rest: Rest::Nothing,
            },
            Expression::TemplateLiteral(template) => self.template(template),
            Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
                let left = self.text(&sum.left);
                if left.is_whole() {
                    left.then(&self.text(&sum.right))
                } else {
                    left
                }
            }
            name @ Expression::Identifier(_) => self
                .constant(name)
                .map_or_else(Text::unknown, |(reader, value)| reader.text(value)),
            other => self
                .member(other)
                .map_or_else(Text::unknown, |(reader, value)| reader.text(value)),
        }
    }

    fn template(self, template: &'a TemplateLiteral<'a>) -> Text {
        let mut text = Text::default();
        for (index, quasi) in template.quasis.iter().enumerate() {
            let Some(cooked) = quasi.value.cooked.as_ref() else {
                return text.then(&Text::unknown());
            };
            text = text.then(&Text {
                known: cooked.to_string(),
                rest: Rest::Nothing,
            });
            if let Some(expression) = template.expressions.get(index) {
                text = text.then(&self.text(expression));
            }
        }
        text
    }

    /// Whether a name is a global, and not the author's own.
    fn is_global(self, callee: &Expression<'_>, name: &str) -> bool {
        callee.get_identifier_reference().is_some_and(|callee| {
            let symbol = self.semantic.scoping().get_reference(callee.reference_id()).symbol_id();
            callee.name == name && symbol.is_none()
        })
    }
}

/// The value of `url` in a request; `None` where another member may put a different one there.
fn url_member<'a>(request: &'a ObjectExpression<'a>) -> Option<&'a Expression<'a>> {
    let mut found = None;
    for property in &request.properties {
        let ObjectPropertyKind::ObjectProperty(property) = property else {
            return None;
        };
        if property.key.static_name()? == "url" {
            found = Some(&property.value);
        }
    }
    found
}
