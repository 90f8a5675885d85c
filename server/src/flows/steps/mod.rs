//! What the flows share.
//!
//! - `endpoint`: the trait of a request, and its description
//! - `entry`: what every sign-in ends with; `session`: the one way to a session; `one_time`: links and codes
//! - `mailbox`: who has shown that a mailbox is theirs; `letters`: the server's own mails; `reach`: what sending one keeps;
//!   `verification`: the mail that confirms an address; `even`: answers that tell nothing by when they come; `lockout`: the
//!   line about who guessed too often
//! - `commit`: what hooks staged, kept with the flow's own rows

pub(crate) mod accounts;
pub(crate) mod breaches;
pub(crate) mod commit;
pub(crate) mod endpoint;
pub(crate) mod entry;
pub(crate) mod even;
pub(crate) mod examples;
pub(crate) mod letters;
pub(crate) mod lockout;
pub(crate) mod mailbox;
pub(crate) mod one_time;
pub(crate) mod owner;
pub(crate) mod reach;
pub(crate) mod session;
pub(crate) mod verification;
