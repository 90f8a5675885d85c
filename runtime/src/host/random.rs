//! `wit/random.wit`: a generator that is seeded by the operating system for each call.

use rand_chacha::rand_core::Rng as _;

use crate::{bindings::aerocall::hooks::random as wire, state::CallState};

/// The most bytes in one call, as Web Crypto has it.
const BYTES: u32 = 65_536;

impl wire::Host for CallState {
    fn seed(&mut self) -> wasmtime::Result<u64> {
        Ok(self.random.next_u64())
    }

    fn bytes(&mut self, len: u32) -> wasmtime::Result<Vec<u8>> {
        if len > BYTES {
            return Err(wasmtime::Error::msg(format!(
                "{len} random bytes requested, the limit is {BYTES}"
            )));
        }
        let mut bytes = vec![0; len as usize];
        self.random.fill_bytes(&mut bytes);
        Ok(bytes)
    }
}
