//! `wit/random.wit`: a generator that is seeded by the operating system for each call. WASI's randomness is the same.

use rand_chacha::rand_core::Rng as _;

use crate::{bindings::aerocall::hooks::random as wire, state::CallState};

/// The most bytes in one call, as Web Crypto has it.
const BYTES: u64 = 65_536;

impl CallState {
    /// The next bytes of the call's generator.
    pub(crate) fn random_bytes(&mut self, len: u64) -> wasmtime::Result<Vec<u8>> {
        if len > BYTES {
            return Err(wasmtime::Error::msg(format!(
                "{len} random bytes requested, the limit is {BYTES}"
            )));
        }
        let mut bytes = vec![0; len as usize];
        self.random.fill_bytes(&mut bytes);
        Ok(bytes)
    }

    /// The next 64 bits of it.
    pub(crate) fn random_number(&mut self) -> u64 {
        self.random.next_u64()
    }
}

impl wire::Host for CallState {
    async fn seed(&mut self) -> wasmtime::Result<u64> {
        self.take_turn(0).await?;
        Ok(self.random_number())
    }

    async fn bytes(&mut self, len: u32) -> wasmtime::Result<Vec<u8>> {
        self.take_turn(u64::from(len)).await?;
        self.random_bytes(u64::from(len))
    }
}
