//! What the server answers, as types. Each serialises to the JSON that a client sees and derives the JSON Schema that
//! `docs/openapi.json` shows, so the document cannot say anything else than the code. Knows no other crate of the product.
//!
//! Members of the admin API are written in camelCase, those of the auth API in snake_case. An `Option` is a member that is
//! always there and may be `null`; a member that may be missing says so with `skip_serializing_if`, and why.

mod common;
mod secret;

pub use common::{Deleted, Object, Timestamp};
pub use secret::{Secret, SecretList};

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

/// A document that the server answers.
pub trait Document: Serialize + DeserializeOwned + JsonSchema {}

impl<T: Serialize + DeserializeOwned + JsonSchema> Document for T {}
