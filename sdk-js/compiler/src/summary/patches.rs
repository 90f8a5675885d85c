//! What hooks patch, as far as the code writes it out: the members of `{ patch: … }`, also those that are assigned to it later.

use std::{collections::BTreeSet, rc::Rc};

use oxc::{
    ast::{
        AstKind,
        ast::{Expression, ObjectPropertyKind},
    },
    span::GetSpan,
};

use super::{
    ANY,
    reach::Reach,
    replies::reply,
    syntax::Syntax,
    values::{Bound, Reader, Value},
};

/// Names of a path of a member that is patched: `user.metadata.source`.
const MAX_PATH: usize = 3;

/// Members of the payload that what is reached patches.
pub(super) fn patches(syntax: &Syntax<'_, '_>, reach: &Reach) -> Vec<String> {
    let mut reader = Reader {
        syntax,
        missing: Vec::new(),
    };
    let mut found = BTreeSet::new();
    for object in syntax.objects.iter().filter(|object| reach.has(object.span)) {
        if let Some(expression) = reply(object, "patch") {
            let bound = Bound::default();
            paths(&mut reader, &Value { expression, bound }, &mut Vec::new(), &mut found);
        }
    }
    found.into_iter().collect()
}

/// The members that a value has, below a path.
fn paths<'a>(reader: &mut Reader<'_, '_, 'a>, value: &Value<'a>, path: &mut Vec<String>, found: &mut BTreeSet<String>) {
    let mut names = 0;
    if path.len() < MAX_PATH {
        names += assigned(reader, value, path, found);
        let values = reader.values(value);
        if values.open && path.is_empty() {
            found.insert(ANY.to_owned());
        }
        for one in values.known {
            let Expression::ObjectExpression(object) = one.expression.get_inner_expression() else {
                if path.is_empty() {
                    found.insert(ANY.to_owned());
                }
                continue;
            };
            for member in &object.properties {
                let bound = Rc::clone(&one.bound);
                match member {
                    ObjectPropertyKind::ObjectProperty(property) => {
                        let Some(name) = property.key.static_name() else {
                            continue;
                        };
                        names += 1;
                        path.push(name.into_owned());
                        let expression = &property.value;
                        paths(reader, &Value { expression, bound }, path, found);
                        path.pop();
                    }
                    ObjectPropertyKind::SpreadProperty(_) => {}
                }
            }
        }
    }
    if names == 0 && !path.is_empty() {
        found.insert(path.join("."));
    }
}

/// Members that are assigned to a variable: `patch.user = …`. How many there are.
fn assigned<'a>(
    reader: &mut Reader<'_, '_, 'a>,
    value: &Value<'a>,
    path: &mut Vec<String>,
    found: &mut BTreeSet<String>,
) -> usize {
    let Some(symbol) = reader.syntax.symbol(value.expression) else {
        return 0;
    };
    let semantic = reader.syntax.semantic;
    let nodes = semantic.nodes();
    let mut targets = Vec::new();
    for reference in semantic.scoping().get_resolved_references(symbol) {
        let mut names = Vec::new();
        let mut node = reference.node_id();
        loop {
            let parent = nodes.parent_id(node);
            let span = nodes.kind(node).span();
            match nodes.kind(parent) {
                AstKind::StaticMemberExpression(member) if member.object.span() == span => {
                    names.push(member.property.name.to_string());
                    node = parent;
                }
                AstKind::AssignmentExpression(assignment) if assignment.left.span() == span && !names.is_empty() => {
                    targets.push((names, &assignment.right));
                    break;
                }
                _ => break,
            }
        }
    }
    let count = targets.len();
    for (names, expression) in targets {
        let depth = path.len();
        path.extend(names);
        let bound = Rc::clone(&value.bound);
        paths(reader, &Value { expression, bound }, path, found);
        path.truncate(depth);
    }
    count
}
