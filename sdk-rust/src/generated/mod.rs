//! What is made of the contract: payloads, hook points, events and the words that fields have. A test compares it with the
//! contract and writes it anew.

#[rustfmt::skip]
pub mod events;
#[rustfmt::skip]
pub mod payloads;
#[rustfmt::skip]
pub(crate) mod points;
#[rustfmt::skip]
pub mod words;
