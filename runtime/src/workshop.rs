//! Build time: runs a JS engine once, hands it a module to evaluate, and reads its memory. The compiler turns that
//! into a hook. Same engine settings as for calls, its own limits, no host to ask: every import traps.

use std::path::Path;

use wasmtime::{Engine, Instance, Linker, Memory, Module, ResourceLimiter, Store, Trap, TypedFunc};

use crate::{
    artifact::{self, ArtifactCache, Kind},
    engine::{self, Purpose},
};

/// Fuel for evaluating a module: a few seconds of work.
const FUEL: u64 = 20_000_000_000;
/// Linear memory for evaluating a module.
const MEMORY_BYTES: usize = 64 << 20;

/// A JS engine, compiled and ready to evaluate modules.
pub struct Workshop {
    engine: Engine,
    module: Module,
}

impl std::fmt::Debug for Workshop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workshop").finish_non_exhaustive()
    }
}

/// What was left after evaluating a module.
#[derive(Debug)]
pub struct Evaluated {
    /// The engine's report: JSON.
    pub report: String,
    /// All of linear memory.
    pub memory: Vec<u8>,
    /// The mutable globals, in order of the exports `aerocall_global_0`, … .
    pub globals: Vec<u64>,
}

/// Why evaluating a module did not end well. What JavaScript threw is not here: it is in the report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkshopError {
    /// It runs for too long.
    #[error("evaluating the module takes too long: an endless loop at top level?")]
    OutOfFuel,
    /// It needs too much memory.
    #[error("evaluating the module needs more than {limit} bytes of memory")]
    OutOfMemory {
        /// The limit.
        limit: usize,
    },
    /// The code is nested deeper than the engine can follow.
    #[error("the module is nested too deeply for the engine, or recurses without end while it is loaded")]
    OutOfStack,
    /// Anything else.
    #[error("{0}")]
    Engine(String),
}

impl Workshop {
    /// Compiles the engine, or takes it from `cache_dir`.
    ///
    /// # Errors
    /// When the module is not an engine or the directory cannot be used.
    pub fn open(engine_module: &[u8], cache_dir: &Path) -> Result<Self, WorkshopError> {
        let engine = engine::engine(Purpose::Workshop).map_err(engine_error)?;
        // It keeps no hooks there.
        let cache = ArtifactCache::open(cache_dir, engine::compatibility(&engine), 0).map_err(|error| {
            WorkshopError::Engine(format!(
                "the cache directory {} cannot be used: {error}",
                cache_dir.display()
            ))
        })?;
        let digest = artifact::digest(engine_module);
        let file = match cache.get(Kind::Workshop, &digest) {
            Some(file) => file,
            None => {
                let code = engine.precompile_module(engine_module).map_err(engine_error)?;
                cache
                    .put(Kind::Workshop, &digest, &code)
                    .map_err(|error| WorkshopError::Engine(error.to_string()))?
            }
        };
        // SAFETY: the cache checked the MAC of exactly this open file, and only this host's compiler holds the key.
        let module = unsafe { Module::deserialize_open_file(&engine, file) }.map_err(engine_error)?;
        Ok(Self { engine, module })
    }

    /// Evaluates a module in a fresh engine. `positions` says where its code stands in the author's files, in the
    /// format of the engine's `aerocall_positions`.
    ///
    /// # Errors
    /// [`WorkshopError`] when it does not end within its limits.
    pub fn evaluate(&self, source: &str, positions: &[u8]) -> Result<Evaluated, WorkshopError> {
        let mut store = Store::new(&self.engine, Limiter::default());
        store.limiter(|limiter| limiter);
        store.set_fuel(FUEL).map_err(engine_error)?;
        match self.run(&mut store, source, positions) {
            Ok(evaluated) => Ok(evaluated),
            Err(_) if store.data().refused => Err(WorkshopError::OutOfMemory { limit: MEMORY_BYTES }),
            Err(error) if error.downcast_ref() == Some(&Trap::OutOfFuel) => Err(WorkshopError::OutOfFuel),
            Err(error) if error.downcast_ref() == Some(&Trap::StackOverflow) => Err(WorkshopError::OutOfStack),
            Err(error) => Err(engine_error(error)),
        }
    }

    fn run(&self, store: &mut Store<Limiter>, source: &str, positions: &[u8]) -> wasmtime::Result<Evaluated> {
        let mut linker = Linker::new(&self.engine);
        linker.define_unknown_imports_as_traps(&self.module)?;
        let instance = linker.instantiate(&mut *store, &self.module)?;
        let memory = instance
            .get_memory(&mut *store, "memory")
            .ok_or_else(|| wasmtime::Error::msg("the engine exports no memory"))?;
        let alloc: TypedFunc<u32, u32> = instance.get_typed_func(&mut *store, "aerocall_alloc")?;
        let prepare: TypedFunc<(u32, u32), u32> = instance.get_typed_func(&mut *store, "aerocall_prepare")?;
        let place: TypedFunc<(u32, u32), ()> = instance.get_typed_func(&mut *store, "aerocall_positions")?;
        let give = |store: &mut Store<Limiter>, bytes: &[u8]| -> wasmtime::Result<(u32, u32)> {
            let length = u32::try_from(bytes.len())?;
            let at = alloc.call(&mut *store, length)?;
            memory.write(&mut *store, at as usize, bytes)?;
            Ok((at, length))
        };
        let given = give(store, positions)?;
        place.call(&mut *store, given)?;
        let given = give(store, source.as_bytes())?;
        let answer = prepare.call(&mut *store, given)?;
        let report = read_report(&memory, store, answer as usize)?;
        Ok(Evaluated {
            report,
            globals: globals(&instance, store)?,
            memory: memory.data(&store).to_vec(),
        })
    }
}

fn read_report(memory: &Memory, store: &mut Store<Limiter>, at: usize) -> wasmtime::Result<String> {
    let mut length = [0; 4];
    memory.read(&mut *store, at, &mut length)?;
    let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
    memory.read(&mut *store, at + 4, &mut bytes)?;
    Ok(String::from_utf8(bytes)?)
}

fn globals(instance: &Instance, store: &mut Store<Limiter>) -> wasmtime::Result<Vec<u64>> {
    let mut values = Vec::new();
    while let Some(global) = instance.get_global(&mut *store, &format!("aerocall_global_{}", values.len())) {
        values.push(match global.get(&mut *store) {
            wasmtime::Val::I32(value) => u64::from(value as u32),
            wasmtime::Val::I64(value) => value as u64,
            other => {
                return Err(wasmtime::Error::msg(format!(
                    "the engine has a global of type {:?}",
                    other.ty(&store)?
                )));
            }
        });
    }
    Ok(values)
}

fn engine_error(error: wasmtime::Error) -> WorkshopError {
    WorkshopError::Engine(format!("{error:#}"))
}

/// Bounds the memory of an evaluation.
#[derive(Default)]
struct Limiter {
    refused: bool,
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        if desired > MEMORY_BYTES {
            self.refused = true;
            return Err(wasmtime::Error::msg("out of memory"));
        }
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= 20_000)
    }
}
