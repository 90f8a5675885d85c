//! What `aerocall dev` does while it runs: files are watched (`watch`), and what was saved is built and made live (`live`).

pub(crate) mod live;
pub(crate) mod watch;
