//! Components made by hand: what no compiler writes.

use wasm_encoder::{
    CodeSection, Component, ComponentExportKind, ComponentExportSection, ComponentImportSection,
    ComponentInstanceSection, ComponentTypeRef, ComponentTypeSection, ComponentValType, CustomSection, ExportKind,
    ExportSection, Function, FunctionSection, HeapType, InstanceType, MemorySection, MemoryType, Module,
    PrimitiveValType, RefType, TableSection, TableType, TypeSection, ValType,
};
use wasmparser::{Parser, Payload};

use crate::guest::{self, PLAIN, component, fixture, manifest};

/// A component that imports one interface, with one function in it or none, and exports an instance of a name.
pub(crate) fn pretender(import: &str, function: Option<&str>, export: &str) -> Vec<u8> {
    let mut component = Component::new();
    let mut instance = InstanceType::new();
    if let Some(name) = function {
        let mut ty = instance.ty().function();
        ty.params([("key", ComponentValType::Primitive(PrimitiveValType::String))])
            .result(None);
        instance.export(name, ComponentTypeRef::Func(0));
    }
    let mut types = ComponentTypeSection::new();
    types.instance(&instance);
    let mut imports = ComponentImportSection::new();
    imports.import(import, ComponentTypeRef::Instance(0));
    let mut instances = ComponentInstanceSection::new();
    instances.export_items::<&str, [(&str, ComponentExportKind, u32); 0]>([]);
    let mut exports = ComponentExportSection::new();
    exports.export(export, ComponentExportKind::Instance, 1, None);
    component
        .section(&types)
        .section(&imports)
        .section(&instances)
        .section(&exports);
    component.finish()
}

/// A hook whose table grows until it cannot, which it takes for a reason to stop.
pub(crate) fn table_grower() -> Vec<u8> {
    let mut body = Function::new([]);
    body.instructions()
        .loop_(wasm_encoder::BlockType::Empty)
        .ref_null(HeapType::FUNC)
        .i32_const(1_000)
        .table_grow(0)
        .i32_const(-1)
        .i32_ne()
        .br_if(0)
        .end()
        .unreachable()
        .end();
    hook(&[table(1)], 1, &body)
}

/// Hooks that ask for more than there is before they run.
pub(crate) fn too_much() -> Vec<(&'static str, Vec<u8>)> {
    let mut body = Function::new([]);
    body.instructions().unreachable().end();
    vec![
        ("a table of 30,000", hook(&[table(30_000)], 1, &body)),
        ("five tables", hook(&[table(1); 5], 1, &body)),
        ("100 MiB of memory", hook(&[], 1_600, &body)),
    ]
}

fn table(minimum: u64) -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum,
        maximum: None,
        shared: false,
    }
}

/// A hook of one function, with these tables and so many pages of memory.
fn hook(tables: &[TableType], pages: u64, body: &Function) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32; 4], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0).function(1);
    let mut table_section = TableSection::new();
    for table in tables {
        table_section.table(*table);
    }
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: pages,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports
        .export("memory", ExportKind::Memory, 0)
        .export("aerocall:hooks/hooks@0.1.0#handle", ExportKind::Func, 0)
        .export("cabi_realloc", ExportKind::Func, 1);
    // Everything it is given lies in the same place, which it never looks at.
    let mut realloc = Function::new([]);
    realloc.instructions().i32_const(1_024).end();
    let mut code = CodeSection::new();
    code.function(body).function(&realloc);
    let mut module = Module::new();
    module.section(&types).section(&functions);
    if !tables.is_empty() {
        module.section(&table_section);
    }
    module.section(&memories).section(&exports).section(&code);
    let (name, data) = world();
    module.section(&CustomSection {
        name: name.as_str().into(),
        data: data.as_slice().into(),
    });
    guest::bundle(&component(&module.finish()), &manifest())
}

/// What the guest says of its world to whoever makes a component of it.
fn world() -> (String, Vec<u8>) {
    let guest = fixture(PLAIN);
    let sections = Parser::new(0)
        .parse_all(&guest)
        .filter_map(|payload| match payload.unwrap() {
            Payload::CustomSection(section) if section.name().starts_with("component-type") => {
                Some((section.name().to_owned(), section.data().to_vec()))
            }
            _ => None,
        });
    sections.last().unwrap()
}
