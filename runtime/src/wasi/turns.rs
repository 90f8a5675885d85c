//! Clocks and randomness once more, in the place of what the bindings link: these functions answer at once, and are linked so that
//! a guest which asks without end lets others run.

use wasmtime::component::Linker;

use crate::state::CallState;

/// Links one function that takes a turn before it does its work.
macro_rules! in_turns {
    ($linker:ident, $interface:literal, $name:literal, |$state:ident, $arguments:tt: $type:ty| $bytes:expr => $work:expr) => {
        $linker
            .instance(concat!("wasi:", $interface, "@0.2.12"))?
            .func_wrap_async($name, |mut store, $arguments: $type| {
                Box::new(async move {
                    let $state = store.data_mut();
                    $state.take_turn($bytes).await?;
                    Ok(($work,))
                })
            })?
    };
}

pub(super) fn link(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    use wasmtime_wasi::p2::bindings::{
        clocks::{monotonic_clock, wall_clock},
        random::{insecure, random},
    };
    linker.allow_shadowing(true);
    in_turns!(linker, "clocks/monotonic-clock", "now", |state, (): ()| 0 => monotonic_clock::Host::now(state)?);
    in_turns!(linker, "clocks/wall-clock", "now", |state, (): ()| 0 => wall_clock::Host::now(state)?);
    in_turns!(linker, "random/random", "get-random-bytes", |state, (len,): (u64,)| len => random::Host::get_random_bytes(state, len)?);
    in_turns!(linker, "random/random", "get-random-u64", |state, (): ()| 0 => random::Host::get_random_u64(state)?);
    in_turns!(linker, "random/insecure", "get-insecure-random-bytes", |state, (len,): (u64,)| len => insecure::Host::get_insecure_random_bytes(state, len)?);
    in_turns!(linker, "random/insecure", "get-insecure-random-u64", |state, (): ()| 0 => insecure::Host::get_insecure_random_u64(state)?);
    linker.allow_shadowing(false);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::interfaces::NEWEST;

    #[test]
    fn the_release_is_that_of_the_bindings() {
        assert_eq!(NEWEST, (0, 2, 12));
    }
}
