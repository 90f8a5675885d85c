//! What every bundle passes before anything is compiled: is it a component of our world, for an engine we know?

use aerocall_contract::{
    Capability,
    errors::{self, Code},
};
use sha2::{Digest, Sha256};
use wasmparser::{ComponentExternalKind, Encoding, Parser, Payload};

use super::imports::{self, Imports};
use crate::{LoadError, Manifest};

/// Largest bundle, in bytes.
pub(crate) const BUNDLE_BYTES: usize = 16 << 20;
/// Largest manifest, in bytes.
const MANIFEST_BYTES: usize = 64 << 10;
/// The one export of the world, without its release.
const EXPORT: &str = "aerocall:hooks/hooks";
/// The name under which a hook imports the JS engine it shares.
pub(crate) const ENGINE_IMPORT: &str = "engine";

/// Custom sections of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Manifest,
    SourceMap,
    /// The author's files.
    Source,
    /// What else a build of them needs.
    BuildInputs,
}

impl Section {
    /// The section's name in the file.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Manifest => "aerocall:manifest",
            Self::SourceMap => "aerocall:source-map",
            Self::Source => "aerocall:source",
            Self::BuildInputs => "aerocall:build-inputs",
        }
    }
}

/// A bundle that passed.
pub(crate) struct Checked {
    pub(crate) manifest: Manifest,
    pub(crate) digest: String,
    pub(crate) imports: Imports,
}

/// Checks a bundle. Cheap: one pass over the section headers.
pub(crate) fn check(bytes: &[u8]) -> Result<Checked, LoadError> {
    check_size(bytes)?;
    check_magic(bytes)?;
    let shape = shape(bytes)?;
    if !shape.exports_hooks {
        return refuse(
            errors::WRONG_WORLD,
            format!(
                "the component does not export `{EXPORT}@{}`: build it against wit/ of this version",
                imports::release()
            ),
        );
    }
    let manifest = shape.manifest.ok_or_else(|| LoadError {
        code: errors::BAD_MANIFEST,
        message: format!(
            "the component has no `{}` section: build it with `aerocall build`",
            Section::Manifest.name()
        ),
    })?;
    check_manifest(&manifest, &shape.imports).map_err(|message| LoadError {
        code: errors::BAD_MANIFEST,
        message,
    })?;
    Ok(Checked {
        manifest,
        digest: digest(bytes),
        imports: shape.imports,
    })
}

/// What a component with code of its own says of itself, beside what it imports. One that shares an engine, or brings the same,
/// imports all that the engine can; its calls are checked one by one.
fn check_manifest(manifest: &Manifest, imports: &Imports) -> Result<(), String> {
    if imports.engine || manifest.engine.is_some() {
        return Ok(());
    }
    manifest.check_language()?;
    let undeclared =
        |capability: &Capability| imports.interfaces.contains(capability.name()) && !manifest.declares(*capability);
    match Capability::ALL.iter().find(|one| undeclared(one)) {
        None => Ok(()),
        Some(capability) => Err(format!(
            "the component imports `aerocall:hooks/{capability}`, which its manifest does not declare: add `{}` to its capabilities, \
             or build without what calls it",
            match capability.part() {
                Some(part) => format!("{capability}:<{}>", part.trim_start_matches("the ")),
                None => capability.to_string(),
            }
        )),
    }
}

/// The name of a component or engine: `sha256:` and 64 hex digits over its bytes (SHA-256, FIPS 180-4). Whoever names one
/// calls this, so that all agree.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// The contents of a custom section, if the component has it.
pub(crate) fn section(bytes: &[u8], wanted: Section) -> Option<&[u8]> {
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.ok()? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(custom) if depth == 0 && custom.name() == wanted.name() => {
                return Some(custom.data());
            }
            _ => {}
        }
    }
    None
}

fn refuse<T>(code: Code, message: String) -> Result<T, LoadError> {
    Err(LoadError { code, message })
}

fn check_size(bytes: &[u8]) -> Result<(), LoadError> {
    if bytes.len() > BUNDLE_BYTES {
        return refuse(
            errors::TOO_LARGE,
            format!("the bundle has {} bytes, the limit is {BUNDLE_BYTES}", bytes.len()),
        );
    }
    Ok(())
}

/// The first eight bytes say what a file is.
fn check_magic(bytes: &[u8]) -> Result<(), LoadError> {
    if bytes.starts_with(b"\x7fELF") {
        return refuse(
            errors::PRECOMPILED_ARTIFACT,
            "a compiled artefact is never accepted: upload the `.wasm` component".into(),
        );
    }
    let Some((magic, version)) = bytes.split_first_chunk::<4>().filter(|(magic, _)| *magic == b"\0asm") else {
        return match b"\0asm".starts_with(bytes) && !bytes.is_empty() {
            true => refuse(errors::TRUNCATED, format!("the file ends after {} bytes", bytes.len())),
            false => refuse(
                errors::NOT_A_COMPONENT,
                "the file is not WebAssembly: its first bytes are not `\\0asm`".into(),
            ),
        };
    };
    let _ = magic;
    match version.get(..4) {
        None => refuse(errors::TRUNCATED, format!("the file ends after {} bytes", bytes.len())),
        Some(&[1, 0, 0, 0]) => refuse(
            errors::CORE_MODULE,
            "this is a core WebAssembly module, not a component: build it with `aerocall build` or `wasm-tools component new`".into(),
        ),
        Some(_) => Ok(()),
    }
}

#[derive(Default)]
struct Shape {
    manifest: Option<Manifest>,
    exports_hooks: bool,
    imports: Imports,
}

fn shape(bytes: &[u8]) -> Result<Shape, LoadError> {
    let mut shape = Shape::default();
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(malformed)? {
            Payload::Version {
                encoding: Encoding::Module,
                ..
            } if depth == 0 => {
                return refuse(
                    errors::CORE_MODULE,
                    "this is a core WebAssembly module, not a component".into(),
                );
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    let import = import.map_err(malformed)?;
                    shape.imports.take(import.name.name, &import.ty)?;
                }
            }
            Payload::ComponentExportSection(exports) if depth == 0 => {
                for export in exports {
                    let export = export.map_err(malformed)?;
                    shape.exports_hooks |= is_entry(export.name.name, export.kind)?;
                }
            }
            Payload::CustomSection(custom) if depth == 0 && custom.name() == Section::Manifest.name() => {
                if shape.manifest.is_some() {
                    return refuse(errors::BAD_MANIFEST, "the component has two manifests".into());
                }
                shape.manifest = Some(manifest(custom.data())?);
            }
            _ => {}
        }
    }
    Ok(shape)
}

/// Whether this is how hooks are called, in a release that this host has.
fn is_entry(name: &str, kind: ComponentExternalKind) -> Result<bool, LoadError> {
    match name.split_once('@') {
        Some((EXPORT, version)) if kind == ComponentExternalKind::Instance => {
            imports::check_release(name, version).map(|()| true)
        }
        _ => Ok(false),
    }
}

fn manifest(json: &[u8]) -> Result<Manifest, LoadError> {
    if json.len() > MANIFEST_BYTES {
        return refuse(
            errors::BAD_MANIFEST,
            format!("the manifest has {} bytes, the limit is {MANIFEST_BYTES}", json.len()),
        );
    }
    let manifest: Manifest = serde_json::from_slice(json).map_err(|error| LoadError {
        code: errors::BAD_MANIFEST,
        message: format!("the manifest cannot be read: {error}"),
    })?;
    if manifest.format != 1 {
        return refuse(
            errors::BAD_MANIFEST,
            format!("manifest format {} is newer than this host: update it", manifest.format),
        );
    }
    Ok(manifest)
}

fn malformed(error: wasmparser::BinaryReaderError) -> LoadError {
    let text = error.to_string();
    let truncated = text.contains("unexpected end");
    LoadError {
        code: if truncated {
            errors::TRUNCATED
        } else {
            errors::NOT_A_COMPONENT
        },
        message: match truncated {
            true => format!("the file is cut off: {text}"),
            false => format!("the file is damaged: {text}"),
        },
    }
}
