//! What neither the translator nor the engine understands: found here, so that it is named with its line.

use std::collections::HashMap;

use oxc::{
    ast::ast::{
        AccessorProperty, ArrowFunctionExpression, Declaration, Decorator, Function, ModuleExportName, Program,
        ReturnStatement, Statement, TSExportAssignment,
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
    let mut declared: HashMap<String, bool> = HashMap::new();
    let mut refusals = Vec::new();
    for export in program.body.iter().flat_map(exports) {
        let earlier = declared.insert(export.name.clone(), export.is_declaration);
        // Two declarations of one name are a matter of the declarations.
        if earlier.is_some_and(|earlier| !(earlier && export.is_declaration)) {
            refusals.push(Refusal {
                span: export.span,
                message: format!("`{}` is exported twice", export.name),
                hint: "remove one of them, or give it another name".into(),
            });
        }
    }
    refusals
}

/// A name that a statement exports.
struct Export {
    name: String,
    span: Span,
    /// Whether it is exported where it is declared.
    is_declaration: bool,
}

fn exports(statement: &Statement<'_>) -> Vec<Export> {
    let export = |is_declaration| {
        move |name: &str, span: Span| Export {
            name: name.to_owned(),
            span,
            is_declaration,
        }
    };
    let (declared, named) = (export(true), export(false));
    let of_name = |name: &ModuleExportName<'_>| named(&name.name(), name.span());
    match statement {
        Statement::ExportDeclaration(export) => match &export.declaration {
            Declaration::VariableDeclaration(variables) => {
                let names = variables.declarations.iter();
                let names = names.flat_map(|variable| variable.id.get_binding_identifiers());
                names.map(|name| declared(&name.name, name.span)).collect()
            }
            declaration => declaration
                .id()
                .map(|name| declared(&name.name, name.span))
                .into_iter()
                .collect(),
        },
        Statement::ExportNamedDeclaration(export) => {
            let specifiers = export.specifiers.iter();
            specifiers.map(|specifier| of_name(&specifier.exported)).collect()
        }
        Statement::ExportFromDeclaration(export) => {
            let specifiers = export.specifiers.iter();
            specifiers.map(|specifier| of_name(&specifier.exported)).collect()
        }
        Statement::ExportAllDeclaration(export) => export.exported.iter().map(of_name).collect(),
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
