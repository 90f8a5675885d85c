//! Takes an engine module apart: what all hooks share, and what each hook brings.
//!
//! An engine's code never changes; only its memory does. So the engine is compiled once per host with its memory
//! imported, and a hook is a small module that owns the memory and its contents (the snapshot). Two mutable places
//! besides memory, globals and tables, must be as they were: [`Engine::new`](crate::engines::Engine) compares them.

use wasm_encoder::{
    ConstExpr, DataSection, EntityType, ExportKind, ExportSection, ImportSection, MemorySection, MemoryType, Module,
    RawSection,
    reencode::{Reencode, RoundtripReencoder},
};
use wasmparser::{ExternalKind, Parser, Payload};

/// Import and export names between the two modules.
pub(crate) const MEMORY_MODULE: &str = "aerocall:memory";
pub(crate) const MEMORY: &str = "memory";
/// Exports that only the compiler uses.
const BUILD_EXPORTS: &str = "aerocall_";
/// Runs of zeros shorter than this are cheaper as data than as a new segment.
const GAP_BYTES: usize = 64;
/// A wasm page.
pub(crate) const PAGE_BYTES: usize = 65_536;

/// The engine was not built the way the split relies on.
#[derive(Debug, thiserror::Error)]
#[error("the engine module cannot be split: {0}")]
pub struct SplitError(pub(crate) String);

type Result<T> = std::result::Result<T, SplitError>;

impl From<wasmparser::BinaryReaderError> for SplitError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self(error.to_string())
    }
}

impl From<wasm_encoder::reencode::Error> for SplitError {
    fn from(error: wasm_encoder::reencode::Error) -> Self {
        Self(error.to_string())
    }
}

/// The engine with its mutable globals exported as `aerocall_global_0`, …, so that the compiler can compare them.
pub(crate) fn observable(engine: &[u8]) -> Result<Vec<u8>> {
    let globals = mutable_globals(engine)?;
    rewrite(engine, |payload, module| match payload {
        Payload::ExportSection(section) => {
            let mut exports = ExportSection::new();
            RoundtripReencoder.parse_export_section(&mut exports, section.clone())?;
            for (number, index) in globals.iter().enumerate() {
                exports.export(&format!("aerocall_global_{number}"), ExportKind::Global, *index);
            }
            module.section(&exports);
            Ok(Rewritten::Done)
        }
        _ => Ok(Rewritten::Keep),
    })
}

/// The engine without memory and data: what every hook shares.
pub(crate) fn shared(engine: &[u8]) -> Result<Vec<u8>> {
    let memory = memory_type(engine)?;
    rewrite(engine, |payload, module| match payload {
        Payload::ImportSection(section) => {
            let mut imports = ImportSection::new();
            RoundtripReencoder.parse_import_section(&mut imports, section.clone())?;
            // Whatever the snapshot's size, it fits: a smaller minimum accepts every larger memory.
            let imported = MemoryType {
                minimum: 1,
                maximum: memory.maximum,
                ..memory
            };
            imports.import(MEMORY_MODULE, MEMORY, EntityType::Memory(imported));
            module.section(&imports);
            Ok(Rewritten::Done)
        }
        Payload::MemorySection(_) | Payload::DataSection(_) | Payload::DataCountSection { .. } => Ok(Rewritten::Done),
        Payload::ExportSection(section) => {
            module.section(&call_exports(section.clone())?);
            Ok(Rewritten::Done)
        }
        Payload::CustomSection(_) => Ok(Rewritten::Done),
        _ => Ok(Rewritten::Keep),
    })
}

/// The engine as wit-component needs it: the world's exports, the contract's custom section, memory in place.
pub(crate) fn for_component(engine: &[u8]) -> Result<Vec<u8>> {
    rewrite(engine, |payload, module| match payload {
        Payload::ExportSection(section) => {
            module.section(&call_exports(section.clone())?);
            Ok(Rewritten::Done)
        }
        _ => Ok(Rewritten::Keep),
    })
}

/// The engine with a snapshot in place of its own memory: a hook that needs no shared engine.
pub(crate) fn self_contained(engine: &[u8], snapshot: &[u8]) -> Result<Vec<u8>> {
    let memory = memory_type(engine)?;
    rewrite(engine, |payload, module| match payload {
        Payload::MemorySection(_) => {
            module.section(&memory_section(memory, snapshot));
            Ok(Rewritten::Done)
        }
        Payload::DataSection(_) => {
            module.section(&data_section(snapshot));
            Ok(Rewritten::Done)
        }
        Payload::DataCountSection { .. } => Ok(Rewritten::Done),
        Payload::ExportSection(section) => {
            module.section(&call_exports(section.clone())?);
            Ok(Rewritten::Done)
        }
        _ => Ok(Rewritten::Keep),
    })
}

/// The module that owns the memory and its contents.
pub(crate) fn memory_module(memory: MemoryType, snapshot: &[u8]) -> Vec<u8> {
    let mut exports = ExportSection::new();
    exports.export(MEMORY, ExportKind::Memory, 0);
    let mut module = Module::new();
    module
        .section(&memory_section(memory, snapshot))
        .section(&exports)
        .section(&data_section(snapshot));
    module.finish()
}

/// The engine's memory as declared.
pub(crate) fn memory_type(engine: &[u8]) -> Result<MemoryType> {
    for payload in Parser::new(0).parse_all(engine) {
        if let Payload::MemorySection(section) = payload? {
            let mut memories = section.into_iter();
            let memory = memories.next().ok_or_else(|| SplitError("it has no memory".into()))??;
            if memories.next().is_some() || memory.memory64 || memory.shared {
                return Err(SplitError("it needs one plain 32-bit memory".into()));
            }
            return Ok(RoundtripReencoder.memory_type(memory)?);
        }
    }
    Err(SplitError("it has no memory".into()))
}

fn memory_section(memory: MemoryType, snapshot: &[u8]) -> MemorySection {
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: snapshot.len().div_ceil(PAGE_BYTES) as u64,
        ..memory
    });
    memories
}

/// The snapshot's bytes that are not zero, in as few segments as make sense.
fn data_section(snapshot: &[u8]) -> DataSection {
    let mut data = DataSection::new();
    let mut at = 0;
    while let Some(start) = snapshot[at..].iter().position(|byte| *byte != 0).map(|skip| at + skip) {
        let end = end_of_run(snapshot, start);
        data.active(
            0,
            &ConstExpr::i32_const(start as i32),
            snapshot[start..end].iter().copied(),
        );
        at = end;
    }
    data
}

fn end_of_run(snapshot: &[u8], start: usize) -> usize {
    let mut end = start + 1;
    for (index, byte) in snapshot.iter().enumerate().skip(start + 1) {
        if *byte != 0 {
            end = index + 1;
        } else if index - end >= GAP_BYTES {
            break;
        }
    }
    end
}

fn call_exports(section: wasmparser::ExportSectionReader<'_>) -> Result<ExportSection> {
    let mut exports = ExportSection::new();
    for export in section {
        let export = export?;
        if !export.name.starts_with(BUILD_EXPORTS) {
            RoundtripReencoder.parse_export(&mut exports, export)?;
        }
    }
    Ok(exports)
}

/// Indices of the mutable globals. All of an engine's globals are its own.
fn mutable_globals(engine: &[u8]) -> Result<Vec<u32>> {
    let mut mutable = Vec::new();
    for payload in Parser::new(0).parse_all(engine) {
        match payload? {
            Payload::GlobalSection(section) => {
                for (index, global) in section.into_iter().enumerate() {
                    if global?.ty.mutable {
                        mutable.push(index as u32);
                    }
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if matches!(export.kind, ExternalKind::Global) && mutable.contains(&export.index) {
                        return Err(SplitError(format!("it exports the mutable global `{}`", export.name)));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(mutable)
}

/// Initial values of the mutable globals, in the order of the exports that [`observable`] adds.
pub(crate) fn initial_globals(engine: &[u8]) -> Result<Vec<u64>> {
    let mut values = Vec::new();
    for payload in Parser::new(0).parse_all(engine) {
        let Payload::GlobalSection(section) = payload? else {
            continue;
        };
        for global in section {
            let global = global?;
            if global.ty.mutable {
                values.push(constant(&global.init_expr)?);
            }
        }
    }
    Ok(values)
}

fn constant(init: &wasmparser::ConstExpr<'_>) -> Result<u64> {
    match init.get_operators_reader().read()? {
        wasmparser::Operator::I32Const { value } => Ok(u64::from(value as u32)),
        wasmparser::Operator::I64Const { value } => Ok(value as u64),
        other => Err(SplitError(format!("a mutable global starts as {other:?}"))),
    }
}

/// What a rewrite did with a section.
enum Rewritten {
    /// Copy it as it stands.
    Keep,
    /// It was written, or left out.
    Done,
}

/// Copies a module section by section.
fn rewrite(engine: &[u8], mut edit: impl FnMut(&Payload<'_>, &mut Module) -> Result<Rewritten>) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(engine) {
        let payload = payload?;
        if let Rewritten::Done = edit(&payload, &mut module)? {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection {
                id,
                data: &engine[range.start..range.end],
            });
        }
    }
    Ok(module.finish())
}
