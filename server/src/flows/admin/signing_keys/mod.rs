//! Signing keys of an environment.

mod list;
mod rotate;

pub(crate) use list::ListSigningKeys;
pub(crate) use rotate::RotateSigningKeys;
