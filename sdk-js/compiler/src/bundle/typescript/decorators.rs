//! Decorators of TypeScript's older kind, in the order in which TypeScript applies them: those of all members of
//! instances, then those of static ones. The translator applies them in the order of the class.

use oxc::{
    allocator::{Allocator, ArenaVec, TakeIn},
    ast::ast::{Argument, Expression, Program, Statement},
    ast_visit::{VisitMut, walk_mut},
};

/// Puts the calls of a translated program into that order.
pub(super) fn order<'a>(allocator: &'a Allocator, program: &mut Program<'a>) {
    Order { allocator }.visit_program(program);
}

struct Order<'a> {
    allocator: &'a Allocator,
}

impl<'a> VisitMut<'a> for Order<'a> {
    fn visit_statements(&mut self, statements: &mut ArenaVec<'a, Statement<'a>>) {
        if statements.iter().any(|statement| target(statement).is_some()) {
            let mut ordered = ArenaVec::with_capacity_in(statements.len(), &self.allocator);
            // Those of static members, until the calls for their class have ended.
            let mut later = Vec::new();
            for statement in statements.take_in(&self.allocator) {
                match target(&statement) {
                    Some(Target::Class) => later.push(statement),
                    Some(Target::Prototype) => ordered.push(statement),
                    None => {
                        ordered.extend(later.drain(..));
                        ordered.push(statement);
                    }
                }
            }
            ordered.extend(later);
            *statements = ordered;
        }
        walk_mut::walk_statements(self, statements);
    }
}

enum Target {
    Prototype,
    Class,
}

/// Of which object a call such as `_decorate([note], A.prototype, "name", null);` decorates a member.
fn target(statement: &Statement<'_>) -> Option<Target> {
    let Statement::ExpressionStatement(statement) = statement else {
        return None;
    };
    let Expression::CallExpression(call) = &statement.expression else {
        return None;
    };
    let helper = call.callee.get_identifier_reference()?;
    let [Argument::ArrayExpression(_), object, _, _] = call.arguments.as_slice() else {
        return None;
    };
    if !helper.name.starts_with("_decorate") {
        return None;
    }
    match object {
        Argument::StaticMemberExpression(member) if member.property.name == "prototype" => Some(Target::Prototype),
        Argument::Identifier(_) | Argument::ThisExpression(_) => Some(Target::Class),
        _ => None,
    }
}
