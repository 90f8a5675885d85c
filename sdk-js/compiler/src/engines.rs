//! The JS engines this compiler knows, taken apart once per process.

use std::sync::{Arc, OnceLock};

use aerocall_runtime::EngineSource;

use crate::{
    component::Template,
    split::{self, SplitError},
};

/// Which engine a hook is built for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EngineName {
    /// QuickJS through rquickjs.
    #[default]
    QuickJs,
    /// QuickJS through javy: one release older, a smaller instance.
    Javy,
}

impl EngineName {
    /// Every engine.
    pub const ALL: &'static [Self] = &[Self::QuickJs, Self::Javy];

    /// As in `--engine` and the manifest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::QuickJs => "quickjs",
            Self::Javy => "javy",
        }
    }

    fn wasm(self) -> &'static [u8] {
        match self {
            Self::QuickJs => include_bytes!("../../engine/dist/quickjs.wasm"),
            Self::Javy => include_bytes!("../../engine/dist/javy.wasm"),
        }
    }

    /// The engine, taken apart on first use.
    ///
    /// # Errors
    /// Never for the engines in this build; the type says that the split can refuse.
    pub fn engine(self) -> Result<&'static Engine, SplitError> {
        static QUICKJS: OnceLock<Engine> = OnceLock::new();
        static JAVY: OnceLock<Engine> = OnceLock::new();
        let slot = match self {
            Self::QuickJs => &QUICKJS,
            Self::Javy => &JAVY,
        };
        if let Some(engine) = slot.get() {
            return Ok(engine);
        }
        let engine = Engine::new(self)?;
        Ok(slot.get_or_init(|| engine))
    }
}

impl std::str::FromStr for EngineName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .copied()
            .find(|engine| engine.as_str() == name)
            .ok_or_else(|| {
                let known: Vec<&str> = Self::ALL.iter().map(|engine| engine.as_str()).collect();
                format!("there is no engine `{name}`; there are: {}", known.join(", "))
            })
    }
}

/// An engine in the parts the compiler works with.
#[derive(Debug)]
pub struct Engine {
    pub(crate) name: EngineName,
    /// As built: memory and data in place.
    pub(crate) full: &'static [u8],
    /// With mutable globals exported: what evaluates modules at build.
    pub(crate) observable: Vec<u8>,
    pub(crate) template: Template,
    pub(crate) memory: wasm_encoder::MemoryType,
    /// The mutable globals as the module declares them; a snapshot must leave them so.
    pub(crate) initial_globals: Vec<u64>,
    shared: Arc<[u8]>,
    digest: String,
}

impl Engine {
    fn new(name: EngineName) -> Result<Self, SplitError> {
        let full = name.wasm();
        let shared: Arc<[u8]> = split::shared(full)?.into();
        Ok(Self {
            name,
            full,
            observable: split::observable(full)?,
            template: Template::of(full)?,
            memory: split::memory_type(full)?,
            initial_globals: split::initial_globals(full)?,
            digest: aerocall_runtime::digest(&shared),
            shared,
        })
    }

    /// `sha256:…` over the shared engine module; a hook names it in its manifest.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What a host needs to run hooks of this engine.
    #[must_use]
    pub fn source(&self) -> EngineSource {
        EngineSource {
            name: self.name.as_str().to_owned(),
            module: self.shared.clone(),
        }
    }
}
