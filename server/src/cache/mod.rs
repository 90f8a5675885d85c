//! Caches behind `Aerocall.cache`. One file per back end; Redis comes beside `memory` with the step that brings it.

mod memory;

pub(crate) use memory::{Lifetime, MemoryCache, NotANumber};
