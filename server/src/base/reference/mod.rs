//! What the server documents about itself: error codes, and the documents that are made from them and committed. Knows no HTTP
//! library and no endpoint.

pub(crate) use aerocall_contract::errors::{self, Area, by_name};

/// Compares a generated file, named from the repository on, with the committed one; writes it instead when it is asked to.
#[cfg(test)]
pub(crate) fn is_committed(name: &str, made: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    assert_eq!(aerocall_contract::committed(&path, made), Ok(()));
}
