//! Answers piece by piece: what happens, as it happens. Knows no HTTP.

use std::future::Future;

use serde::Serialize;

use crate::base::error::{Error, Result};

/// One thing that happened.
pub(crate) struct Piece {
    /// Where a client goes on after it.
    pub(crate) id: String,
    /// What it is.
    pub(crate) kind: String,
    /// JSON, without a line break.
    pub(crate) data: String,
}

impl Piece {
    pub(crate) fn new(id: &str, kind: &str, document: &impl Serialize) -> Result<Self> {
        let data = serde_json::to_string(document).map_err(|error| Error::unexpected("writing a stream", error))?;
        Ok(Self {
            id: id.to_owned(),
            kind: kind.to_owned(),
            data,
        })
    }
}

/// Where they come from.
pub(crate) trait Source: Send + 'static {
    /// What is new, which may be nothing that is wanted; `None` if nothing more comes. Nothing is lost if it is not waited for to
    /// the end.
    ///
    /// # Errors
    /// The store cannot be read.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<Piece>>>> + Send;
}
