//! The SDK as hooks see it: implements the runtime's host traits, each bound to one scope when it is made.

mod cache;

pub(crate) use cache::ScopedCache;
