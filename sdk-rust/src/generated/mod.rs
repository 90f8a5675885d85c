//! What is made of the contract: payloads, hook points, events and the words that fields have. A test compares it with the
//! contract and writes it anew.

pub mod events;
pub mod payloads;
pub(crate) mod points;
pub mod words;
