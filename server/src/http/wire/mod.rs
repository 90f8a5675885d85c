//! What every handler needs of HTTP.
//!
//! - `served`: an endpoint with its route
//! - `envelope`: request ids and headers of every answer; `answer`: results to answers, errors in their envelope
//! - `client`: who sent it; `sent`, `body`, `path`: what was sent
//! - `limits`: whether it may be asked now, and the headers that say so; `trace`: the trace it belongs to

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod envelope;
pub(crate) mod limits;
pub(crate) mod path;
pub(crate) mod sent;
pub(crate) mod served;
pub(crate) mod trace;
