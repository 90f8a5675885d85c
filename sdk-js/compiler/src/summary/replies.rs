//! Where hooks deny, as far as the code writes it out: `{ deny: … }`, `new Deny(…)`. A denial that a function makes of its
//! parameters is one at each of its calls.

use std::rc::Rc;

use oxc::{
    ast::{
        AstKind,
        ast::{Argument, BindingPattern, Class, Expression, ObjectExpression, ObjectPropertyKind, PropertyKind},
    },
    semantic::{NodeId, SymbolId},
    span::{GetSpan, Span},
};

use super::{
    reach::Reach,
    syntax::Syntax,
    values::{Bound, Reader, Value},
};
use crate::capabilities::trace::literal::initial_value;

/// Calls of calls at which a denial is looked for.
const MAX_CALLS: u8 = 3;
/// Denials of one hook.
const MAX_DENIALS: usize = 100;
/// The code and the status of a denial that names none.
const BARE: (&str, u16) = ("hook_denied", 403);
/// The class of thrown denials.
const DENY: &str = "Deny";
/// What a reply can have.
const REPLY: [&str; 3] = ["allow", "deny", "patch"];

/// A denial in the code; what only a call knows is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Denial {
    pub(super) code: Option<String>,
    pub(super) status: Option<u16>,
    pub(super) message: Option<String>,
    pub(super) at: Span,
}

/// Where the code denies.
#[derive(Clone, Copy)]
enum Site<'a> {
    /// The value of `deny`.
    Returned(&'a Expression<'a>),
    /// The arguments of `new Deny(…)`.
    Thrown(Option<&'a Expression<'a>>, Option<&'a Expression<'a>>),
}

/// Every denial that is reached.
pub(super) fn denials(syntax: &Syntax<'_, '_>, reach: &Reach) -> Vec<Denial> {
    let mut found = Vec::new();
    let mut reader = Reader {
        syntax,
        missing: Vec::new(),
    };
    for (site, at) in sites(syntax, reach) {
        if found.len() < MAX_DENIALS {
            expand(&mut reader, reach, (site, at, &Bound::default()), MAX_CALLS, &mut found);
        }
    }
    found.truncate(MAX_DENIALS);
    found
}

fn sites<'a>(syntax: &Syntax<'_, 'a>, reach: &Reach) -> Vec<(Site<'a>, Span)> {
    let objects = syntax.objects.iter().filter(|object| reach.has(object.span));
    let returned = objects.filter_map(|object| reply(object, "deny").map(|value| (Site::Returned(value), object.span)));
    let made = syntax.made.iter().filter(|new| reach.has(new.span));
    let made = made
        .filter(|new| is_deny(syntax, &new.callee))
        .map(|new| (thrown(&new.arguments), new.span));
    let supers = syntax.supers.iter().filter(|(_, call)| reach.has(call.span));
    let in_classes = supers
        .filter(|(node, _)| class_around(syntax, *node).is_some_and(|class| extends_deny(syntax, class)))
        .map(|(_, call)| (thrown(&call.arguments), call.span));
    returned.chain(made).chain(in_classes).collect()
}

fn thrown<'a>(arguments: &'a [Argument<'a>]) -> Site<'a> {
    let argument = |index: usize| arguments.get(index).and_then(Argument::as_expression);
    Site::Thrown(argument(0), argument(1))
}

/// The value of a member of a reply, if an object is one: nothing but `allow`, `deny` and `patch`, and no function or text.
pub(super) fn reply<'a>(object: &'a ObjectExpression<'a>, wanted: &str) -> Option<&'a Expression<'a>> {
    let mut found = None;
    for property in &object.properties {
        let ObjectPropertyKind::ObjectProperty(property) = property else {
            return None;
        };
        let name = property.key.static_name()?;
        if property.kind != PropertyKind::Init || !REPLY.contains(&name.as_ref()) {
            return None;
        }
        if name == wanted {
            found = Some(&property.value);
        }
    }
    found.filter(|value| match value.get_inner_expression() {
        Expression::BooleanLiteral(literal) => literal.value && wanted == "deny",
        other => !is_no_denial(other),
    })
}

/// Whether an expression is something that no reply has as its denial.
fn is_no_denial(value: &Expression<'_>) -> bool {
    let is_other = matches!(value, Expression::ArrayExpression(_) | Expression::TemplateLiteral(_));
    is_other || value.is_literal() || value.is_function() || value.is_undefined()
}

/// Whether an expression is the class of denials: of the SDK, of `@aerocall/hooks`, or under another name.
fn is_deny(syntax: &Syntax<'_, '_>, class: &Expression<'_>) -> bool {
    let class = class.get_inner_expression();
    if let Some(member) = class.as_member_expression() {
        return member.static_property_name() == Some(DENY);
    }
    let Some(symbol) = syntax.symbol(class) else {
        return false;
    };
    let scoping = syntax.semantic.scoping();
    match syntax.semantic.nodes().kind(scoping.symbol_declaration(symbol)) {
        // `const { Deny } = …`, `({ Deny }) => …`
        AstKind::VariableDeclarator(variable) if !variable.id.is_binding_identifier() => {
            comes_from_deny(syntax, symbol)
        }
        AstKind::FormalParameter(parameter) if !parameter.pattern.is_binding_identifier() => {
            comes_from_deny(syntax, symbol)
        }
        AstKind::VariableDeclarator(_) => {
            let value = initial_value(syntax.semantic, symbol).map(Expression::get_inner_expression);
            value.is_some_and(|value| value.as_member_expression().is_some() && is_deny(syntax, value))
        }
        _ => false,
    }
}

/// Whether a pattern takes a variable from the member `Deny`.
fn comes_from_deny(syntax: &Syntax<'_, '_>, symbol: SymbolId) -> bool {
    let span = syntax.semantic.scoping().symbol_span(symbol);
    let nodes = syntax.semantic.nodes();
    let declaration = syntax.semantic.scoping().symbol_declaration(symbol);
    let pattern = match nodes.kind(declaration) {
        AstKind::VariableDeclarator(variable) => &variable.id,
        AstKind::FormalParameter(parameter) => &parameter.pattern,
        _ => return false,
    };
    let BindingPattern::ObjectPattern(pattern) = pattern else {
        return false;
    };
    pattern.properties.iter().any(|property| {
        let extent = property.value.span();
        property.key.is_specific_static_name(DENY) && extent.start <= span.start && span.end <= extent.end
    })
}

fn class_around<'a>(syntax: &Syntax<'_, 'a>, node: NodeId) -> Option<&'a Class<'a>> {
    syntax
        .semantic
        .nodes()
        .ancestor_kinds(node)
        .find_map(|kind| match kind {
            AstKind::Class(class) => Some(class),
            _ => None,
        })
}

fn extends_deny(syntax: &Syntax<'_, '_>, class: &Class<'_>) -> bool {
    class
        .heritage
        .as_ref()
        .is_some_and(|above| is_deny(syntax, &above.expression))
}

/// The denials of a place; if it depends on parameters of its function, those of each call of it.
fn expand<'a>(
    reader: &mut Reader<'_, '_, 'a>,
    reach: &Reach,
    (site, at, bound): (Site<'a>, Span, &Bound<'a>),
    calls_left: u8,
    into: &mut Vec<Denial>,
) {
    reader.missing.clear();
    let here = read(reader, site, bound, at);
    let missing = std::mem::take(&mut reader.missing);
    let calls = missing.iter().find_map(|parameter| {
        let (function, mut calls) = reader.syntax.calls_of_owner(*parameter)?;
        calls.retain(|call| reach.has(call.span));
        (!calls.is_empty()).then_some((function, calls))
    });
    match calls {
        Some((function, calls)) if calls_left > 0 => {
            for call in calls {
                let bound = reader.bind(function, call, bound);
                if into.len() < MAX_DENIALS {
                    expand(reader, reach, (site, call.span, &bound), calls_left - 1, into);
                }
            }
        }
        _ => into.extend(here),
    }
}

fn read<'a>(reader: &mut Reader<'_, '_, 'a>, site: Site<'a>, bound: &Bound<'a>, at: Span) -> Vec<Denial> {
    let value = |expression| Value {
        expression,
        bound: Rc::clone(bound),
    };
    match site {
        Site::Thrown(message, options) => {
            let message = message.and_then(|message| reader.text(&value(message)));
            let mut fields = Fields::bare();
            if let Some(options) = options {
                fields = Fields::unknown();
                let values = reader.values(&value(options));
                if let ([only], false) = (values.known.as_slice(), values.open) {
                    fields = Fields::bare();
                    fields.read(reader, only, MAX_CALLS);
                }
            }
            fields.denials(message, at)
        }
        Site::Returned(denied) => {
            let values = reader.values(&value(denied));
            let mut all = Vec::new();
            for one in &values.known {
                let mut fields = Fields::bare();
                match one.expression.get_inner_expression() {
                    Expression::BooleanLiteral(literal) if literal.value => {}
                    Expression::ObjectExpression(_) => fields.read(reader, one, MAX_CALLS),
                    other if is_no_denial(other) => continue,
                    _ => fields = Fields::unknown(),
                }
                let message = fields.message.take();
                all.extend(fields.denials(message, at));
            }
            if values.open {
                all.extend(Fields::unknown().denials(None, at));
            }
            all
        }
    }
}

/// Members of a denial.
struct Fields {
    /// Every code that it can have; `None` for one that only a call knows.
    codes: Vec<Option<String>>,
    status: Option<u16>,
    message: Option<String>,
}

impl Fields {
    fn bare() -> Self {
        Self {
            codes: vec![Some(BARE.0.to_owned())],
            status: Some(BARE.1),
            message: None,
        }
    }

    fn unknown() -> Self {
        Self {
            codes: vec![None],
            status: None,
            message: None,
        }
    }

    /// Reads an object, member by member; a later one replaces an earlier one.
    fn read<'a>(&mut self, reader: &mut Reader<'_, '_, 'a>, object: &Value<'a>, levels: u8) {
        let Expression::ObjectExpression(members) = object.expression.get_inner_expression() else {
            *self = Self::unknown();
            return;
        };
        let value = |expression| Value {
            expression,
            bound: Rc::clone(&object.bound),
        };
        for member in &members.properties {
            match member {
                ObjectPropertyKind::SpreadProperty(spread) => {
                    let values = reader.values(&value(&spread.argument));
                    match values.known.as_slice() {
                        [only] if !values.open && levels > 0 => self.read(reader, only, levels - 1),
                        _ => *self = Self::unknown(),
                    }
                }
                ObjectPropertyKind::ObjectProperty(property) => match property.key.static_name().as_deref() {
                    Some("code") => {
                        let (texts, open) = reader.whole_texts(&value(&property.value));
                        self.codes = texts.into_iter().map(Some).chain(open.then_some(None)).collect();
                    }
                    Some("status") => self.status = reader.number(&value(&property.value)),
                    Some("message") => self.message = reader.text(&value(&property.value)),
                    Some(_) => {}
                    None => *self = Self::unknown(),
                },
            }
        }
    }

    fn denials(self, message: Option<String>, at: Span) -> Vec<Denial> {
        let Self { codes, status, .. } = self;
        let of = |code| Denial {
            code,
            status,
            message: message.clone(),
            at,
        };
        codes.into_iter().map(of).collect()
    }
}
