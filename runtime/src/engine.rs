//! One wasmtime engine per process: every setting, and why it is so. Figures: docs/performance.md.

use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Strategy};

use crate::{
    Limits,
    address_space::{GUARD_BYTES, RESERVED_BYTES},
};

/// Memory that a slot keeps mapped between calls. Page faults are what a call costs most: with 0 every page a hook
/// touches is faulted in again. 2 MiB covers what the usual hook dirties.
const KEEP_RESIDENT_BYTES: usize = 2 << 20;
/// The same for tables and fiber stacks.
const KEEP_RESIDENT_SMALL_BYTES: usize = 64 << 10;
/// Image of a memory that is kept whole even where most of it is zeros: what the usual snapshot has. A larger one has to be
/// at least half full, so that a component of a few bytes does not ask for much room on disk.
pub(crate) const DENSE_IMAGE_BYTES: u64 = 4 << 20;
/// Fuel after which a hook hands its thread back: the granularity of deadlines and of letting other requests run. About
/// a tenth of a millisecond of work: a request meets a busy thread at every step, and waits there for whoever runs.
pub(crate) const YIELD_FUEL: u64 = 1_000_000;
/// Native stack for wasm. QuickJS stops at its own limit, which counts another stack (the one in linear memory); its
/// parsers use five times as much of this one. So this is the wall behind it, far enough not to be met.
const WASM_STACK_BYTES: usize = 6 << 20;
/// The fiber: wasm's stack and what host functions need on top.
const FIBER_STACK_BYTES: usize = WASM_STACK_BYTES + (1 << 20);

/// Which kind of process the engine is for. Both compile to the same code; only memory is laid out differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Calls hooks: instances come from a pool of this many.
    Calls {
        /// Instances that may be alive at the same time.
        max_instances: u32,
    },
    /// Compiles or snapshots in a process with little memory: no pool is reserved.
    Workshop,
}

/// Makes the engine.
pub(crate) fn engine(purpose: Purpose) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    // Winch is not covered by the same promises as Cranelift when the code is hostile.
    config
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed);
    // Fuel bounds work and is the same on every run. It also makes a hook yield every so often, where its deadline is
    // looked at; a second kind of check (epochs) would cost another tenth and find nothing more, since fuel is charged
    // for every branch, call and byte of a bulk operation.
    config.consume_fuel(true);
    // Hooks need none of these, and each is surface. Threads and GC are not even compiled in.
    config.wasm_memory64(false).wasm_multi_memory(false);
    // Nobody unwinds through a hook with a native debugger, and the tables are a fifth of the artefact.
    config.native_unwind_info(false);
    config
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(FIBER_STACK_BYTES);
    // The snapshot is mapped, not copied; up to this size even when it has holes.
    config
        .memory_init_cow(true)
        .memory_guaranteed_dense_image_size(DENSE_IMAGE_BYTES);
    // The same in both purposes, or an artefact compiled in the one would not load in the other.
    config
        .memory_reservation(RESERVED_BYTES)
        .memory_guard_size(GUARD_BYTES)
        .memory_may_move(false);
    if let Purpose::Calls { max_instances } = purpose {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(max_instances)));
    }
    Engine::new(&config)
}

/// A hook component is four core instances (memory, engine, and wit-component's two shims), one memory, two tables.
fn pool(max_instances: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(max_instances)
        .total_core_instances(max_instances * 8)
        .total_memories(max_instances)
        .total_tables(max_instances * 4)
        .total_stacks(max_instances)
        .max_core_instances_per_component(8)
        .max_memories_per_component(1)
        .max_tables_per_component(4)
        .table_elements(20_000)
        .max_memory_size(Limits::CEILING.memory_bytes as usize)
        .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
        .table_keep_resident(KEEP_RESIDENT_SMALL_BYTES)
        .async_stack_keep_resident(KEEP_RESIDENT_SMALL_BYTES)
        // Fewer slots than active hooks would map a snapshot anew on most calls (twice the time with 60 hooks).
        .max_unused_warm_slots(max_instances)
        .pagemap_scan(pagemap_scan());
    pool
}

/// Wasmtime 48 can leave data of one instance in a slot for the next when pages were swapped out between the scan and
/// the reset (fixed in 50.0.1). Where there is swap the scan stays off; calls are then slower, never leaky.
fn pagemap_scan() -> Enabled {
    if host_swaps() { Enabled::No } else { Enabled::Auto }
}

/// Whether this host has swap, or cannot say.
fn host_swaps() -> bool {
    std::fs::read_to_string("/proc/swaps").map_or(true, |swaps| swaps.lines().count() > 1)
}

/// What an artefact depends on besides its source: the compiler's version and every setting above.
pub(crate) fn compatibility(engine: &Engine) -> [u8; 32] {
    use std::hash::{Hash, Hasher};
    struct Digest(sha2::Sha256);
    impl Hasher for Digest {
        fn write(&mut self, bytes: &[u8]) {
            sha2::Digest::update(&mut self.0, bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut digest = Digest(sha2::Sha256::default());
    engine.precompile_compatibility_hash().hash(&mut digest);
    sha2::Digest::finalize(digest.0).into()
}
