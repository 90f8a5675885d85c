//! Passwords: hashing them, checking them, and the ones nobody may choose. Knows no users and no database.

mod common;
mod hasher;
mod pool;

pub(crate) use common::is_common;
pub(crate) use hasher::Match;
pub(crate) use pool::Passwords;
