//! Where a file imports something: the bundler says which import failed, this finds the place in the text.

use oxc::allocator::Allocator;
use oxc::ast::ast::{
    Argument, CallExpression, ExportAllDeclaration, ExportFromDeclaration, Expression, ImportDeclaration,
    ImportExpression, JSXElement, JSXFragment, StringLiteral, TSImportEqualsDeclaration, TSModuleReference,
    TryStatement,
};
use oxc::ast_visit::{Visit, walk};
use oxc::parser::Parser;
use oxc::span::{SourceType, Span};

/// How a file asks for a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// The file cannot run without it.
    Required,
    /// `require` or `import()` inside `try`: the author expects that it may be missing.
    Optional,
}

/// Every place at which a file imports a specifier.
pub(super) fn find(file: &str, text: &str, specifier: &str) -> Vec<(Span, Need)> {
    let mut finder = Finder {
        specifier,
        tries: 0,
        found: Vec::new(),
        jsx: None,
    };
    visit(file, text, &mut finder);
    finder.found
}

/// The first JSX element of a file.
pub(super) fn first_jsx(file: &str, text: &str) -> Option<Span> {
    let mut finder = Finder {
        specifier: "",
        tries: 0,
        found: Vec::new(),
        jsx: None,
    };
    visit(file, text, &mut finder);
    finder.jsx
}

fn visit(file: &str, text: &str, finder: &mut Finder<'_>) {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, source_type(file)).parse();
    finder.visit_program(&parsed.program);
}

/// How to parse a file, from its ending.
pub(crate) fn source_type(file: &str) -> SourceType {
    SourceType::from_path(file).unwrap_or_else(|_| SourceType::unambiguous())
}

struct Finder<'s> {
    specifier: &'s str,
    tries: u32,
    found: Vec<(Span, Need)>,
    jsx: Option<Span>,
}

impl Finder<'_> {
    fn check(&mut self, literal: &StringLiteral<'_>, need: Need) {
        if literal.value == self.specifier {
            self.found.push((literal.span, need));
        }
    }

    fn need(&self) -> Need {
        if self.tries > 0 { Need::Optional } else { Need::Required }
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        self.check(&import.source, Need::Required);
    }

    fn visit_export_from_declaration(&mut self, export: &ExportFromDeclaration<'a>) {
        self.check(&export.source, Need::Required);
    }

    fn visit_export_all_declaration(&mut self, export: &ExportAllDeclaration<'a>) {
        self.check(&export.source, Need::Required);
    }

    fn visit_ts_import_equals_declaration(&mut self, import: &TSImportEqualsDeclaration<'a>) {
        if let TSModuleReference::ExternalModuleReference(reference) = &import.module_reference {
            self.check(&reference.expression, Need::Required);
        }
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        if let Expression::StringLiteral(literal) = &import.source {
            self.check(literal, self.need());
        }
        walk::walk_import_expression(self, import);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if call
            .callee
            .get_identifier_reference()
            .is_some_and(|callee| callee.name == "require")
            && let Some(Argument::StringLiteral(literal)) = call.arguments.first()
        {
            self.check(literal, self.need());
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_try_statement(&mut self, statement: &TryStatement<'a>) {
        self.tries += 1;
        self.visit_block_statement(&statement.block);
        self.tries -= 1;
        if let Some(handler) = &statement.handler {
            self.visit_catch_clause(handler);
        }
        if let Some(finalizer) = &statement.finalizer {
            self.visit_block_statement(finalizer);
        }
    }

    fn visit_jsx_element(&mut self, element: &JSXElement<'a>) {
        self.jsx.get_or_insert(element.span);
    }

    fn visit_jsx_fragment(&mut self, fragment: &JSXFragment<'a>) {
        self.jsx.get_or_insert(fragment.span);
    }
}
