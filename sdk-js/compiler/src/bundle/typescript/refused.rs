//! What neither the translator nor the engine understands: found here, so that it is named with its line.

use std::collections::HashMap;

use oxc::{
    ast::ast::{
        AccessorProperty, ArrowFunctionExpression, Declaration, Decorator, Function, Program, ReturnStatement,
        Statement, TSExportAssignment,
    },
    ast_visit::{Visit, walk},
    span::{GetSpan, Span},
    syntax::scope::ScopeFlags,
};

use super::Refusal;

/// What the project's settings say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Decorators {
    /// `experimentalDecorators` is on.
    pub(super) legacy: bool,
}

/// Everything in a file that cannot be built.
pub(super) fn find(program: &Program<'_>, decorators: Decorators, refusals: &mut Vec<Refusal>) {
    let mut finder = Finder {
        decorators,
        named: false,
        functions: 0,
        is_module: program.body.iter().any(Statement::is_module_declaration),
        refusals,
    };
    finder.visit_program(program);
}

/// Names that a file exports twice, once it is JavaScript: of a file of TypeScript the parser allows them, because a function with
/// overloads and what is merged may be exported several times. The bundler would take one of them.
pub(super) fn exported_twice(program: &Program<'_>) -> Vec<Refusal> {
    let mut known: HashMap<String, IsDeclared> = HashMap::new();
    let mut refusals = Vec::new();
    for (name, span, declared) in program.body.iter().flat_map(exports) {
        match known.insert(name.clone(), declared) {
            Some(IsDeclared(earlier)) if !(earlier && declared.0) => refusals.push(Refusal {
                span,
                message: format!("`{name}` is exported twice"),
                hint: "remove one of them, or give it another name".into(),
            }),
            _ => {}
        }
    }
    refusals
}

/// Whether a name is exported where it is declared. Two declarations of one name are a matter of the declarations.
#[derive(Clone, Copy)]
struct IsDeclared(bool);

fn exports(statement: &Statement<'_>) -> Vec<(String, Span, IsDeclared)> {
    let named = |name: &str, span: Span| (name.to_owned(), span, IsDeclared(false));
    match statement {
        Statement::ExportDeclaration(export) => {
            let declaration = &export.declaration;
            let mut found = Vec::new();
            let mut declared = |name: &str, span: Span| found.push((name.to_owned(), span, IsDeclared(true)));
            match declaration {
                Declaration::VariableDeclaration(variables) => {
                    for variable in &variables.declarations {
                        for name in variable.id.get_binding_identifiers() {
                            declared(&name.name, name.span);
                        }
                    }
                }
                declaration => {
                    if let Some(name) = declaration.id() {
                        declared(&name.name, name.span);
                    }
                }
            }
            found
        }
        Statement::ExportNamedDeclaration(export) => {
            let specifiers = export.specifiers.iter();
            specifiers
                .map(|specifier| named(&specifier.exported.name(), specifier.exported.span()))
                .collect()
        }
        Statement::ExportFromDeclaration(export) => {
            let specifiers = export.specifiers.iter();
            specifiers
                .map(|specifier| named(&specifier.exported.name(), specifier.exported.span()))
                .collect()
        }
        Statement::ExportAllDeclaration(export) => {
            let exported = export.exported.iter();
            exported.map(|name| named(&name.name(), name.span())).collect()
        }
        Statement::ExportDefaultDeclaration(export) => vec![named("default", export.span)],
        _ => Vec::new(),
    }
}

struct Finder<'r> {
    decorators: Decorators,
    /// One decorator of a file stands for all.
    named: bool,
    /// How many functions are around what is visited.
    functions: u32,
    /// Not of CommonJS, whose files are the body of a function.
    is_module: bool,
    refusals: &'r mut Vec<Refusal>,
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_decorator(&mut self, decorator: &Decorator<'a>) {
        if !self.decorators.legacy && !self.named {
            self.named = true;
            self.refusals.push(Refusal {
                span: decorator.span,
                message: "decorators of the ECMAScript proposal are not supported".into(),
                hint: "for decorators of TypeScript's older kind, set `\"experimentalDecorators\": true` under \
                       `compilerOptions` in tsconfig.json; otherwise call the function yourself, as in \
                       `check = logged(check)`"
                    .into(),
            });
        }
        walk::walk_decorator(self, decorator);
    }

    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        self.functions += 1;
        walk::walk_function(self, function, flags);
        self.functions -= 1;
    }

    fn visit_arrow_function_expression(&mut self, function: &ArrowFunctionExpression<'a>) {
        self.functions += 1;
        walk::walk_arrow_function_expression(self, function);
        self.functions -= 1;
    }

    /// The bundler leaves it out, and what follows would run all the same.
    fn visit_return_statement(&mut self, statement: &ReturnStatement<'a>) {
        if self.is_module && self.functions == 0 {
            self.refusals.push(Refusal {
                span: statement.span,
                message: "`return` stands outside of every function".into(),
                hint: "put the code into a function, or what follows into a branch of an `if`".into(),
            });
        }
        walk::walk_return_statement(self, statement);
    }

    fn visit_accessor_property(&mut self, property: &AccessorProperty<'a>) {
        if !property.r#type.is_abstract() {
            let name = property.key.static_name();
            let name = name.as_deref().unwrap_or("value");
            self.refusals.push(Refusal {
                span: property.span,
                message: "`accessor` fields are part of the decorators proposal and are not supported".into(),
                hint: format!(
                    "write a private field with a getter and a setter: \
                     `#{name}; get {name}() {{ return this.#{name}; }} set {name}(value) {{ this.#{name} = value; }}`"
                ),
            });
        }
        walk::walk_accessor_property(self, property);
    }

    fn visit_ts_export_assignment(&mut self, export: &TSExportAssignment<'a>) {
        self.refusals.push(Refusal {
            span: export.span,
            message: "`export =` is of CommonJS, and hooks are ECMAScript modules".into(),
            hint: "write `export default`".into(),
        });
    }
}
