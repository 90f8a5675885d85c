//! What neither the translator nor the engine understands: found here, so that it is named with its line.

use oxc::{
    ast::ast::{AccessorProperty, Decorator, Program, TSExportAssignment},
    ast_visit::{Visit, walk},
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
        refusals,
    };
    finder.visit_program(program);
}

struct Finder<'r> {
    decorators: Decorators,
    /// One decorator of a file stands for all.
    named: bool,
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
