//! What is sent, what comes back, and what a sender adds to the rules for all.

use std::time::Duration;

use url::Url;
use zeroize::Zeroizing;

use super::EgressError;

/// A request to another host.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// `GET`, …
    pub(crate) method: String,
    /// Absolute.
    pub(crate) url: String,
    /// In order.
    pub(crate) headers: Vec<(String, String)>,
    /// Raw bytes.
    pub(crate) body: Option<Vec<u8>>,
    /// Less than the most that the settings allow.
    pub(crate) timeout: Option<Duration>,
    /// What a redirect is.
    pub(crate) following: Following,
}

/// What happens when the answer is a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Following {
    /// Goes there, if it is as allowed as the first address.
    Follow,
    /// Is an error.
    Error,
    /// Is the answer.
    Manual,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In order, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// Decoded.
    pub(crate) body: Vec<u8>,
    /// The URL that answered.
    pub(crate) url: String,
}

/// Headers and body as they leave for one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outgoing {
    /// In order. Values may hold secrets.
    pub(crate) headers: Vec<(String, Zeroizing<String>)>,
    /// Raw bytes.
    pub(crate) body: Option<Vec<u8>>,
}

/// What one sender may do. Asked for every URL on the way, redirects included.
pub(crate) trait Rules: Send + Sync {
    /// Whether the sender may ask this URL.
    fn admit(&self, url: &Url) -> Result<(), EgressError>;

    /// What really leaves for this URL: secrets are put in here, for the hosts that may have them.
    fn fill(&self, url: &Url, outgoing: Outgoing) -> Result<Outgoing, EgressError>;

    /// The most bytes of one answer's body, after decompression.
    fn most_bytes(&self) -> u64;

    /// Bytes of an answer that have arrived; an error ends the request.
    fn received(&self, bytes: usize) -> Result<(), EgressError>;

    /// What an answer with more bytes than that is.
    fn overflow(&self) -> Overflow {
        Overflow::Refuse
    }

    /// The time for one whole request, where it is not the one of the settings for hooks.
    fn timeout(&self) -> Option<Duration> {
        None
    }
}

/// What an answer is that has more bytes than its sender takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overflow {
    /// An error.
    Refuse,
    /// An answer all the same, of which the beginning is read and no more.
    Cut,
}
