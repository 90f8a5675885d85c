//! Access tokens: JWTs (RFC 7519) signed with Ed25519 (RFC 8037), one set of keys per project and environment.
//!
//! The compact form is written here, in `jws`, over `ed25519-dalek`: the general JWT crates bring RSA and the NIST
//! curves along with their advisories, and most JWT holes come from the choice of algorithms we do not offer.

mod claims;
mod installation;
mod jws;
mod keyring;

pub(crate) use claims::{Claims, merged_claims};
pub(crate) use installation::{look as look_at_master_key, master_key};
pub(crate) use keyring::{Keyring, Rotation, Subject};
