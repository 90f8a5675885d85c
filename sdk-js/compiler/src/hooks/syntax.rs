//! Small questions about syntax that reading exports asks.

use std::collections::HashMap;

use oxc::ast::ast::{BindingPattern, Declaration, Expression, Program, Statement};

/// The file's own variables that have an initial value.
pub(super) fn values<'p, 'a>(program: &'p Program<'a>) -> HashMap<&'p str, &'p Expression<'a>> {
    let declarations = program.body.iter().filter_map(|statement| match statement {
        Statement::VariableDeclaration(variables) => Some(variables),
        Statement::ExportDeclaration(export) => match &export.declaration {
            Declaration::VariableDeclaration(variables) => Some(variables),
            _ => None,
        },
        _ => None,
    });
    let variables = declarations.flat_map(|variables| &variables.declarations);
    variables
        .filter_map(|variable| match (&variable.id, &variable.init) {
            (BindingPattern::BindingIdentifier(name), Some(value)) => Some((name.name.as_str(), value)),
            _ => None,
        })
        .collect()
}

pub(super) fn is_generator(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::FunctionExpression(function) if function.generator)
}

pub(super) fn is_module_exports(expression: &Expression<'_>) -> bool {
    expression.as_member_expression().is_some_and(|member| {
        member.static_property_name() == Some("exports") && member.object().is_specific_id("module")
    })
}

pub(super) fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_' || first == '$')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_' || character == '$')
}
