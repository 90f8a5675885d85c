//! An answer that is read as it arrives: with the limits of one that is read to its end, held piece by piece.

use reqwest::Response;
use tokio::time::Instant;

use super::{EgressError, Rules, body, redirect::named, send};

/// An answer of which the head is there.
pub(crate) struct Incoming<R> {
    pub(crate) status: u16,
    /// In order, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    response: Response,
    rules: R,
    /// Bytes that may still come, after decompression.
    left: u64,
    ends: Instant,
    /// What is said when it ends before everything is there.
    late: String,
}

impl<R: Rules> Incoming<R> {
    pub(super) fn new(response: Response, rules: R, ends: Instant, late: String) -> Result<Self, EgressError> {
        Ok(Self {
            status: response.status().as_u16(),
            headers: body::headers(&response)?,
            left: rules.most_bytes(),
            response,
            rules,
            ends,
            late,
        })
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The next bytes; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, EgressError> {
        let chunk = tokio::time::timeout_at(self.ends, self.response.chunk())
            .await
            .map_err(|_| EgressError::Timeout(self.late.clone()))?
            .map_err(|error| send::failure(self.response.url(), &error))?;
        let Some(chunk) = chunk else {
            return Ok(None);
        };
        let Some(left) = self.left.checked_sub(chunk.len() as u64) else {
            return Err(EgressError::TooLarge(format!(
                "the response of {} has more than {} bytes",
                named(self.response.url()),
                self.rules.most_bytes()
            )));
        };
        self.left = left;
        self.rules.received(chunk.len())?;
        Ok(Some(chunk.to_vec()))
    }
}
