//! What a module or a component says of itself, read from its bytes: custom sections, imports, languages. Makes a component of a
//! core module.

use std::collections::BTreeSet;

use aerocall_compiler::{contained, diagnostics::Diagnostic};
use aerocall_runtime::digest;
use wasmparser::{ComponentTypeRef, Encoding, KnownCustom, Parser, Payload};

use crate::{Hook, Result, problem_codes};

/// The section in which the crate `aerocall-hooks` lists handlers.
const HANDLERS: &str = "aerocall:hooks";
/// The first bytes of a module or component.
const MAGIC: &[u8] = b"\0asm";
const MANIFEST: &str = "aerocall:manifest";
/// The namespace of the hooks world.
const WORLD: &str = "aerocall:hooks/";
/// Language of which a component says nothing.
const NO_LANGUAGE: &str = "wasm";
/// Longest name of a language in a manifest.
const MAX_LANGUAGE: usize = 32;

/// A component of another language, without manifest.
pub(crate) struct Module {
    pub(crate) component: Vec<u8>,
    /// Of what the tool made, before anything was added.
    pub(crate) digest: String,
    /// What `aerocall:hooks` says, one JSON object a line.
    pub(crate) handlers: String,
    /// The interfaces of the hooks world that it imports, without version.
    pub(crate) interfaces: BTreeSet<String>,
    languages: Vec<String>,
}

/// What is read in one pass.
#[derive(Default)]
struct Read {
    is_component: bool,
    handlers: Vec<u8>,
    has_manifest: bool,
    interfaces: BTreeSet<String>,
    /// Of the interfaces.
    version: Option<String>,
    languages: Vec<String>,
}

impl Module {
    /// Reads what a tool made.
    pub(crate) fn of(hook: &Hook<'_>, bytes: &[u8]) -> Result<Self> {
        let not_a_hook = |message: String| Diagnostic::about_file(problem_codes::NOT_A_HOOK, message, hook.path);
        if !bytes.starts_with(MAGIC) {
            return Err(not_a_hook("the file is not WebAssembly: its first bytes are not `\\0asm`".to_owned()).into());
        }
        let read = read(bytes).map_err(|error| not_a_hook(format!("the file is damaged: {error}")))?;
        let component = match read.is_component {
            true => bytes.to_vec(),
            false => contained(bytes).map_err(|error| {
                not_a_hook(format!("no component can be made of the module: {error}")).hint(
                    "build it with the bindings of wit/: a module says in its custom sections which world it is for",
                )
            })?,
        };
        // The encoder leaves out what the module does not use.
        let interfaces = match read.is_component {
            true => read.interfaces,
            false => self::read(&component).map(|read| read.interfaces).unwrap_or_default(),
        };
        Ok(Self {
            component,
            digest: digest(bytes),
            handlers: String::from_utf8_lossy(&read.handlers).into_owned(),
            interfaces,
            languages: read.languages,
        })
    }

    /// The language that it was written in, as a manifest has it.
    pub(crate) fn language(&self) -> String {
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+#.-".contains(c);
        let mut names = self.languages.iter().map(|name| name.to_ascii_lowercase());
        let found = names.find(|name| (1..=MAX_LANGUAGE).contains(&name.len()) && name.chars().all(legal));
        found.unwrap_or_else(|| NO_LANGUAGE.to_owned())
    }
}

/// The version of the contract that a component without manifest was built against, as a manifest has it.
#[must_use]
pub fn contract_of(component: &[u8]) -> Option<String> {
    let version = read(component).ok()?.version?;
    Some(format!("{}@{version}", WORLD.trim_end_matches('/')))
}

/// Whether somebody made a bundle of a component already.
pub(crate) fn has_manifest(bytes: &[u8]) -> bool {
    read(bytes).is_ok_and(|read| read.has_manifest)
}

fn read(bytes: &[u8]) -> std::result::Result<Read, wasmparser::BinaryReaderError> {
    let mut read = Read::default();
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::Version { encoding, .. } if depth == 0 => read.is_component = encoding == Encoding::Component,
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    let import = import?;
                    read.import(import.name.name, &import.ty);
                }
            }
            Payload::CustomSection(section) => match section.name() {
                // The core module of a component that a linker made has it inside.
                HANDLERS => read.handlers.extend(section.data()),
                MANIFEST => read.has_manifest |= depth == 0,
                _ => {
                    if let KnownCustom::Producers(producers) = section.as_known() {
                        read.producers(producers)?;
                    }
                }
            },
            _ => {}
        }
    }
    Ok(read)
}

impl Read {
    fn import(&mut self, name: &str, ty: &ComponentTypeRef) {
        // A type that is equal to one of an interface gives the component nothing to call.
        let is_called = !matches!(ty, ComponentTypeRef::Type(_));
        let Some((interface, version)) = name.strip_prefix(WORLD).and_then(|rest| rest.split_once('@')) else {
            return;
        };
        self.version.get_or_insert_with(|| version.to_owned());
        if is_called {
            self.interfaces.insert(interface.to_owned());
        }
    }

    fn producers(&mut self, section: wasmparser::ProducersSectionReader<'_>) -> wasmparser::Result<()> {
        for field in section {
            let field = field?;
            if field.name == "language" {
                for value in field.values {
                    self.languages.push(value?.name.to_owned());
                }
            }
        }
        Ok(())
    }
}
