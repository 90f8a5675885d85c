//! `adapter IN OUT`: gives an engine built for WASI a body of its own for each WASI function. Knows wasm binaries and the
//! naming rule; the bodies are in `../src/wasi.rs`.
//!
//! An import `wasi_snapshot_preview1.NAME` is replaced by the module's export `aerocall_wasi_NAME`; both disappear, and
//! every other function is renumbered. A WASI function without a body, or one of another type, is an error.

use std::{collections::BTreeMap, env, fs, process::ExitCode};

use wasm_encoder::{
    ExportSection, ImportSection, Module, NameMap, NameSection,
    reencode::{self, Reencode, RoundtripReencoder},
};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef};

const WASI: &str = "wasi_snapshot_preview1";
const BODY: &str = "aerocall_wasi_";
/// What the linker calls instead of a library's function; exported only because Rust exports what it does not mangle.
const WRAPPER: &str = "__wrap_";

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("adapter: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let paths: Vec<String> = env::args().skip(1).collect();
    let [input, output] = paths.as_slice() else {
        return Err("usage: adapter IN.wasm OUT.wasm".into());
    };
    let adapted = adapt(&fs::read(input).map_err(|error| format!("{input}: {error}"))?)?;
    wasmparser::validate(&adapted)?;
    Ok(fs::write(output, adapted).map_err(|error| format!("{output}: {error}"))?)
}

fn adapt(engine: &[u8]) -> Result<Vec<u8>> {
    let functions = Functions::of(engine)?;
    let mut module = Module::new();
    let mut adapter = Adapter {
        removed: functions.imports.iter().map(Option::is_some).collect(),
        renumbered: functions.renumbered()?,
    };
    adapter.parse_core_module(&mut module, Parser::new(0), engine)?;
    Ok(module.finish())
}

/// A module's functions as far as they matter here.
#[derive(Default)]
struct Functions {
    /// For each imported function, the name of the WASI function it is.
    imports: Vec<Option<String>>,
    /// The type of each function, imported ones first.
    types: Vec<u32>,
    /// The bodies by the WASI function's name.
    bodies: BTreeMap<String, u32>,
}

impl Functions {
    fn of(engine: &[u8]) -> Result<Self> {
        let mut functions = Self::default();
        for payload in Parser::new(0).parse_all(engine) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(ty) = import.ty {
                            functions
                                .imports
                                .push((import.module == WASI).then(|| import.name.to_owned()));
                            functions.types.push(ty);
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        functions.types.push(ty?);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if let (ExternalKind::Func, Some(name)) = (export.kind, export.name.strip_prefix(BODY)) {
                            functions.bodies.insert(name.to_owned(), export.index);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(functions)
    }

    /// The new index of each function.
    fn renumbered(&self) -> Result<Vec<u32>> {
        let removed_before = |index: usize| self.imports.iter().take(index).flatten().count();
        let shifted = |index: usize| (index - removed_before(index)) as u32;
        let renumber = |index: usize, ty: &u32| match self.imports.get(index) {
            Some(Some(name)) => {
                let missing = || format!("the engine imports {WASI}.{name}: write {BODY}{name} in src/wasi.rs");
                let body = *self.bodies.get(name).ok_or_else(missing)?;
                if self.types[body as usize] != *ty {
                    return Err(format!("{BODY}{name} in src/wasi.rs does not have the type of {WASI}.{name}").into());
                }
                Ok(shifted(body as usize))
            }
            _ => Ok(shifted(index)),
        };
        self.types
            .iter()
            .enumerate()
            .map(|(index, ty)| renumber(index, ty))
            .collect()
    }
}

struct Adapter {
    /// For each imported function, whether it is a WASI function.
    removed: Vec<bool>,
    /// The new index of each function.
    renumbered: Vec<u32>,
}

impl Reencode for Adapter {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, index: u32) -> std::result::Result<u32, reencode::Error> {
        Ok(self.renumbered[index as usize])
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> std::result::Result<(), reencode::Error> {
        for import in section.into_imports() {
            let import = import?;
            if import.module != WASI {
                imports.import(import.module, import.name, RoundtripReencoder.entity_type(import.ty)?);
            }
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: wasmparser::Export<'_>,
    ) -> std::result::Result<(), reencode::Error> {
        if export.name.starts_with(BODY) || export.name.starts_with(WRAPPER) {
            return Ok(());
        }
        reencode::utils::parse_export(self, exports, export)
    }

    fn parse_custom_name_subsection(
        &mut self,
        names: &mut NameSection,
        section: wasmparser::Name<'_>,
    ) -> std::result::Result<(), reencode::Error> {
        let wasmparser::Name::Function(functions) = section else {
            return reencode::utils::parse_custom_name_subsection(self, names, section);
        };
        let mut kept = NameMap::new();
        for function in functions {
            let function = function?;
            if self.removed.get(function.index as usize) != Some(&true) {
                kept.append(self.renumbered[function.index as usize], function.name);
            }
        }
        names.functions(&kept);
        Ok(())
    }
}
