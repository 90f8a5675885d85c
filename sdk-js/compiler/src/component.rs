//! Around the engine: the component that lifts and lowers, with the engine imported instead of contained.
//!
//! wit-component makes a component with the engine module inside. Here that module becomes an import, and the memory
//! module takes its place as the first instance. All of it is the same for every hook of an engine, so it is made once
//! as a [`Template`]; a hook is the template with its memory module and custom sections put in.

use wasm_encoder::{
    Component, ComponentImportSection, ComponentTypeRef, CoreTypeSection, CustomSection, InstanceSection, ModuleArg,
    RawSection,
    reencode::{Reencode, ReencodeComponent},
};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

use crate::split::{self, MEMORY_MODULE, SplitError};

/// The name under which the host offers the shared engine.
const ENGINE_IMPORT: &str = "engine";
/// wit-component puts the main module first.
const ENGINE_MODULE: u32 = 0;

type Result<T> = std::result::Result<T, SplitError>;

/// A component around a shared engine, open where the hook's memory module goes.
#[derive(Debug)]
pub(crate) struct Template {
    before: Vec<u8>,
    after: Vec<u8>,
}

impl Template {
    /// Makes the template of an engine.
    pub(crate) fn of(engine: &[u8]) -> Result<Self> {
        let contained = contained(&split::for_component(engine)?)?;
        import_engine(&contained, &split::shared(engine)?)
    }

    /// The component with this memory module and these custom sections.
    pub(crate) fn fill(&self, memory_module: &[u8], sections: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut component = self.before.clone();
        append(
            &mut component,
            &RawSection {
                id: CORE_MODULE_SECTION,
                data: memory_module,
            },
        );
        component.extend_from_slice(&self.after);
        append_custom(&mut component, sections);
        component
    }
}

/// A component around a core module, which says in its custom sections what world it was built for: an engine, or a hook
/// in a language that compiles to WebAssembly.
///
/// # Errors
/// The module imports or exports something that its world does not have.
pub fn contained(module: &[u8]) -> Result<Vec<u8>> {
    let encode = || ComponentEncoder::default().module(module)?.validate(false).encode();
    encode().map_err(|error| SplitError(format!("{error:#}")))
}

/// Adds custom sections at the end.
pub fn append_custom(component: &mut Vec<u8>, sections: &[(&str, Vec<u8>)]) {
    for (name, data) in sections {
        append(
            component,
            &CustomSection {
                name: (*name).into(),
                data: data.into(),
            },
        );
    }
}

/// Section ids of the component binary format.
const CORE_MODULE_SECTION: u8 = 1;
const COMPONENT_SECTION: u8 = 4;

fn append(component: &mut Vec<u8>, section: &impl wasm_encoder::ComponentSection) {
    section.append_to_component(component);
}

/// Replaces the first core module by an import, and instantiates the memory module before everything else.
fn import_engine(component: &[u8], shared: &[u8]) -> Result<Template> {
    let mut output = Component::new();
    let mut before = None;
    let mut modules = 0;
    let mut shift = Shift::default();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        match &payload {
            Payload::Version { .. } => continue,
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } if depth > 0 => depth += 1,
            Payload::ComponentSection { unchecked_range, .. } => {
                depth += 1;
                output.section(&RawSection {
                    id: COMPONENT_SECTION,
                    data: slice(component, unchecked_range),
                });
            }
            Payload::ModuleSection { unchecked_range, .. } => {
                depth += 1;
                match modules {
                    0 => import(&mut output, shared)?,
                    _ => drop(output.section(&RawSection {
                        id: CORE_MODULE_SECTION,
                        data: slice(component, unchecked_range),
                    })),
                }
                modules += 1;
            }
            Payload::End(_) if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            Payload::InstanceSection(section) => {
                if before.is_none() {
                    before = Some(output.as_slice().len());
                    memory_instance(&mut output, modules);
                    shift.memory_module = Some(modules);
                }
                output.section(&instances(&mut shift, section.clone())?);
            }
            Payload::ComponentAliasSection(section) => {
                let mut aliases = wasm_encoder::ComponentAliasSection::new();
                shift.parse_component_alias_section(&mut aliases, section.clone())?;
                output.section(&aliases);
            }
            Payload::CustomSection(_) => {}
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    output.section(&RawSection {
                        id,
                        data: slice(component, &range),
                    });
                }
            }
        }
    }
    let at = before.ok_or_else(|| SplitError("the component has no core instances".into()))?;
    let mut before = output.finish();
    let after = before.split_off(at);
    Ok(Template { before, after })
}

fn slice<'a>(bytes: &'a [u8], range: &std::ops::Range<usize>) -> &'a [u8] {
    &bytes[range.clone()]
}

/// `(import "engine" (core module …))`, at the index the engine module had.
fn import(output: &mut Component, shared: &[u8]) -> Result<()> {
    let mut types = CoreTypeSection::new();
    types.ty().module(&module_type(shared)?);
    let mut imports = ComponentImportSection::new();
    imports.import(ENGINE_IMPORT, ComponentTypeRef::Module(0));
    output.section(&types).section(&imports);
    Ok(())
}

/// The type of the shared engine: everything it imports and exports.
fn module_type(shared: &[u8]) -> Result<wasm_encoder::ModuleType> {
    use wasmparser::{Validator, WasmFeatures, types::EntityType};
    let types = Validator::new_with_features(WasmFeatures::default()).validate_all(shared)?;
    let core = types.as_ref();
    let imports = core
        .core_imports()
        .ok_or_else(|| SplitError("the shared engine is not a core module".into()))?;
    let exports = core
        .core_exports()
        .ok_or_else(|| SplitError("the shared engine is not a core module".into()))?;
    let mut module = wasm_encoder::ModuleType::new();
    let mut known = Vec::new();
    let mut entity = |module: &mut wasm_encoder::ModuleType, ty: EntityType| -> Result<wasm_encoder::EntityType> {
        Ok(match ty {
            EntityType::Func(id) => {
                let signature = types[id].unwrap_func();
                let index = known.iter().position(|seen| seen == signature).unwrap_or_else(|| {
                    known.push(signature.clone());
                    known.len() - 1
                });
                if index + 1 == known.len() && module.type_count() <= index as u32 {
                    let reencoded = wasm_encoder::reencode::RoundtripReencoder.func_type(signature.clone());
                    module.ty().func_type(&reencoded.map_err(SplitError::from)?);
                }
                wasm_encoder::EntityType::Function(index as u32)
            }
            EntityType::Memory(ty) => wasm_encoder::reencode::RoundtripReencoder.memory_type(ty)?.into(),
            EntityType::Table(ty) => wasm_encoder::reencode::RoundtripReencoder.table_type(ty)?.into(),
            EntityType::Global(ty) => wasm_encoder::reencode::RoundtripReencoder.global_type(ty)?.into(),
            _ => {
                return Err(SplitError(
                    "the shared engine has an import or export of an unknown kind".into(),
                ));
            }
        })
    };
    let mut imported = Vec::new();
    for (from, name, ty) in imports {
        imported.push((from.to_owned(), name.to_owned(), entity(&mut module, ty)?));
    }
    let mut exported = Vec::new();
    for (name, ty) in exports {
        exported.push((name.to_owned(), entity(&mut module, ty)?));
    }
    for (from, name, ty) in &imported {
        module.import(from, name, *ty);
    }
    for (name, ty) in &exported {
        module.export(name, *ty);
    }
    Ok(module)
}

/// The first core instance: the hook's memory.
fn memory_instance(output: &mut Component, module: u32) {
    let mut instances = InstanceSection::new();
    instances.instantiate::<[(&str, ModuleArg); 0], &str>(module, []);
    output.section(&instances);
}

/// Core instances, renumbered, with the memory handed to the engine.
fn instances(shift: &mut Shift, section: wasmparser::InstanceSectionReader<'_>) -> Result<InstanceSection> {
    let mut instances = InstanceSection::new();
    for instance in section {
        match instance? {
            wasmparser::Instance::Instantiate {
                module_index: ENGINE_MODULE,
                args,
            } => {
                let mut with: Vec<(&str, ModuleArg)> = args
                    .iter()
                    .map(|arg| (arg.name, ModuleArg::Instance(shift.instance_index(arg.index))))
                    .collect();
                with.push((MEMORY_MODULE, ModuleArg::Instance(0)));
                instances.instantiate(ENGINE_MODULE, with);
            }
            other => shift.parse_instance(&mut instances, other)?,
        }
    }
    Ok(instances)
}

/// Every core instance moves up by one: the memory comes first. So does every core module that stands behind the memory
/// module (wit-component's last one, which fills the table of imports, stands behind the engine's instance).
#[derive(Default)]
struct Shift {
    memory_module: Option<u32>,
}

impl Reencode for Shift {
    type Error = std::convert::Infallible;
}

impl ReencodeComponent for Shift {
    fn instance_index(&mut self, index: u32) -> u32 {
        index + 1
    }

    fn module_index(&mut self, index: u32) -> u32 {
        index + u32::from(self.memory_module.is_some_and(|memory| index >= memory))
    }
}
