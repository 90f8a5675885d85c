//! The JavaScript engine inside every JS and TS hook. Knows QuickJS and the WIT contract; knows no wasmtime, no server.
//!
//! Two lives. **Build**: the compiler instantiates this module, hands the bundled JavaScript to [`prepare`], and takes a
//! snapshot of memory with the module evaluated. **Call**: a fresh copy of that snapshot answers one [`invoke`] and is
//! thrown away, so nothing is freed and nothing is remembered.

#[cfg(feature = "quickjs")]
mod allocator;
mod binding;
mod bytecode;
mod contract;
mod event_loop;
mod exception;
mod invoke;
mod json;
mod machine;
mod native;
mod payload;
mod positions;
mod prelude;
mod prepare;
mod reply;
mod text;
mod time;
#[cfg(feature = "javy")]
mod wasi;
