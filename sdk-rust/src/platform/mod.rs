//! What the SDK calls: the host of a component, or the host of a test. Both have the same functions, called directly, so that
//! a component imports only what its code can reach.

#[cfg(target_arch = "wasm32")]
mod component;
#[cfg(not(target_arch = "wasm32"))]
mod double;

#[cfg(target_arch = "wasm32")]
pub(crate) use component::*;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use double::*;
