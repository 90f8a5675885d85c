//! WASI 0.2 for components that import it: what a standard library needs, over what a call has anyway. Knows no bundle.
//!
//! Clocks and randomness are those of the call, recorded as for everyone; what is printed is lines of the log. There are no
//! files, sockets, variables or arguments: the interfaces for them link, since standard libraries import them unasked, and
//! answer that there is nothing. Nothing here could be given to a hook by a setting.

mod cli;
mod clocks;
mod interfaces;
mod output;
mod random;
mod turns;

use wasmtime::component::{HasData, HasSelf, Linker, ResourceTable};
use wasmtime_wasi::{
    filesystem::{WasiFilesystem, WasiFilesystemCtx, WasiFilesystemCtxView},
    p2::bindings::{cli as terminal, clocks as clock, filesystem, io, random as generator},
};

use crate::state::CallState;

pub(crate) use cli::Exited;
pub(crate) use interfaces::{Wasi, wasi};

/// The part of a call's state that WASI has for itself. Empty until a component asks for something.
#[derive(Default)]
pub(crate) struct WasiState {
    /// Without a directory, so that nothing can be opened. No code adds one.
    files: WasiFilesystemCtx,
    timers: clocks::Timers,
}

/// Streams, errors and what waits for them are entries of the call's table, which is bounded.
struct Table;

impl HasData for Table {
    type Data<'a> = &'a mut ResourceTable;
}

/// Adds the interfaces of [`interfaces`] to a linker.
pub(crate) fn link(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    type Call = HasSelf<CallState>;
    io::error::add_to_linker::<_, Table>(linker, |state| &mut state.table)?;
    io::streams::add_to_linker::<_, Table>(linker, |state| &mut state.table)?;
    io::poll::add_to_linker::<_, Call>(linker, |state| state)?;
    clock::wall_clock::add_to_linker::<_, Call>(linker, |state| state)?;
    clock::monotonic_clock::add_to_linker::<_, Call>(linker, |state| state)?;
    generator::random::add_to_linker::<_, Call>(linker, |state| state)?;
    generator::insecure::add_to_linker::<_, Call>(linker, |state| state)?;
    generator::insecure_seed::add_to_linker::<_, Call>(linker, |state| state)?;
    filesystem::types::add_to_linker::<_, WasiFilesystem>(linker, files)?;
    filesystem::preopens::add_to_linker::<_, WasiFilesystem>(linker, files)?;
    terminal::environment::add_to_linker::<_, Call>(linker, |state| state)?;
    terminal::exit::add_to_linker::<_, Call>(linker, |state| state)?;
    terminal::stdin::add_to_linker::<_, Call>(linker, |state| state)?;
    terminal::stdout::add_to_linker::<_, Call>(linker, |state| state)?;
    terminal::stderr::add_to_linker::<_, Call>(linker, |state| state)?;
    terminal::terminal_input::add_to_linker::<_, Call>(linker, |state| state)?;
    terminal::terminal_output::add_to_linker::<_, Call>(linker, |state| state)?;
    terminal::terminal_stdin::add_to_linker::<_, Call>(linker, |state| state)?;
    terminal::terminal_stdout::add_to_linker::<_, Call>(linker, |state| state)?;
    terminal::terminal_stderr::add_to_linker::<_, Call>(linker, |state| state)?;
    turns::link(linker)
}

fn files(state: &mut CallState) -> WasiFilesystemCtxView<'_> {
    WasiFilesystemCtxView {
        ctx: &mut state.wasi.files,
        table: &mut state.table,
    }
}
