//! Entries whose hooks are not named exports: `export default { beforeSignup() {} }`, `module.exports = { … }`.
//!
//! The engine looks for named exports alone, so such an entry gets a module in front of it that gives each of them a
//! name. Methods keep their `this`.

use std::fmt::Write;

use super::project::ENTRY_SPECIFIER;
use crate::hooks::exports::{Entry, Shape};

/// A module that re-exports an entry's hooks by name.
#[derive(Clone, Debug)]
pub(super) struct Facade {
    shape: Shape,
    names: Vec<String>,
}

impl Facade {
    /// The facade that an entry needs; none if its exports are named ones already.
    pub(super) fn of(entry: &Entry) -> Option<Self> {
        if entry.shape == Shape::Named {
            return None;
        }
        let names = entry
            .exports
            .iter()
            .filter(|export| export.through_default)
            .map(|export| export.name.clone());
        Some(Self {
            shape: entry.shape,
            names: names.collect(),
        })
    }

    /// Its code.
    pub(super) fn code(&self) -> String {
        let entry = serde_json::Value::from(ENTRY_SPECIFIER);
        let mut code = match self.shape {
            Shape::DefaultFunction => {
                let name = self.names.first().map_or("default", String::as_str);
                return format!("export * from {entry};\nexport {{ default as {name} }} from {entry};\n");
            }
            Shape::CommonJs => format!("import * as hooks from {entry};\n"),
            Shape::DefaultObject | Shape::Named => format!("export * from {entry};\nimport hooks from {entry};\n"),
        };
        code.push_str("const named = (hook) => typeof hook === \"function\" ? hook.bind(hooks) : hook;\n");
        for name in &self.names {
            let _ = writeln!(code, "export const {name} = named(hooks.{name});");
        }
        code
    }
}
