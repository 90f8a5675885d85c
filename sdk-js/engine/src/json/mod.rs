//! JSON across the boundary: the payload in, the patch out. What `JSON.parse` and `JSON.stringify` of QuickJS answer,
//! in a fraction of the time: property names that repeat are looked up once, and text goes straight to its buffer.
//!
//! Both do the plain case here and hand everything else (a syntax error, a `Date`, a proxy, a deep nest) to QuickJS, so
//! that its answers and its errors stay the only ones. What differs: text that leaves the hook is UTF-8, so a lone surrogate
//! in it is U+FFFD, and what JSON cannot carry is refused with its place.

mod depth;
mod parse;
mod stringify;

pub(crate) use depth::check as check_depth;
pub(crate) use parse::parse;
pub(crate) use stringify::{Unwritten, stringify};

/// Levels that are handled here. Each costs stack of the guest; deeper values are QuickJS's, which checks its stack.
const DEPTH: usize = 200;
