//! Everything that is recorded of one request.

mod get;

pub(crate) use get::GetRequest;
