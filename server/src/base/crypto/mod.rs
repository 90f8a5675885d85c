//! Random keys, their fingerprints, and the master key that seals what the database keeps.

mod master_key;
pub(crate) mod secret;

pub(crate) use master_key::MasterKey;
