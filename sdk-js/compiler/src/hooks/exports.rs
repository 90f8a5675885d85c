//! What a file exports, read from its syntax alone: names, places, and how hooks are reached.
//!
//! Reads the author's entry (TypeScript) and the final bundle (JavaScript) alike. Knows no hook by heart except through
//! [`aerocall_contract::names`].

use std::collections::HashMap;

use aerocall_contract::names;
use oxc::allocator::Allocator;
use oxc::ast::ast::{
    Argument, AssignmentExpression, BindingPattern, Declaration, ExportDefaultDeclarationKind, Expression,
    ObjectExpression, ObjectPropertyKind, Program, Statement,
};
use oxc::parser::Parser;
use oxc::span::{GetSpan, SourceType, Span};

use super::syntax::{is_generator, is_identifier, is_module_exports, values};
use crate::threads;

/// How an entry hands over its hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `export const beforeSignup = …`
    Named,
    /// `export default { beforeSignup() {} }`
    DefaultObject,
    /// `export default function beforeSignup() {}`
    DefaultFunction,
    /// `module.exports = { beforeSignup() {} }`, `exports.beforeSignup = …`
    CommonJs,
}

/// One exported name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Export {
    pub(crate) name: String,
    pub(crate) span: Span,
    /// Reached through the default export or `module.exports`.
    pub(crate) through_default: bool,
}

/// The keys of `on`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Events {
    pub(crate) keys: Vec<(String, Span)>,
    /// Some keys are computed, spread or come from elsewhere: there may be more.
    pub(crate) open: bool,
}

/// What a file exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) shape: Shape,
    pub(crate) exports: Vec<Export>,
    /// `export * from …`
    pub(crate) stars: Vec<Span>,
    /// The keys of `on`, if it is exported and its object stands in this file.
    pub(crate) events: Option<Events>,
    /// Hooks and handlers that are generator functions, and where: calling one runs nothing of it.
    pub(crate) generators: Vec<(String, Span)>,
}

impl Entry {
    /// Where a name is exported: at its own place, or at the `export *` that lets it through.
    pub(crate) fn span_of(&self, name: &str) -> Span {
        let own = self
            .exports
            .iter()
            .find(|export| export.name == name)
            .map(|export| export.span);
        own.or_else(|| self.stars.first().copied()).unwrap_or_default()
    }
}

/// Reads the exports of a file. A file with syntax errors gives what could be read of it.
pub(crate) fn read(text: &str, source_type: SourceType) -> Entry {
    threads::deep(|| {
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, text, source_type).parse();
        Reader::new(&parsed.program).read()
    })
}

struct Reader<'p, 'a> {
    program: &'p Program<'a>,
    /// Initial values of the file's own variables.
    values: HashMap<&'p str, &'p Expression<'a>>,
    entry: Entry,
}

impl<'p, 'a> Reader<'p, 'a> {
    fn new(program: &'p Program<'a>) -> Self {
        let entry = Entry {
            shape: Shape::Named,
            exports: Vec::new(),
            stars: Vec::new(),
            events: None,
            generators: Vec::new(),
        };
        Self {
            program,
            values: values(program),
            entry,
        }
    }

    fn read(mut self) -> Entry {
        let mut is_module = false;
        for statement in &self.program.body {
            is_module |= statement.is_module_declaration();
            self.read_export(statement);
        }
        for statement in &self.program.body {
            if let Statement::ExportDefaultDeclaration(export) = statement {
                self.read_default(&export.declaration);
            }
        }
        if !is_module {
            self.read_common_js();
        }
        self.entry
    }

    fn read_export(&mut self, statement: &'p Statement<'a>) {
        match statement {
            Statement::ExportDeclaration(export) => self.read_declaration(&export.declaration),
            Statement::ExportNamedDeclaration(export) if !export.export_kind.is_type() => {
                for specifier in export
                    .specifiers
                    .iter()
                    .filter(|specifier| !specifier.export_kind.is_type())
                {
                    let value = self.values.get(specifier.local.name().as_str()).copied();
                    self.add(specifier.exported.name().as_str(), specifier.exported.span(), value);
                }
            }
            Statement::ExportFromDeclaration(export) if !export.export_kind.is_type() => {
                for specifier in export
                    .specifiers
                    .iter()
                    .filter(|specifier| !specifier.export_kind.is_type())
                {
                    self.add(specifier.exported.name().as_str(), specifier.exported.span(), None);
                }
            }
            Statement::ExportAllDeclaration(export) if !export.export_kind.is_type() => match &export.exported {
                Some(name) => self.add(name.name().as_str(), name.span(), None),
                None => self.entry.stars.push(export.span),
            },
            _ => {}
        }
    }

    fn read_declaration(&mut self, declaration: &'p Declaration<'a>) {
        match declaration {
            Declaration::VariableDeclaration(variables) => {
                for variable in &variables.declarations {
                    if let BindingPattern::BindingIdentifier(name) = &variable.id {
                        self.add(name.name.as_str(), name.span, variable.init.as_ref());
                    } else {
                        for name in variable.id.get_binding_identifiers() {
                            self.add(name.name.as_str(), name.span, None);
                        }
                    }
                }
            }
            Declaration::FunctionDeclaration(function) => {
                if let Some(name) = &function.id {
                    self.add(name.name.as_str(), name.span, None);
                    self.note_generator(name.name.as_str(), name.span, function.generator);
                }
            }
            Declaration::ClassDeclaration(class) => {
                if let Some(name) = &class.id {
                    self.add(name.name.as_str(), name.span, None);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, name: &str, span: Span, value: Option<&'p Expression<'a>>) {
        self.entry.exports.push(Export {
            name: name.to_owned(),
            span,
            through_default: false,
        });
        self.note_generator(name, span, value.is_some_and(is_generator));
        if name == names::EVENTS_EXPORT
            && let Some(object) = value.and_then(|value| self.object(value))
        {
            self.entry.events = Some(self.events(object));
        }
    }

    fn note_generator(&mut self, name: &str, span: Span, is_one: bool) {
        if is_one {
            self.entry.generators.push((name.to_owned(), span));
        }
    }

    fn read_default(&mut self, declaration: &'p ExportDefaultDeclarationKind<'a>) {
        if let ExportDefaultDeclarationKind::FunctionDeclaration(function) = declaration {
            if let Some(name) = &function.id {
                self.add_default_function(name.name.as_str(), name.span);
                self.note_generator(name.name.as_str(), name.span, function.generator);
            }
            return;
        }
        let Some(value) = declaration.as_expression() else {
            return;
        };
        if let Some(object) = self.object(value) {
            self.entry.shape = Shape::DefaultObject;
            self.add_members(object);
        } else if let Some(name) = value.get_identifier_reference() {
            self.add_default_function(name.name.as_str(), name.span);
        }
    }

    fn add_default_function(&mut self, name: &str, span: Span) {
        let known = self.entry.exports.iter().any(|export| export.name == name);
        if !known && names::looks_like_hook(name) {
            self.entry.shape = Shape::DefaultFunction;
            self.entry.exports.push(Export {
                name: name.to_owned(),
                span,
                through_default: true,
            });
        }
    }

    /// The members of a default export or of `module.exports` that are hooks, or are meant as such.
    fn add_members(&mut self, object: &'p ObjectExpression<'a>) {
        for property in &object.properties {
            let ObjectPropertyKind::ObjectProperty(property) = property else {
                continue;
            };
            let Some(name) = property.key.static_name() else {
                continue;
            };
            self.add_member(&name, property.key.span(), &property.value);
        }
    }

    fn add_member(&mut self, name: &str, span: Span, value: &'p Expression<'a>) {
        let own = self.entry.exports.iter().any(|export| export.name == name);
        let relevant = name == names::EVENTS_EXPORT || name == names::CONFIG_EXPORT || names::looks_like_hook(name);
        if own || !relevant || !is_identifier(name) {
            return;
        }
        self.entry.exports.push(Export {
            name: name.to_owned(),
            span,
            through_default: true,
        });
        self.note_generator(name, span, is_generator(value));
        if name == names::EVENTS_EXPORT
            && let Some(object) = self.object(value)
        {
            self.entry.events = Some(self.events(object));
        }
    }

    fn read_common_js(&mut self) {
        for statement in &self.program.body {
            let Statement::ExpressionStatement(statement) = statement else {
                continue;
            };
            if let Expression::AssignmentExpression(assignment) = &statement.expression {
                self.read_assignment(assignment);
            }
        }
        if !self.entry.exports.is_empty() {
            self.entry.shape = Shape::CommonJs;
        }
    }

    /// `module.exports = {…}`, `module.exports.name = …`, `exports.name = …`
    fn read_assignment(&mut self, assignment: &'p AssignmentExpression<'a>) {
        let Some(target) = assignment.left.as_member_expression() else {
            return;
        };
        let Some(name) = target.static_property_name() else {
            return;
        };
        let span = target.static_property_info().map_or(target.span(), |(span, _)| span);
        let object = target.object();
        let is_module = object.is_specific_id("module");
        if is_module && name == "exports" {
            if let Some(object) = self.object(&assignment.right) {
                self.add_members(object);
            }
        } else if object.is_specific_id("exports") || is_module_exports(object) {
            self.add_member(name, span, &assignment.right);
        }
    }

    /// The object literal behind a value: through types, `Object.freeze(…)`, `define…(…)` and the file's own variables.
    fn object(&self, value: &'p Expression<'a>) -> Option<&'p ObjectExpression<'a>> {
        match value.get_inner_expression() {
            Expression::ObjectExpression(object) => Some(object),
            Expression::Identifier(name) => {
                let value = self.values.get(name.name.as_str())?;
                if let Expression::Identifier(_) = value.get_inner_expression() {
                    None
                } else {
                    self.object(value)
                }
            }
            Expression::CallExpression(call) => match call.arguments.first()? {
                Argument::ObjectExpression(object) if call.arguments.len() == 1 => Some(object),
                _ => None,
            },
            _ => None,
        }
    }

    fn events(&mut self, object: &'p ObjectExpression<'a>) -> Events {
        let mut events = Events::default();
        for property in &object.properties {
            let ObjectPropertyKind::ObjectProperty(property) = property else {
                events.open = true;
                continue;
            };
            let span = property.key.span();
            match property.key.static_name() {
                Some(name) => {
                    self.note_generator(&name, span, is_generator(&property.value));
                    events.keys.push((name.into_owned(), span));
                }
                None => events.open = true,
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> (Shape, Vec<String>) {
        let entry = read(text, SourceType::ts());
        (
            entry.shape,
            entry.exports.into_iter().map(|export| export.name).collect(),
        )
    }

    #[test]
    fn reads_named_exports_and_skips_types() {
        let text = "export const beforeSignup = 1; export type T = string; export interface I {}\n\
                    export { a as b, type C } from './x'; export async function afterLogin() {}\n\
                    export type { D } from './y'; const q = 1; export { q as on }";
        assert_eq!(
            names(text),
            (
                Shape::Named,
                ["beforeSignup", "b", "afterLogin", "on"].map(String::from).into()
            )
        );
    }

    #[test]
    fn reads_default_objects_and_common_js() {
        let hook = |shape| (shape, vec!["beforeSignup".to_owned()]);
        assert_eq!(
            names("export default { beforeSignup() {}, helper() {} } satisfies H"),
            hook(Shape::DefaultObject)
        );
        assert_eq!(
            names("const h = { beforeSignup() {} }; export default h"),
            hook(Shape::DefaultObject)
        );
        assert_eq!(
            names("export default async function beforeSignup() {}"),
            hook(Shape::DefaultFunction)
        );
        assert_eq!(names("module.exports = { beforeSignup() {} }"), hook(Shape::CommonJs));
        assert_eq!(names("module.exports.beforeSignup = () => {}"), hook(Shape::CommonJs));
        assert_eq!(names("exports.beforeSignup = () => {}"), hook(Shape::CommonJs));
    }

    #[test]
    fn reads_event_keys() {
        let entry = read(
            "export const on = { 'auth.signup': f, ['queue.a']: f, ...more } as const",
            SourceType::ts(),
        );
        let events = entry.events.unwrap();
        assert_eq!(
            events.keys.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
            ["auth.signup", "queue.a"]
        );
        assert!(events.open);
    }
}
