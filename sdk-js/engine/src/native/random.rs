//! `Math.random` and the source behind `crypto`.
//!
//! QuickJS seeds its generator when a context is made, so after a snapshot every instance would repeat the same
//! numbers. Here the seed comes from the host, at the first use in each call.

use std::cell::Cell;

use crate::{
    binding::{Ctx, Exception, Function, Object, Result, TypedArray},
    contract::random,
    time,
};

/// Web Crypto's limit for one `getRandomValues`.
const BYTES_PER_CALL: u32 = 65_536;

/// xoshiro256** (Blackman and Vigna, public domain), and whether the host has seeded it in this call.
#[derive(Clone, Copy)]
struct Generator {
    state: [u64; 4],
    seeded: bool,
}

thread_local! {
    static GENERATOR: Cell<Generator> = const { Cell::new(Generator { state: [1, 2, 3, 4], seeded: false }) };
    static ASKED_AT_BUILD: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    let math: Object<'js> = ctx.globals().get("Math")?;
    let random = Function::new(ctx.clone(), random_f64)?.with_name("random")?;
    math.prop(
        "random",
        crate::binding::object::Property::from(random).writable().configurable(),
    )?;
    host.set("randomBytes", Function::new(ctx.clone(), random_bytes)?)
}

/// Whether the module asked for randomness while it was evaluated; the answers are frozen into the snapshot.
pub(crate) fn asked_at_build() -> bool {
    ASKED_AT_BUILD.get()
}

fn random_f64() -> f64 {
    let mut generator = GENERATOR.get();
    if !time::in_call() {
        ASKED_AT_BUILD.set(true);
    } else if !generator.seeded {
        generator = Generator {
            state: expand(random::seed()),
            seeded: true,
        };
    }
    let bits = next(&mut generator.state);
    GENERATOR.set(generator);
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

fn random_bytes<'js>(ctx: Ctx<'js>, count: u32) -> Result<TypedArray<'js, u8>> {
    if !time::in_call() {
        let message = "crypto random values cannot be made while the module is loaded: every call would share them";
        return Err(Exception::throw_type(&ctx, message));
    }
    if count > BYTES_PER_CALL {
        return Err(Exception::throw_range(
            &ctx,
            "at most 65536 random bytes can be asked for at once",
        ));
    }
    TypedArray::new(ctx, random::bytes(count))
}

/// SplitMix64 from one word to four, as the authors of xoshiro advise.
fn expand(mut seed: u64) -> [u64; 4] {
    std::array::from_fn(|_| {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}

fn next(state: &mut [u64; 4]) -> u64 {
    let result = state[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
    let shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = state[3].rotate_left(45);
    result
}
