//! What every handler needs of HTTP.
//!
//! - `served`: an endpoint with its route
//! - `envelope`: request ids and headers of every answer; `answer`: results to answers, errors in their envelope
//! - `client`: who sent it; `forwarded`: the same behind proxies; `sent`, `body`, `path`: what was sent
//! - `cors`: pages of other origins; `session`: the cookie of the admin API, and which pages may use it
//! - `run`: the last steps of every request
//! - `limits`: whether it may be asked now, and the headers that say so; `trace`: its trace, and its line in the log

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod cors;
pub(crate) mod envelope;
mod forwarded;
pub(crate) mod limits;
pub(crate) mod path;
pub(crate) mod run;
pub(crate) mod sent;
pub(crate) mod served;
pub(crate) mod session;
pub(crate) mod trace;
