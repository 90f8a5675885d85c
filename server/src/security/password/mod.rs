//! Passwords: hashing them, checking them. Knows no users and no database.

mod hasher;
mod pool;

pub(crate) use hasher::Match;
pub(crate) use pool::Passwords;
