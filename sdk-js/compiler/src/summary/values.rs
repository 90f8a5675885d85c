//! What an expression can be, as far as the code writes it out: constants, choices, members of constants, what functions of the
//! bundle return, and, for parameters, what calls give them.

use std::{collections::HashMap, rc::Rc};

use oxc::{
    ast::{
        AstKind,
        ast::{
            Argument, BinaryOperator, BindingPattern, CallExpression, Expression, ObjectExpression, ObjectPropertyKind,
        },
    },
    semantic::SymbolId,
};

use super::syntax::{Callable, Syntax};
use crate::capabilities::trace::literal::initial_value;

/// Names and calls that lead to a value: further than people write, and an end for circles.
const MAX_STEPS: u8 = 24;
/// Values that one expression can have.
const MAX_VALUES: usize = 16;
/// Stands in a text for what only a call knows.
const UNKNOWN: &str = "…";

/// What parameters hold in a call.
pub(super) type Bound<'a> = Rc<HashMap<SymbolId, &'a Expression<'a>>>;

/// An expression, with what the parameters in it hold.
#[derive(Clone)]
pub(super) struct Value<'a> {
    pub(super) expression: &'a Expression<'a>,
    pub(super) bound: Bound<'a>,
}

/// Every value that an expression can have.
#[derive(Default)]
pub(super) struct Values<'a> {
    pub(super) known: Vec<Value<'a>>,
    /// There are others, which only a call knows.
    pub(super) open: bool,
}

/// Reads values, and notes the parameters that it would have to know for more.
pub(super) struct Reader<'r, 's, 'a> {
    pub(super) syntax: &'r Syntax<'s, 'a>,
    /// Parameters that nothing is known of.
    pub(super) missing: Vec<SymbolId>,
}

impl<'a> Reader<'_, '_, 'a> {
    /// Every value of an expression that leads no further.
    pub(super) fn values(&mut self, value: &Value<'a>) -> Values<'a> {
        let mut values = Values::default();
        self.collect(value, MAX_STEPS, &mut values);
        values
    }

    fn collect(&mut self, value: &Value<'a>, steps: u8, into: &mut Values<'a>) {
        if steps == 0 || into.known.len() >= MAX_VALUES {
            into.open = true;
            return;
        }
        let with = |expression| Value {
            expression,
            bound: Rc::clone(&value.bound),
        };
        match value.expression.get_inner_expression() {
            Expression::ConditionalExpression(choice) => {
                self.collect(&with(&choice.consequent), steps - 1, into);
                self.collect(&with(&choice.alternate), steps - 1, into);
            }
            Expression::LogicalExpression(choice) => {
                self.collect(&with(&choice.left), steps - 1, into);
                self.collect(&with(&choice.right), steps - 1, into);
            }
            Expression::AwaitExpression(awaited) => self.collect(&with(&awaited.argument), steps - 1, into),
            Expression::Identifier(_) => match self.named(value) {
                Some(named) => self.collect(&named, steps - 1, into),
                None => into.open = true,
            },
            Expression::CallExpression(call) => self.collect_call(call, value, steps, into),
            inner => match self.member(&with(inner), steps) {
                Some(member) => self.collect(&member, steps - 1, into),
                None => into.known.push(with(inner)),
            },
        }
    }

    /// What a variable holds for ever, or a parameter in this call.
    fn named(&mut self, value: &Value<'a>) -> Option<Value<'a>> {
        let symbol = self.syntax.symbol(value.expression)?;
        let with = |expression| Value {
            expression,
            bound: Rc::clone(&value.bound),
        };
        if let Some(held) = value.bound.get(&symbol) {
            return Some(with(held));
        }
        if let Some(held) = initial_value(self.syntax.semantic, symbol) {
            return Some(with(held));
        }
        let nodes = self.syntax.semantic.nodes();
        let declaration = self.syntax.semantic.scoping().symbol_declaration(symbol);
        if matches!(nodes.kind(declaration), AstKind::FormalParameter(_)) && !self.missing.contains(&symbol) {
            self.missing.push(symbol);
        }
        None
    }

    /// What a call of a function of the bundle gives, or `Object.freeze(…)`.
    fn collect_call(&mut self, call: &'a CallExpression<'a>, value: &Value<'a>, steps: u8, into: &mut Values<'a>) {
        if call.callee.is_specific_member_access("Object", "freeze")
            && let Some(argument) = call.arguments.first().and_then(Argument::as_expression)
        {
            let frozen = Value {
                expression: argument,
                bound: Rc::clone(&value.bound),
            };
            return self.collect(&frozen, steps - 1, into);
        }
        let function = self
            .syntax
            .symbol(&call.callee)
            .and_then(|name| self.syntax.function_of(name));
        let returned = function.map(|function| (function, self.syntax.returned(function)));
        match returned.filter(|(_, returned)| !returned.is_empty()) {
            None => into.open = true,
            Some((function, returned)) => {
                let bound = self.bind(function, call, &value.bound);
                for expression in returned {
                    let bound = Rc::clone(&bound);
                    self.collect(&Value { expression, bound }, steps - 1, into);
                }
            }
        }
    }

    /// `messages.blocked` of a constant object.
    fn member(&mut self, value: &Value<'a>, steps: u8) -> Option<Value<'a>> {
        let member = value.expression.as_member_expression()?;
        let name = member.static_property_name()?;
        let mut objects = Values::default();
        let object = Value {
            expression: member.object(),
            bound: Rc::clone(&value.bound),
        };
        self.collect(&object, steps - 1, &mut objects);
        let [of] = objects.known.as_slice() else { return None };
        let Expression::ObjectExpression(object) = of.expression else {
            return None;
        };
        let expression = property(object, name)?;
        Some(Value {
            expression,
            bound: Rc::clone(&of.bound),
        })
    }

    /// What the parameters of a function hold in a call of it.
    pub(super) fn bind(
        &mut self,
        function: Callable<'a>,
        call: &'a CallExpression<'a>,
        bound: &Bound<'a>,
    ) -> Bound<'a> {
        let mut all = HashMap::clone(bound);
        let is_spread = |argument: &Argument<'a>| argument.as_expression().is_none();
        let arguments = call.arguments.iter().take_while(|argument| !is_spread(argument));
        let arguments: Vec<_> = arguments.filter_map(Argument::as_expression).collect();
        for (index, parameter) in function.parameters().items.iter().enumerate() {
            let given = arguments.get(index).copied();
            match &parameter.pattern {
                BindingPattern::ObjectPattern(pattern) => {
                    let object = given.map(Expression::get_inner_expression);
                    let Some(Expression::ObjectExpression(object)) = object else {
                        continue;
                    };
                    for part in &pattern.properties {
                        let held = part.key.static_name().and_then(|name| property(object, &name));
                        bind_pattern(&mut all, &part.value, held);
                    }
                }
                pattern => bind_pattern(&mut all, pattern, given.or(parameter.initializer.as_deref())),
            }
        }
        Rc::new(all)
    }

    /// A text, with `…` for what only a call knows of it; `None` if nothing of it is known.
    pub(super) fn text(&mut self, value: &Value<'a>) -> Option<String> {
        let values = self.values(value);
        let texts: Vec<String> = values
            .known
            .iter()
            .filter_map(|one| self.text_of(one, MAX_STEPS))
            .collect();
        let first = texts.first()?;
        let is_only = !values.open && texts.iter().all(|text| text == first) && texts.len() == values.known.len();
        // Of `${field}: ${problem}` nothing is known.
        let says = |text: &String| text.chars().any(char::is_alphanumeric);
        Some(first.clone()).filter(|text| is_only && says(text))
    }

    /// A text that is known as a whole.
    pub(super) fn whole_texts(&mut self, value: &Value<'a>) -> (Vec<String>, bool) {
        let values = self.values(value);
        let mut texts = Vec::new();
        let mut open = values.open;
        for one in &values.known {
            match self.text_of(one, MAX_STEPS).filter(|text| !text.contains(UNKNOWN)) {
                Some(text) if !texts.contains(&text) => texts.push(text),
                Some(_) => {}
                None => open = true,
            }
        }
        (texts, open)
    }

    fn text_of(&mut self, value: &Value<'a>, steps: u8) -> Option<String> {
        let part = |reader: &mut Self, expression| {
            let one = Value {
                expression,
                bound: Rc::clone(&value.bound),
            };
            let values = reader.values(&one);
            match values.known.as_slice() {
                [only] if !values.open && steps > 0 => reader.text_of(only, steps - 1),
                _ => None,
            }
            .unwrap_or_else(|| UNKNOWN.to_owned())
        };
        match value.expression.get_inner_expression() {
            Expression::StringLiteral(literal) => Some(literal.value.to_string()),
            Expression::NumericLiteral(number) => Some(number.value.to_string()),
            Expression::TemplateLiteral(template) => {
                let mut text = String::new();
                for (index, quasi) in template.quasis.iter().enumerate() {
                    text.push_str(quasi.value.cooked.as_ref()?.as_str());
                    if let Some(expression) = template.expressions.get(index) {
                        text.push_str(&part(self, expression));
                    }
                }
                Some(text)
            }
            Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
                let left = part(self, &sum.left);
                Some(left + &part(self, &sum.right))
            }
            _ => None,
        }
    }

    /// A whole number.
    pub(super) fn number(&mut self, value: &Value<'a>) -> Option<u16> {
        let values = self.values(value);
        match values.known.as_slice() {
            [only] if !values.open => match only.expression.get_inner_expression() {
                Expression::NumericLiteral(number) if number.value.fract() == 0.0 => {
                    (0..=u16::MAX).find(|whole| f64::from(*whole) == number.value)
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// The last member of an object with this name, unless something after it may replace it.
fn property<'a>(object: &'a ObjectExpression<'a>, name: &str) -> Option<&'a Expression<'a>> {
    let mut found = None;
    for one in &object.properties {
        match one {
            ObjectPropertyKind::ObjectProperty(one) if one.key.static_name()? == name => found = Some(&one.value),
            ObjectPropertyKind::ObjectProperty(_) => {}
            ObjectPropertyKind::SpreadProperty(_) => found = None,
        }
    }
    found
}

fn bind_pattern<'a>(
    all: &mut HashMap<SymbolId, &'a Expression<'a>>,
    pattern: &'a BindingPattern<'a>,
    held: Option<&'a Expression<'a>>,
) {
    match pattern {
        BindingPattern::BindingIdentifier(name) => {
            if let Some(held) = held {
                all.insert(name.symbol_id(), held);
            }
        }
        BindingPattern::AssignmentPattern(pattern) => {
            bind_pattern(all, &pattern.left, held.or(Some(&pattern.right)));
        }
        _ => {}
    }
}
