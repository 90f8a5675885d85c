//! What the server tells about itself: error codes, and the documents that are made from them and committed. Knows no HTTP
//! library and no endpoint.

pub(crate) mod errors;
mod pages;

pub(crate) use errors::Area;
pub(crate) use pages::by_name;

#[cfg(test)]
pub(crate) use pages::tests::is_committed;
